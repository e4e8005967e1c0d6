"""The real pcscd, private: its own readers, its own socket, its own network, stopped by its own id.

The daemon always creates its socket in /run/pcscd: a mount namespace of its own puts a private folder there. The vpcd
driver listens on every address: as root, a network namespace of its own keeps everyone else out. Without root the
driver listens on free ports of the machine for the time of a test; it only ever meets fictional cards.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
from pathlib import Path

from helpers.cards_vpcd import VirtualSlot, until

PCSCD = Path("/usr/sbin/pcscd")
DRIVERS = (
    Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so"),
    *(Path(f"/usr/lib/{cpu}-linux-gnu/pcsc/drivers/serial/libifdvpcd.so") for cpu in ("x86_64", "aarch64")),
)
MODULES = (
    *(Path(f"/usr/lib/{cpu}-linux-gnu/opensc-pkcs11.so") for cpu in ("x86_64", "aarch64")),
    Path("/usr/lib64/opensc-pkcs11.so"),
)
_CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 0x1


def missing() -> str:
    """What the integration tests lack on this machine, in plain words; empty when nothing."""
    lacks = []
    if not PCSCD.exists():
        lacks.append("pcscd")
    if not any(driver.exists() for driver in DRIVERS):
        lacks.append("the vpcd driver (vsmartcard-vpcd)")
    if not any(module.exists() for module in MODULES):
        lacks.append("opensc-pkcs11")
    if not lacks and subprocess.run([*_unshare(), "true"], capture_output=True, check=False).returncode != 0:
        lacks.append("the right to make a mount namespace (root, or unprivileged user namespaces)")
    return ", ".join(lacks)


def module() -> Path:
    """OpenSC's PKCS#11 module."""
    return next(module for module in MODULES if module.exists())


def _is_root() -> bool:
    return os.geteuid() == 0


def _unshare() -> list[str]:
    tool = shutil.which("unshare") or "unshare"
    return [tool, "--mount", "--net"] if _is_root() else [tool, "--map-root-user", "--mount"]


class PrivatePcscd:
    """One daemon with one virtual reader of two slots, which may be stopped, killed and started again.

    :ivar readers: names of the two slots, as PC/SC tells them; ``slots``: hands on them.
    """

    def __init__(self, folder: Path, name: str = "Lecteur virtuel") -> None:
        self.folder = folder
        self.readers = (f"{name} 00 00", f"{name} 00 01")
        self.slots = (VirtualSlot(lambda: self._connect(0)), VirtualSlot(lambda: self._connect(1)))
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._run = folder / "run"
        self._run.mkdir(parents=True)
        self._conf = folder / "reader.conf.d"
        self._conf.mkdir()
        driver = next(driver for driver in DRIVERS if driver.exists())
        (self._conf / "vpcd").write_text(
            f'FRIENDLYNAME "{name}"\nDEVICENAME /dev/null:0x{self._port:X}\n'
            f"LIBPATH {driver}\nCHANNELID 0x{self._port:X}\n"
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

    def _connect(self, slot: int) -> socket.socket:
        """Connect to the driver where it listens; called in a thread of the card's own, which moves there."""
        if _is_root() and self._process is not None:
            _enter_network_of(self._process.pid)
        return socket.create_connection(("127.0.0.1", self._port + slot), timeout=5)


def _enter_network_of(process: int) -> None:
    """Move this thread into the network of a process, and bring its loopback up."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path(f"/proc/{process}/ns/net").open() as namespace:
        if libc.setns(namespace.fileno(), _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def _free_port() -> int:
    """A port nobody listens on, with the next one (vpcd's second slot) free too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def _help() -> bytes:
    return subprocess.run([str(PCSCD), "--help"], capture_output=True, check=False).stdout
