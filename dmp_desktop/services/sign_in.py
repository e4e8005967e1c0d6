"""From a professional card to the keys that speak to the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.domain.professional import Professional, ProfessionalCard, Situation
from dmp_desktop.domain.readers import CardSystem
from dmp_desktop.errors import FlowError
from dmp_desktop.sync.credentials import Credentials

if TYPE_CHECKING:
    from dmp_desktop.cache.cardtags import Challenge, Proof


class Speaker(Protocol):
    """The gateway, as signing in needs it."""

    def sign_in(self, credentials: Credentials) -> None:
        """Speak with these keys from now on."""
        ...

    def sign_out(self) -> None:
        """Forget them."""
        ...

    def cancel(self) -> None:
        """Cut a transaction that runs."""
        ...


class SignIn:
    """The card of whoever signs in. One card at a time."""

    def __init__(self, cards: CardSystem, speaker: Speaker) -> None:
        self._cards = cards
        self._speaker = speaker
        self._card: ProfessionalCard | None = None

    def open_card(self, reader: str) -> tuple[Professional, int | None]:
        """Cards lane. Who the card belongs to, and the tries left, before any code is asked (F25).

        :raises CardError, ServiceUnavailable: the card or its module cannot be read.
        """
        self.let_go()
        card = self._cards.professional_card(reader)
        try:
            known = card.holder(), card.tries_left()
        except BaseException:
            card.close()
            raise
        self._card = card
        return known

    def login(self, pin: Secret) -> tuple[Situation, ...]:
        """Cards lane. The code, once; then the practice situations.

        :raises WrongPin, PinBlocked: the card said no.
        """
        card = self._present()
        card.login(pin)
        return card.situations()

    def prove(self, challenges: Sequence[Challenge]) -> tuple[Proof, ...]:
        """Cards lane. The card signs what opens its slots; about a second each on a real card."""
        from dmp_desktop.cache.cardtags import Proof

        card = self._present()
        return tuple(Proof(challenge, card.prove(challenge.data)) for challenge in challenges)

    def prove_afresh(self) -> tuple[Proof, ...]:
        """Cards lane. The card signs a challenge of its own, for a slot to be made."""
        from dmp_desktop.cache.cardtags import fresh_challenge

        return self.prove((fresh_challenge(),))

    def speak(self, holder: Professional, situation: Situation) -> None:
        """Cards lane. The store is spoken to under this card from now on."""
        card = self._present()
        self._speaker.sign_in(Credentials(holder, situation, card.signature(), card.install_tls_key))

    def let_go(self) -> None:
        """Cards lane. Forget the keys; the card is logged out."""
        self._speaker.cancel()
        self._speaker.sign_out()
        card, self._card = self._card, None
        if card is not None:
            card.close()

    def _present(self) -> ProfessionalCard:
        if self._card is None:
            raise FlowError("no professional card is open")
        return self._card
