"""What the settings decide about the keys of the post: who has a way in, and what the person in session may do."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Signal

from dmp_desktop.domain.identifiers import Secret
from dmp_desktop.domain.professional import Professional
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.keys import PostKeys, WayIn, WayKind
from dmp_desktop.services.sign_in import SignIn
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.tasks import Lane

Printing = Callable[[Secret, Callable[[], None], Callable[[DmpError], None]], None]


class Ask(StrEnum):
    """The question on screen."""

    NOTHING = ""
    REMOVE = "remove"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a question
    NEW_PAGE = "new-page"
    CHANGE_KEYS = "change-keys"
    DELETE_ASIDE = "delete-aside"
    SHOW_CODE = "show-code"
    PRINT_PAGE = "print-page"


class KeysPresenter(QObject):
    """Works in the session of one person; :meth:`forget` ends it.

    :ivar ways: the ways in; ``chosen``: id of the one pointed at; ``aside``: whether former files are kept.
    :ivar code: an invitation to be told to a colleague, or a recovery page to be printed; forgotten when left.
    :ivar done: what was last done, to be said; ``fault``: what went wrong last.
    """

    changed = Signal()

    def __init__(
        self,
        keys: PostKeys,
        cards: Callable[[], SignIn],
        lanes: Lanes,
        holder: Callable[[], Professional | None],
        print_page: Printing,
    ) -> None:
        super().__init__()
        self._keys, self._cards, self._lanes, self._holder, self._print = keys, cards, lanes, holder, print_page
        self._stay = 0
        self._clear()

    def _clear(self) -> None:
        self.ways: tuple[WayIn, ...] = ()
        self.chosen = ""
        self.aside = False
        self.clinical = False
        self.ask = Ask.NOTHING
        self.busy = False
        self.done = ""
        self.code: Secret | None = None
        self.fault: DmpError | None = None

    # -- what is there ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the ways in."""
        if self._holder() is not None:
            self._run(Lane.CACHE, self._read, self._known)

    def forget(self) -> None:
        """The session is over: nothing of it stays on screen."""
        self._stay += 1
        self._clear()
        self.changed.emit()

    @property
    def way(self) -> WayIn | None:
        """The way in pointed at."""
        return next((way for way in self.ways if way.id == self.chosen), None)

    @property
    def has_own_card(self) -> bool:
        """Whether the person in session has a slot already."""
        holder = self._holder()
        return holder is not None and any(
            way.kind is WayKind.CARD and way.name == holder.display_name for way in self.ways
        )

    @property
    def may_add_own_card(self) -> bool:
        """A reception card that opens nothing yet; a clinical one is let in at the sign-in."""
        holder = self._holder()
        return holder is not None and holder.is_desk_staff and not self.has_own_card and not self.busy

    def choose(self, way: str) -> None:
        """Point at one way in."""
        if way != self.chosen:
            self.chosen = way
            self.ask = Ask.NOTHING
            self.changed.emit()

    # -- questions ----------------------------------------------------------------------------------------------------

    def put(self, ask: Ask) -> None:
        """Put a question on screen, if it may be asked now."""
        if ask in self.open_questions and not self.busy:
            self.ask, self.fault, self.done = ask, None, ""
            self.changed.emit()

    @property
    def open_questions(self) -> frozenset[Ask]:
        """What may be asked in this session."""
        found = {Ask.PASSPHRASE}
        if self.way is not None and self.way.removable:
            found.add(Ask.REMOVE)
        if self.clinical:
            found |= {Ask.NEW_PAGE, Ask.CHANGE_KEYS}
        if self.aside:
            found.add(Ask.DELETE_ASIDE)
        return frozenset(found)

    def leave(self) -> None:
        """No, or it is read: the code is forgotten."""
        self.ask, self.fault, self.code = Ask.NOTHING, None, None
        self.changed.emit()

    # -- acts ---------------------------------------------------------------------------------------------------------

    def invite(self) -> None:
        """A one-time code for a colleague, shown until it is left."""
        holder = self._holder()

        def made(code: Secret) -> None:
            self.code, self.ask = code, Ask.SHOW_CODE
            self.refresh()

        if self.clinical and holder is not None and not self.busy:
            self._act(Lane.CACHE, lambda: self._keys.invite(holder), made)

    def add_own_card(self) -> None:
        """The card in session opens the post from now on."""
        holder = self._holder()
        if not self.may_add_own_card or holder is None:
            return

        def proved(proofs: Any) -> None:
            self._act(
                Lane.CACHE,
                lambda: self._keys.add_own_card(proofs[0], holder),
                lambda _none: self._finished("Votre carte ouvre maintenant ce poste."),
            )

        self._act(Lane.CARDS, self._cards().prove_afresh, proved)

    def remove(self) -> None:
        """Yes: take the way in away."""
        way = self.way
        if self.ask is Ask.REMOVE and way is not None:
            self._act(
                Lane.CACHE, lambda: self._keys.remove(way.id), lambda _none: self._finished("L’accès est retiré.")
            )

    def change_passphrase(self, current: str, new: str) -> None:
        """Another passphrase."""
        if self.ask is Ask.PASSPHRASE:
            self._act(
                Lane.CACHE,
                lambda: self._keys.change_passphrase(Secret(current), Secret(new)),
                lambda _none: self._finished("La phrase de passe est changée."),
            )

    def new_page(self) -> None:
        """Yes: another recovery page, printed at once."""
        holder = self._holder()
        if self.ask is Ask.NEW_PAGE and holder is not None:
            self._act(Lane.CACHE, lambda: self._keys.new_recovery(holder), self._page_made)

    def change_keys(self, passphrase: str) -> None:
        """Yes: fresh keys for both stores, and the recovery page that goes with them."""
        holder = self._holder()
        if self.ask is not Ask.CHANGE_KEYS or holder is None:
            return
        cards = self._cards()

        def known(challenges: Any) -> None:
            self._act(Lane.CARDS, lambda: cards.prove(challenges), proved)

        def proved(proofs: Any) -> None:
            self._act(Lane.CACHE, lambda: self._keys.change_keys(Secret(passphrase), proofs, holder), self._page_made)

        self._act(Lane.CACHE, lambda: self._keys.own_challenges(holder), known)

    def print_page(self) -> None:
        """Print the page that waits, again if need be."""
        if self.ask is Ask.PRINT_PAGE and self.code is not None and not self.busy:
            self.busy, self.fault, stay = True, None, self._stay
            self.changed.emit()
            self._print(
                self.code,
                lambda: self._finished("La page de secours est imprimée.") if stay == self._stay else None,
                lambda error: self._failed(error) if stay == self._stay else None,
            )

    def delete_aside(self) -> None:
        """Yes: what was put aside is deleted for good."""
        if self.ask is Ask.DELETE_ASIDE:
            self._act(
                Lane.CACHE, self._keys.delete_aside, lambda _none: self._finished("Les anciens fichiers sont effacés.")
            )

    # -- inside -------------------------------------------------------------------------------------------------------

    def _read(self) -> tuple[tuple[WayIn, ...], bool, bool]:
        return self._keys.ways(), self._keys.may_let_in, bool(self._keys.put_aside())

    def _known(self, found: tuple[tuple[WayIn, ...], bool, bool]) -> None:
        self.ways, self.clinical, self.aside = found
        if self.way is None:
            self.chosen = self.ways[0].id if self.ways else ""
        self.busy = False
        self.changed.emit()

    def _page_made(self, code: Secret) -> None:
        self.code, self.ask, self.busy = code, Ask.PRINT_PAGE, False
        self.print_page()

    def _finished(self, words: str) -> None:
        self.done, self.ask, self.code, self.fault = words, Ask.NOTHING, None, None
        self.refresh()

    def _failed(self, error: DmpError) -> None:
        self.busy, self.fault = False, None if isinstance(error, Cancelled) else error
        self.changed.emit()

    def _act(self, lane: Lane, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.busy, self.fault, self.done = True, None, ""
        self.changed.emit()
        self._run(lane, work, done)

    def _run(self, lane: Lane, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        stay = self._stay
        self._lanes.run(
            lane,
            work,
            lambda result: done(result) if stay == self._stay else None,
            lambda error: self._failed(error) if stay == self._stay else None,
        )
