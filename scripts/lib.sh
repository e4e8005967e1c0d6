# shellcheck shell=bash
# Shared by the scripts beside it: finds the project, speaks before acting, sets up once.
# Kept to what the bash of macOS (3.2) understands.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
VENV="$ROOT/.venv"
VENV_PYTHON="$VENV/bin/python"

# Alternatives (a|b) are names of one library across releases: t64 since Debian 13 and Ubuntu 24.04.
PACKAGES_TO_RUN="libgl1 libegl1 libglib2.0-0t64|libglib2.0-0 libxkbcommon0 libfontconfig1 libdbus-1-3
  libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 cups-client libcups2t64|libcups2
  libpcsclite1 pcscd libccid tzdata"
# pyscard is published as source for Linux.
PACKAGES_TO_BUILD="gcc libc6-dev libpcsclite-dev"
# A virtual reader, a PKCS#11 module, and outside judges of signatures and papers.
PACKAGES_TO_TEST="vsmartcard-vpcd opensc opensc-pkcs11 xmlsec1 poppler-utils"

say() { printf '» %s\n' "$*"; }

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# help_of FILE: its header comment is its help.
help_of() { sed -n '2,/^[^#]/{ /^#/!q; s/^# \{0,1\}//; p; }' "$1"; }

# wants_help "$@": is --help the first argument?
wants_help() { [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; }

# Release candidates are refused: Ubuntu 22.04 offers one as python3.11, and markers of versions fail on it.
good_python() {
  "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14) or sys.version_info[3] != "final")' \
    2>/dev/null
}

no_python() {
  die "Python 3.11, 3.12 or 3.13 is needed, and ${PYTHON:-the python3 of this system} is not one." \
    "Name another: PYTHON=/path/to/python scripts/setup"
}

# Prints the path of an interpreter from 3.11 to 3.13 ($PYTHON if given); fails if there is none.
find_python() {
  local name
  for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if good_python "$name"; then
      command -v "$name"
      return
    fi
  done
  return 1
}

fingerprint() {
  local sum=sha256sum
  command -v sha256sum >/dev/null || sum='shasum -a 256'
  # This file counts too: a package added above is a reason to set up again; settings of ruff or pytest are none.
  {
    cat "$ROOT/$1" "$ROOT/scripts/lib.sh" "$VENV/pyvenv.cfg"
    sed '/^\[tool\.ruff\]/,$d' "$ROOT/pyproject.toml"
    printf '%s' "$ROOT"
  } | $sum
}

lock_of() { if [ "$1" = test ]; then echo requirements-dev.lock; else echo requirements.lock; fi; }

# is_ready run|test: was exactly this set up here before, and does it still start?
is_ready() {
  local stamp="$VENV/.setup-$1"
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint "$(lock_of "$1")")" ] && "$VENV_PYTHON" -c '' 2>/dev/null
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# missing_packages NAME…: prints those of which no alternative is installed.
missing_packages() {
  local choice name
  for choice in "$@"; do
    for name in ${choice//|/ }; do
      if installed "$name"; then continue 2; fi
    done
    printf '%s\n' "$choice"
  done
}

# apt_install NAME…: says what and how, then does it.
apt_install() {
  local sudo='' choice name found names=''
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "These system packages are missing, and there is no sudo. As root: apt-get install $*"
    sudo=sudo
  fi
  say "System packages missing: $*"
  say "apt-get update and install (as root): nothing else of the system is touched"
  $sudo apt-get update -q
  for choice in "$@"; do
    found=
    for name in ${choice//|/ }; do
      if apt-cache show "$name" >/dev/null 2>&1; then found=$name && break; fi
    done
    [ -n "$found" ] || die "No package named $choice in this system's apt sources."
    names="$names $found"
  done
  # shellcheck disable=SC2086 # a list of words
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $names
}

# system_packages run|test: what the system lacks, by apt where there is apt.
system_packages() {
  local wanted="$PACKAGES_TO_RUN $PACKAGES_TO_BUILD" missing python version
  [ "$1" = run ] || wanted="$wanted $PACKAGES_TO_TEST"
  if ! command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086 # one line of words
    [ "$(uname)" = Darwin ] || say "No apt here. The program needs the equivalents of:" $wanted
    return
  fi
  if ! python=$(find_python); then
    ! command -v "${PYTHON:-python3}" >/dev/null || no_python
    apt_install python3
    python=$(find_python) || no_python
  fi
  if [ "$(dirname "$(readlink -f "$python")")" = /usr/bin ]; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    wanted="python$version-venv python$version-dev $wanted"
  fi
  # shellcheck disable=SC2086 # a list of words
  missing=$(missing_packages $wanted)
  # shellcheck disable=SC2086
  [ -z "$missing" ] || apt_install $missing
}

# Does .venv hold an acceptable interpreter, and was it made here? Its commands name their place and die when moved.
good_venv() {
  good_python "$VENV_PYTHON" && case $(grep '^command = ' "$VENV/pyvenv.cfg") in *" $VENV") ;; *) false ;; esac
}

# ensure run|test: everything the program (or its tests) needs, once; nothing to do returns at once.
ensure() {
  local lock python
  if is_ready "$1"; then return; fi
  lock=$(lock_of "$1")
  system_packages "$1"
  python=$(find_python) || no_python
  if ! good_venv; then
    say "Virtual environment .venv with $python"
    "$python" -m venv --clear "$VENV"
  fi
  rm -f "$VENV/.setup-run" "$VENV/.setup-test"
  say "Libraries of $lock, checked by hash, into .venv"
  "$VENV_PYTHON" -m pip install --disable-pip-version-check -q --require-hashes -r "$ROOT/$lock"
  "$VENV_PYTHON" -m pip install --disable-pip-version-check -q --no-deps -e "$ROOT"
  fingerprint requirements.lock >"$VENV/.setup-run"
  [ "$1" = run ] || fingerprint requirements-dev.lock >"$VENV/.setup-test"
}
