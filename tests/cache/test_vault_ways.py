"""Who opens what: cards, invitations, the recovery page; and what each way in never opens."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.keys_cards import BRINDILLE, GABARIT, PAPIER, Plastic
from hypothesis import given
from hypothesis import strategies as st

from dmp_desktop.cache import codes
from dmp_desktop.cache.cardtags import challenge_of
from dmp_desktop.cache.codes import ALPHABET, MistypedCode, code_bytes, new_code
from dmp_desktop.cache.keys import Keys
from dmp_desktop.cache.slots import FLOOR_KIB, Argon2Cost, SlotKind
from dmp_desktop.cache.vault import FILE, Vault
from dmp_desktop.cache.vault_errors import (
    CardNotEnrolled,
    CardRenewed,
    InvitationExpired,
    NoSuchSlot,
    SlotDamaged,
    VaultEdited,
    WrongCode,
)
from dmp_desktop.cache.vaultfile import checksum
from dmp_desktop.cache.ways import drop_expired, invite, label, new_recovery, renew_clinical, ways
from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.errors import FlowError

CHEAP = Argon2Cost(FLOOR_KIB)
PHRASE = Secret("trois tilleuls à l’été")
PAGE = new_code()
CLOCK = HandClock()


@pytest.fixture
def made(tmp_path: Path) -> tuple[Vault, Keys]:
    """A vault with its passphrase and its recovery page."""
    return Vault.create(tmp_path, PHRASE, cost=CHEAP, recovery=PAGE)


def enrol(vault: Vault, keys: Keys, plastic: Plastic) -> None:
    """Let a card in."""
    words = label(vault, keys.desk, plastic.holder.display_name, CLOCK.now())
    vault.add_card(keys, plastic.proof(), plastic.holder, words)


def opened(vault: Vault, plastic: Plastic) -> Keys:
    """What a card opens."""
    return vault.unlock_with_card(plastic.prove(vault.challenges(plastic.holder)))


def test_a_clinical_card_opens_both_a_reception_card_the_desk(made: tuple[Vault, Keys], tmp_path: Path) -> None:
    """Each by its own slot; the passphrase opens the desk alone, the recovery page both."""
    vault, keys = made
    enrol(vault, keys, BRINDILLE)
    enrol(vault, keys, PAPIER)
    again = Vault.open(tmp_path)
    assert opened(again, BRINDILLE).clinical == keys.clinical is not None
    desk = opened(again, PAPIER)
    assert desk.desk == keys.desk and desk.clinical is None
    assert again.unlock_with_passphrase(PHRASE).clinical is None
    assert again.unlock_with_code(PAGE, CLOCK.now())[0].clinical == keys.clinical


def test_no_slot_of_the_desk_holds_the_clinical_key(made: tuple[Vault, Keys], tmp_path: Path) -> None:
    """In the file itself: the clinical key is wrapped for clinical cards, invitations and the page alone."""
    vault, keys = made
    enrol(vault, keys, PAPIER)
    enrol(vault, keys, GABARIT)
    assert keys.clinical is not None
    body = json.loads((tmp_path / FILE).read_bytes())
    wrapped = [(slot["kind"], keys.clinical.id in slot["sealed"]) for slot in body["slots"]]
    assert wrapped == [("passphrase", False), ("recovery", True), ("card", False), ("card", True)]


def test_the_file_names_nobody(made: tuple[Vault, Keys], tmp_path: Path) -> None:
    """Names are read by whoever has the desk's key; the file holds none, no number, and a tag that 256th share."""
    vault, keys = made
    enrol(vault, keys, BRINDILLE)
    text = (tmp_path / FILE).read_text("utf-8")
    holder = BRINDILLE.holder
    assert not any(word in text for word in (holder.family, holder.display_name, holder.id.value, holder.card_serial))
    assert [way.name for way in ways(vault, keys.desk_only) if way.kind is SlotKind.CARD] == ["Dr Aurore Brindille"]
    (slot,) = [slot for slot in vault.content.slots if slot.kind == SlotKind.CARD]
    assert len(slot.settings["person"]) == 2


