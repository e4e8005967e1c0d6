"""The sandbox starts, stops, remembers, and is one folder."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from helpers.clocks import START, HandClock
from helpers.sandbox_wire import Speaker, post
from lxml import etree

from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.identifiers import CardNature, Secret
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.cards.readers import LEFT, RIGHT
from dmp_desktop.sandbox.certificates import read_card_certificate
from dmp_desktop.sandbox.pki import KeyUse, SandboxPki
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.sandbox.server import SandboxUnavailable
from dmp_desktop.sandbox.store import SandboxStoreUnreadable, Store


def test_dossiers_survive_a_restart(tmp_path: Path, sandbox_pki_folder: Path) -> None:
    """What was opened before a stop is there after it, in the same process or another, on the same port."""
    first = Sandbox(tmp_path / "box", HandClock(), pki_folder=sandbox_pki_folder)
    first.start()
    address = first.base_url
    Speaker(first).create("odile")
    first.stop()
    first.start()
    assert first.base_url == address
    assert Speaker(first).create("odile").one("//h:acknowledgementDetail/h:code/@code") == "DMPFound"
    first.stop()
    second = Sandbox(tmp_path / "box", HandClock(), pki_folder=sandbox_pki_folder)
    second.start()
    try:
        dossier = second.store.dossier(people.person("odile").ins)
        assert dossier is not None
        assert dossier.state is DossierState.ACTIVE
        assert [a.outcome for a in second.store.accesses(dossier.ins)] == ["OK", "DMPFound"]
    finally:
        second.stop()


def test_dossier_survives_a_kill(tmp_path: Path) -> None:
    """A store killed right after it answered has kept what it answered."""
    path = tmp_path / "store.db"
    program = (
        "import os, signal, sys, pathlib, datetime\n"
        "from dmp_desktop.domain.dossier import DossierState\n"
        "from dmp_desktop.sandbox import people\n"
        "from dmp_desktop.sandbox.store import Dossier, Store\n"
        "store = Store(pathlib.Path(sys.argv[1]), people.PEOPLE, datetime.datetime.now(datetime.UTC))\n"
        "store.create(Dossier(people.person('odile').ins, DossierState.ACTIVE, 'now', 'me'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    store = Store(path, people.PEOPLE, START)
    assert store.dossier(people.person("odile").ins) is not None
    store.close()


def test_stop_leaves_nothing(tmp_path: Path, sandbox_pki_folder: Path) -> None:
    """Starting and stopping leaves no thread and frees the port; stopping twice is harmless."""
    before = set(threading.enumerate())
    box = Sandbox(tmp_path / "box", pki_folder=sandbox_pki_folder)
    box.stop()
    box.start()
    port = int(box.base_url.split(":")[2].split("/")[0])
    box.stop()
    box.stop()
    assert set(threading.enumerate()) == before
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    with pytest.raises(RuntimeError):
        _ = box.store


def test_port_taken(tmp_path: Path, sandbox_pki_folder: Path, sandbox: Sandbox) -> None:
    """A port somebody listens on is a typed error, and the store is closed again."""
    port = int(sandbox.base_url.split(":")[2].split("/")[0])
    box = Sandbox(tmp_path / "other", port=port, pki_folder=sandbox_pki_folder)
    with pytest.raises(SandboxUnavailable) as caught:
        box.start()
    assert caught.value.facts == {"port": port}


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b""])
def test_foreign_store(tmp_path: Path, content: bytes) -> None:
    """A file that is no store of ours is refused and left as it is; an empty one becomes a store."""
    path = tmp_path / "store.db"
    path.write_bytes(content)
    if not content:
        Store(path, people.PEOPLE, START).close()
        return
    with pytest.raises(SandboxStoreUnreadable):
        Store(path, people.PEOPLE, START)
    assert path.read_bytes() == content


def test_newer_store(tmp_path: Path) -> None:
    """A store of another version is refused."""
    import sqlite3

    path = tmp_path / "store.db"
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 7")
    other.close()
    with pytest.raises(SandboxStoreUnreadable):
        Store(path, people.PEOPLE, START)


def test_alone(tmp_path: Path, sandbox_pki_folder: Path) -> None:
    """Alone in a training room, it says where it listens and what to trust, and stops when told."""
    command = [sys.executable, "-m", "dmp_desktop.sandbox", "--port", "0", "--folder", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
    assert process.stdout is not None
    told = "".join(process.stdout.readline() for _ in range(5))
    address = re.search(r"https://127\.0\.0\.1:(\d+)/si-dmp-server/v2/services", told)
    assert address is not None
    assert str(tmp_path / "pki" / "authority.pem") in told
    with socket.create_connection(("127.0.0.1", int(address[1])), 10):
        pass
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")


def test_keys_are_for_their_owner(tmp_path: Path) -> None:
    """Keys are closed to other users, made once, and everything says that it is for test."""
    pki = SandboxPki(tmp_path / "pki")
    doctor = people.profile("brindille").professional
    issued = pki.issue(doctor, KeyUse.SIGNATURE)
    again = SandboxPki(tmp_path / "pki").issue(doctor, KeyUse.SIGNATURE)
    assert again == issued
    assert again.der() == issued.der()
    if os.name == "posix":
        assert (issued.key.stat().st_mode & 0o777, issued.key.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert b"BAC A SABLE" in issued.der()
    assert pki.authority != pki.cards_authority


@pytest.mark.parametrize("key", [p.key for p in people.PROFESSIONALS])
def test_certificates_tell_the_holder(sandbox_pki_folder: Path, key: str) -> None:
    """Each card's two certificates name the same holder, and each key has its one use."""
    holder = people.profile(key).professional
    pki = SandboxPki(sandbox_pki_folder)
    signature = read_card_certificate(pki.issue(holder, KeyUse.SIGNATURE).der())
    authentication = read_card_certificate(pki.issue(holder, KeyUse.AUTHENTICATION).der())
    assert signature.identifier == authentication.identifier == holder.id.value
    assert (signature.profession, signature.speciality) == (holder.profession, holder.speciality)
    assert (signature.signs, signature.authenticates) == (True, False)
    assert (authentication.signs, authentication.authenticates) == (False, True)
    assert signature.for_test
    assert signature.desk_staff == holder.is_desk_staff


