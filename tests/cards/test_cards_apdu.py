"""Commands, and the T=0 habits that the program follows itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dmp_desktop.cards.apdu import Apdu, converse, read_binary, read_short_file, select_application, select_file
from dmp_desktop.domain.readers import CardRemoved, UnreadableCard


def _script(*answers: str) -> tuple[Callable[[bytes], bytes], list[str]]:
    seen: list[str] = []
    left = list(answers)

    def exchange(command: bytes) -> bytes:
        seen.append(command.hex().upper())
        return bytes.fromhex(left.pop(0))

    return exchange, seen


def test_commands_are_written_as_the_standard_says() -> None:
    """Selections and readings have their published bytes."""
    assert select_file(0x3F00).hex() == "00a40000023f00"
    assert select_application(b"\xd2\x50").hex() == "00a4040002d250"
    assert read_binary(0x0123).hex() == "00b0012300"
    assert read_short_file(2).hex() == "00b0820000"
    assert "1234" not in repr(Apdu(0x20, 0, 1, b"1234"))


def test_an_answer_left_behind_is_fetched_to_its_end() -> None:
    """61xx is followed by GET RESPONSE until the card has no more, and the pieces are joined."""
    exchange, seen = _script("6103", "AABBCC6102", "DDEE9000")
    assert converse(exchange, select_file(0x3F00)) == (bytes.fromhex("AABBCCDDEE"), 0x9000)
    assert seen[1:] == ["00C0000003", "00C0000002"]


def test_the_old_face_is_fetched_in_its_own_class() -> None:
    """9Fxx of class A0 is fetched in class A0; chaining bits are not carried over."""
    exchange, seen = _script("9F01", "AA9000")
    converse(exchange, bytes.fromhex("A0A40000023F00"))
    assert seen[1] == "A0C0000001"
    exchange, seen = _script("6101", "AA9000")
    converse(exchange, bytes.fromhex("10A40000023F00"))
    assert seen[1] == "00C0000001"


def test_a_wrong_length_is_asked_again_with_the_right_one() -> None:
    """6Cxx repeats the same command once with the length the card told."""
    exchange, seen = _script("6C02", "AABB9000")
    assert converse(exchange, read_binary(0)) == (b"\xaa\xbb", 0x9000)
    assert seen == ["00B0000000", "00B0000002"]


@pytest.mark.parametrize("answer", ["", "90"])
def test_an_answer_too_short_is_a_card_that_left(answer: str) -> None:
    """PC/SC gives an empty success when the card leaves during its answer."""
    exchange, _ = _script(answer)
    with pytest.raises(CardRemoved):
        converse(exchange, read_binary(0))


def test_a_card_that_never_ends_is_stopped() -> None:
    """A card that always announces more is given up, not followed for ever."""
    with pytest.raises(UnreadableCard):
        converse(lambda command: b"\xaa\x61\x01", read_binary(0))