def test_a_card_nobody_let_in_is_told_from_a_renewed_and_from_an_edited_one(made: tuple[Vault, Keys]) -> None:
    """Three different things to say, and three ways out."""
    vault, keys = made
    enrol(vault, keys, BRINDILLE)
    with pytest.raises(CardNotEnrolled):
        vault.challenges(GABARIT.holder)
    with pytest.raises(CardRenewed):
        opened(vault, BRINDILLE.renewed())
    (slot,) = [slot for slot in vault.content.slots if slot.kind == SlotKind.CARD]
    name, wrapped = next(iter(slot.sealed.items()))
    edited = replace(slot, sealed={**slot.sealed, name: wrapped[:-2] + ("00" if wrapped[-2:] != "00" else "01")})
    vault.write(keys, [s if s.id != slot.id else edited for s in vault.content.slots])
    with pytest.raises(SlotDamaged):
        opened(vault, BRINDILLE)


def test_an_invitation_lets_one_card_in_once(made: tuple[Vault, Keys], tmp_path: Path) -> None:
    """The code opens both keys; used, it is gone with the same write."""
    vault, keys = made
    code = invite(vault, keys, BRINDILLE.holder.display_name, CLOCK.now())
    again = Vault.open(tmp_path)
    found, slot = again.unlock_with_code(code, CLOCK.now() + timedelta(hours=23, minutes=59))
    assert found.clinical == keys.clinical
    words = label(again, found.desk, GABARIT.holder.display_name, CLOCK.now())
    again.add_card(found, GABARIT.proof(), GABARIT.holder, words, {slot})
    assert opened(Vault.open(tmp_path), GABARIT).clinical == keys.clinical
    with pytest.raises(WrongCode):
        Vault.open(tmp_path).unlock_with_code(code, CLOCK.now())


def test_an_invitation_ends_and_its_end_cannot_be_moved(made: tuple[Vault, Keys], tmp_path: Path) -> None:
    """After 24 hours it opens nothing; moved by hand, it opens nothing either; it is then taken away."""
    vault, keys = made
    code = invite(vault, keys, "Dr Aurore Brindille", CLOCK.now())
    late = CLOCK.now() + timedelta(hours=24)
    with pytest.raises(InvitationExpired):
        vault.unlock_with_code(code, late)
    body = json.loads((tmp_path / FILE).read_bytes())
    body.pop("sum")
    body["slots"][-1]["settings"]["until"] = (late + timedelta(days=9)).isoformat(timespec="seconds")
    (tmp_path / FILE).write_text(json.dumps({**body, "sum": checksum(body)}), "utf-8")
    with pytest.raises(WrongCode):
        Vault.open(tmp_path).unlock_with_code(code, late)
    drop_expired(vault, keys, late)
    assert SlotKind.INVITATION not in vault.slots


def test_only_who_opens_the_copy_lets_others_in(made: tuple[Vault, Keys]) -> None:
    """The desk's key alone makes neither an invitation nor a recovery page."""
    vault, keys = made
    before = vault.content
    for act in (invite, new_recovery):
        with pytest.raises(FlowError):
            act(vault, keys.desk_only, "Solène Papier", CLOCK.now())
    assert vault.content == before


def test_a_new_recovery_page_ends_the_former(made: tuple[Vault, Keys], tmp_path: Path) -> None:
    """One page at a time."""
    vault, keys = made
    page = new_recovery(vault, keys, "Dr Aurore Brindille", CLOCK.now())
    again = Vault.open(tmp_path)
    assert again.unlock_with_code(page, CLOCK.now())[0].clinical == keys.clinical
    with pytest.raises(WrongCode):
        again.unlock_with_code(PAGE, CLOCK.now())
    assert again.slots.count(SlotKind.RECOVERY) == 1


