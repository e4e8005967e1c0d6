"""A backup put back: from the sign-in of a new or a broken post, or from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from helpers.keys_desk import WORDS, KeysDesk
from helpers.window import words_of
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dmp_desktop.__main__ import main
from dmp_desktop.cache.clinical import FILE as CLINICAL
from dmp_desktop.cache.errors import ProfileInUse
from dmp_desktop.cache.instance import Instance
from dmp_desktop.cache.journal import Act
from dmp_desktop.cache.store import FILE
from dmp_desktop.services.backup import RESTORED, Backup
from dmp_desktop.services.profile import Access
from dmp_desktop.ui.lock import LockScreen
from dmp_desktop.ui.rescue_presenter import Rescue
from dmp_desktop.ui.theme.appearance import Appearance

KEY, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def desk(tmp_path: Path, sandbox_pki_folder: Path) -> Iterator[KeysDesk]:
    """A post without a keyring, where Dr Brindille's card is let in."""
    made = KeysDesk(tmp_path, sandbox_pki_folder, keyring=False)
    made.prepare()
    made.sign("brindille")
    yield made
    made.profile.close()


def backed_up(desk: KeysDesk, target: Path) -> Path:
    """A backup of the post, made while somebody works; its folder."""
    profile = desk.profile

    def held() -> dict[str, object]:
        assert profile.store is not None and profile.clinical is not None
        return {FILE: profile.store.database, CLINICAL: profile.clinical.database}

    return Backup(desk.folder, desk.clock, held).make(target).folder  # type: ignore[arg-type]  # two databases


def test_a_post_whose_vault_is_gone_is_restored_and_opens_as_before(desk: KeysDesk, tmp_path: Path) -> None:
    """Refused folders change nothing; the right one is put back, then asks for the passphrase; the journal tells it."""
    backup = backed_up(desk, tmp_path / "usb")
    desk.profile.close()
    (desk.folder / "vault").unlink()
    desk.start()
    rescue, session = desk.session.rescue, desk.session
    assert session.fault is not None and session.fault.code == "vault-missing"
    assert rescue.offered == (Rescue.BACKUP, Rescue.EMPTY_POST)
    rescue.choose(Rescue.BACKUP)
    rescue.restore()
    assert not desk.lanes.waiting, "no folder was chosen"
    desk.chosen = tmp_path
    rescue.restore()
    desk.lanes.all()
    assert (session.fault.code, rescue.chosen) == ("not-a-backup", Rescue.BACKUP)
    with pytest.raises(ProfileInUse):
        Instance.acquire(desk.folder)
    rescue.decline()
    desk.lanes.all()
    assert (session.fault.code, rescue.chosen) == ("vault-missing", None)
    rescue.choose(Rescue.BACKUP)
    desk.chosen = backup
    rescue.restore()
    desk.lanes.all()
    assert (session.access, session.fault, rescue.chosen) == (Access.PASSPHRASE, None, None)
    session.passphrase_entered(WORDS)
    desk.lanes.all()
    assert session.access is Access.OPEN
    assert desk.profile.store is not None
    assert desk.profile.store.journal.last(1)[0].act == Act.RESTORED
    assert not (desk.folder / RESTORED).exists()
    desk.sign("brindille")
    assert session.clinical_ready


def test_a_new_post_is_offered_its_backup_by_the_keyboard(
    tmp_path: Path, sandbox_pki_folder: Path, qtbot: QtBot, qapp: QApplication, desk: KeysDesk
) -> None:
    """Alt+B, what it does, Échap back to the first run; Alt+B, Entrée, and the post is the former one."""
    backup = backed_up(desk, tmp_path / "usb")
    new = KeysDesk(tmp_path / "new", sandbox_pki_folder, keyring=False)
    screen = LockScreen(
        Appearance(qapp, "light", 100),
        new.session,
        lambda: ("Cabinet des Trois-Tilleuls", "Accueil 1"),
        lambda: datetime(2026, 4, 14, 9, tzinfo=UTC),
    )
    qtbot.addWidget(screen)
    screen.resize(1200, 700)
    screen.show()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    assert new.session.access is Access.FIRST_RUN

    def press(key: Qt.Key, words: str) -> None:
        qtbot.keyClick(QApplication.focusWidget() or screen, key, ALT if key is KEY.Key_B else Qt.NoModifier)
        new.lanes.all()
        qtbot.waitUntil(lambda: words in words_of(screen))

    qtbot.waitUntil(lambda: "Restaurer une sauvegarde…" in words_of(screen))
    press(KEY.Key_B, "mis de côté, pas effacé")
    press(KEY.Key_Escape, "Préparer ce poste")
    new.chosen = backup
    press(KEY.Key_B, "mis de côté, pas effacé")
    press(KEY.Key_Return, "Elle ouvre les dossiers gardés sur cet ordinateur")
    new.session.passphrase_entered(WORDS)
    new.lanes.all()
    assert new.session.access is Access.OPEN
    new.profile.close()


def test_the_command_line_restores_a_post_that_is_not_running(
    desk: KeysDesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Done and told, or refused with a sentence and nothing changed."""
    backup = backed_up(desk, tmp_path / "usb")
    assert main(["restore", str(backup), "--profile", str(desk.folder.parent)]) == 1
    assert "déjà ouvert" in capsys.readouterr().err
    desk.profile.close()
    vault = (desk.folder / "vault").read_bytes()
    assert main(["restore", str(tmp_path), "--profile", str(desk.folder.parent)]) == 1
    assert "ne contient pas de sauvegarde" in capsys.readouterr().err
    assert (desk.folder / "vault").read_bytes() == vault
    (desk.folder / "vault").write_bytes(b"broken")
    assert main(["restore", str(backup), "--profile", str(desk.folder.parent)]) == 0
    assert "remise en place" in capsys.readouterr().out
    assert (desk.folder / "vault").read_bytes() == vault
    desk.start()
    assert desk.session.access is Access.PASSPHRASE