def test_cast() -> None:
    """The cast holds every situation the desk may meet, and nobody real: test domain, invented departments."""
    states = {p.state for p in people.PEOPLE}
    assert states == set(DossierState)
    assert {p.insi.value for p in people.PEOPLE} == {"found", "none", "several"}
    assert any(p.former for p in people.PEOPLE)
    assert any(p.deceased for p in people.PEOPLE)
    numbers = [p.ins.value for p in people.PEOPLE]
    assert len(set(numbers)) == len(numbers)
    assert all(p.ins.oid == people.INS_OID for p in people.PEOPLE)
    assert {number[5:7] for number in numbers} == {"99", "2A"}
    assert len({p.key for p in people.PEOPLE}) == len(people.PEOPLE)
    for person in people.PEOPLE:
        assert person.ins.value[1:5] == person.traits.birth_date.raw[2:6]
        assert person.ins.value not in repr(person)
        assert person.traits.birth_name not in repr(person)


def test_cards_go_into_the_readers(tmp_path: Path, sandbox_pki_folder: Path) -> None:
    """Every card of the cast can be inserted; a professional card opens with its code and signs."""
    box = Sandbox(tmp_path / "box", pki_folder=sandbox_pki_folder)
    for card in people.VITALE_CARDS:
        box.insert(RIGHT, card.key)
        assert box.readers.inserted(RIGHT) is box.card(card.key)
    box.insert(LEFT, "papier")
    opened = box.readers.professional_card(LEFT)
    opened.login(Secret(people.PIN))
    assert opened.holder().nature is CardNature.TEST
    assert opened.situations() == people.profile("papier").situations
    assert opened.signature().sign_sha256(b"x")
    with pytest.raises(KeyError):
        box.card("personne")


def test_every_answer_is_dated(sandbox: Sandbox, sandbox_clock: HandClock) -> None:
    """Whatever is asked, the store tells its time: a client compares its clock with it."""
    received = post(sandbox, f"{sandbox.base_url}/nowhere", b"")
    assert received.status == 404
    assert parsedate_to_datetime(received.headers["date"]) == sandbox_clock.now()


def test_answers_are_ours_alone(sandbox: Sandbox, doctor: Speaker) -> None:
    """The server says nothing of the libraries behind it, and knows no other path."""
    answer = doctor.existence("ernest")
    assert "server" not in answer.headers
    assert etree.QName(answer.xml).localname == "Envelope"