def test_a_removed_card_opens_nothing(made: tuple[Vault, Keys]) -> None:
    """And removing it twice is told."""
    vault, keys = made
    enrol(vault, keys, GABARIT)
    (way,) = [way.id for way in ways(vault, keys) if way.kind is SlotKind.CARD]
    vault.remove(keys, way)
    with pytest.raises(CardNotEnrolled):
        vault.challenges(GABARIT.holder)
    with pytest.raises(NoSuchSlot):
        vault.remove(keys, way)


def test_the_recovery_page_takes_an_edited_vault_back(made: tuple[Vault, Keys], tmp_path: Path) -> None:
    """A slot slipped in: told at every way in, until the page keeps itself alone."""
    vault, keys = made
    enrol(vault, keys, GABARIT)
    body = json.loads((tmp_path / FILE).read_bytes())
    body.pop("sum")
    body["slots"].append({**body["slots"][-1], "id": "22" * 8})
    (tmp_path / FILE).write_text(json.dumps({**body, "sum": checksum(body)}), "utf-8")
    again = Vault.open(tmp_path)
    with pytest.raises(VaultEdited):
        again.unlock_with_passphrase(PHRASE)
    with pytest.raises(VaultEdited):
        again.unlock_with_code(PAGE, CLOCK.now())
    mended, _ = again.unlock_with_code(PAGE, CLOCK.now(), mend=True)
    assert mended.clinical == keys.clinical
    assert Vault.open(tmp_path).slots == (SlotKind.RECOVERY,)


def test_an_empty_copy_has_a_key_of_its_own(made: tuple[Vault, Keys], tmp_path: Path) -> None:
    """Nothing opens the former copy any more; the cards keep the desk, the new page opens both."""
    vault, keys = made
    enrol(vault, keys, GABARIT)
    enrol(vault, keys, PAPIER)
    page = new_code()
    fresh = renew_clinical(vault, keys.desk_only, page, CLOCK.now())
    assert fresh.clinical is not None and fresh.clinical != keys.clinical
    again = Vault.open(tmp_path)
    assert opened(again, GABARIT).clinical is None
    assert opened(again, PAPIER).desk == keys.desk
    assert again.unlock_with_code(page, CLOCK.now())[0].clinical == fresh.clinical
    with pytest.raises(WrongCode):
        again.unlock_with_code(PAGE, CLOCK.now())


@given(st.randoms(use_true_random=False))
def test_a_slip_of_one_character_is_seen(random: object) -> None:
    """Any one wrong character is told as a slip; typed small, in one piece, with O for 0, the code is the same."""
    assert hasattr(random, "randrange")
    code = new_code().reveal()
    same = code.replace("-", "").lower().replace("0", "o").replace("1", "l")
    assert code_bytes(Secret(same)) == code_bytes(Secret(code))
    place = random.randrange(len(code) - len("-") * 6)
    body = code.replace("-", "")
    wrong = ALPHABET[(ALPHABET.index(body[place]) + 1 + random.randrange(31)) % 32]
    with pytest.raises(MistypedCode):
        code_bytes(Secret(body[:place] + wrong + body[place + 1 :]))


@given(st.text(max_size=60))
def test_no_text_surprises_the_reader_of_codes(text: str) -> None:
    """Whatever is typed is a code or a slip."""
    try:
        assert len(code_bytes(Secret(text))) == codes.GROUPS * 4
    except MistypedCode:
        return


@given(st.dictionaries(st.sampled_from(("challenge", "person", "card")), st.text(max_size=70) | st.integers()))
def test_no_settings_of_a_card_surprise_the_reader(settings: dict[str, object]) -> None:
    """Settings that no program of ours wrote are told, or nobody's."""
    from dmp_desktop.cache.slots import Slot

    slot = Slot("00" * 8, "card", settings, {})
    try:
        assert challenge_of("00" * 16, slot, BRINDILLE.holder) is None
    except (ValueError, KeyError, TypeError):
        return
