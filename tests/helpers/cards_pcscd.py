"""The real pcscd, private: its own readers, its own socket, stopped by its own id.

The daemon always creates its socket in /run/pcscd: a mount namespace of its own puts a private folder there. The vpcd
driver listens on every address, so the daemon also lives in the network of the tests' process: ports are free ones.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from helpers.cards_vpcd import until

PCSCD = Path("/usr/sbin/pcscd")
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
MODULES = (
    Path("/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so"),
    Path("/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so"),
    Path("/usr/lib64/opensc-pkcs11.so"),
)


def missing() -> str:
    """What the integration tests lack on this machine, in plain words; empty when nothing."""
    lacks = []
    if not PCSCD.exists():
        lacks.append("pcscd")
    if not DRIVER.exists():
        lacks.append("the vpcd driver (vsmartcard-vpcd)")
    if not any(module.exists() for module in MODULES):
        lacks.append("opensc-pkcs11")
    if not lacks and not _namespaces():
        lacks.append("the right to make a mount namespace (root, or unprivileged user namespaces)")
    return ", ".join(lacks)


def _namespaces() -> bool:
    return subprocess.run([*_unshare(), "true"], capture_output=True, check=False).returncode == 0


def _unshare() -> list[str]:
    tool = shutil.which("unshare") or "unshare"
    return [tool, "--mount"] if os.geteuid() == 0 else [tool, "--map-root-user", "--mount"]


def free_port() -> int:
    """A port nobody listens on, with the next one (vpcd's second slot) free too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            if port > 60000:
                continue
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


class PrivatePcscd:
    """One daemon with one virtual reader of two slots, which may be stopped, killed and started again.

    :ivar readers: names of the two slots, as PC/SC tells them.
    """

    def __init__(self, folder: Path, name: str = "Lecteur virtuel") -> None:
        self.folder = folder
        self.port = free_port()
        self.readers = (f"{name} 00 00", f"{name} 00 01")
        self._process: subprocess.Popen[bytes] | None = None
        self._run = folder / "run"
        self._run.mkdir(parents=True)
        self._conf = folder / "reader.conf.d"
        self._conf.mkdir()
        (self._conf / "vpcd").write_text(
            f'FRIENDLYNAME "{name}"\nDEVICENAME /dev/null:0x{self.port:X}\n'
            f"LIBPATH {DRIVER}\nCHANNELID 0x{self.port:X}\n"
        )
        self._empty = folder / "empty.conf.d"
        self._empty.mkdir()

    @property
    def socket(self) -> Path:
        """What PCSCLITE_CSOCK_NAME must name."""
        return self._run / "pcscd.comm"

    def start(self, *, readers: bool = True) -> None:
        """Start and wait until the socket answers. Without readers, as if they were unplugged."""
        conf = self._conf if readers else self._empty
        options = ["--disable-polkit"] if b"--disable-polkit" in _help() else []
        script = 'mkdir -p /run/pcscd && mount --bind "$1" /run/pcscd && shift && exec "$@"'
        command = [str(PCSCD), "--foreground", "-c", str(conf), *options]
        with (self.folder / "pcscd.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_unshare(), "sh", "-c", script, "sh", str(self._run), *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until(self._answers)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop or kill, by id; the socket file of a killed daemon is left behind, as in life."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(10)

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError(f"pcscd did not start:\n{(self.folder / 'pcscd.log').read_text(errors='replace')}")
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0


def _help() -> bytes:
    return subprocess.run([str(PCSCD), "--help"], capture_output=True, check=False).stdout
