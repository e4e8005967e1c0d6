"""Which slot holds what, from the watcher's events."""

from dmp_desktop.config import CardSettings
from dmp_desktop.domain.readers import CardFamily, ReaderChange, ReaderEvent
from dmp_desktop.services.readers import ReaderBoard


def board(*events: ReaderEvent, settings: CardSettings | None = None) -> ReaderBoard:
    """A board that saw these."""
    made = ReaderBoard(settings or CardSettings())
    for event in events:
        made.saw(event)
    return made


UP = ReaderEvent(ReaderChange.SERVICE_UP)
LEFT = ReaderEvent(ReaderChange.READER_ADDED, "left")
RIGHT = ReaderEvent(ReaderChange.READER_ADDED, "right")
CPS_LEFT = ReaderEvent(ReaderChange.CARD_IN, "left", b"", CardFamily.CPS)
VITALE_RIGHT = ReaderEvent(ReaderChange.CARD_IN, "right", b"", CardFamily.VITALE_2)


def test_each_card_is_found_in_its_slot() -> None:
    """Professional card left, Vitale right."""
    seen = board(UP, LEFT, RIGHT, CPS_LEFT, VITALE_RIGHT)
    vitale, professional = seen.vitale_slot(), seen.professional_slot()
    assert vitale is not None
    assert professional is not None
    assert (vitale.name, professional.name) == ("right", "left")


def test_removal_empties_only_its_slot() -> None:
    """The other card stays."""
    seen = board(UP, LEFT, RIGHT, CPS_LEFT, VITALE_RIGHT, ReaderEvent(ReaderChange.CARD_OUT, "right"))
    assert seen.vitale_slot() is None
    assert seen.professional_slot() is not None


def test_a_mute_card_is_the_vitale_to_turn_over() -> None:
    """A card that does not answer, beside a professional one, is taken for the Vitale upside down."""
    seen = board(UP, LEFT, RIGHT, CPS_LEFT, ReaderEvent(ReaderChange.CARD_MUTE, "right"))
    slot = seen.vitale_slot()
    assert slot is not None
    assert (slot.name, slot.mute) == ("right", True)


def test_the_service_stopping_empties_everything() -> None:
    """No reader is shown while PC/SC is stopped."""
    seen = board(UP, LEFT, CPS_LEFT, ReaderEvent(ReaderChange.SERVICE_DOWN))
    assert not seen.service_up
    assert seen.slots == {}


def test_a_reader_unplugged_disappears() -> None:
    """Its card with it."""
    seen = board(UP, LEFT, RIGHT, VITALE_RIGHT, ReaderEvent(ReaderChange.READER_GONE, "right"))
    assert seen.vitale_slot() is None
    assert set(seen.slots) == {"left"}


def test_the_preferred_reader_comes_first() -> None:
    """Two Vitale cards: the reader of the settings is read."""
    two = ReaderEvent(ReaderChange.CARD_IN, "left", b"", CardFamily.VITALE_2)
    seen = board(UP, LEFT, RIGHT, two, VITALE_RIGHT, settings=CardSettings(vitale_reader="right"))
    slot = seen.vitale_slot()
    assert slot is not None
    assert slot.name == "right"
