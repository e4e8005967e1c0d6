"""What the deposit page decides: what is kept, when it may leave, what became of it. No widget."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from dmp_desktop.domain.document import DocumentEntry, MediaType, Replaced
from dmp_desktop.domain.draft import Draft
from dmp_desktop.domain.events import Event
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.terminology import TYPE, Code, table
from dmp_desktop.errors import Cancelled, DmpError, UserError
from dmp_desktop.services.deposit import TYPED, DepositDesk, Followed
from dmp_desktop.services.deposit_form import LONGEST_TITLE, Audience, Blocker, DepositForm
from dmp_desktop.services.replacement import Replacement
from dmp_desktop.ui.deposit.texts import proposed_title
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.tasks import Lane

if TYPE_CHECKING:
    from dmp_desktop.printing.converted import Change, Converted

SAVE_AFTER_MS = 800
"""A draft is kept this long after the last key."""


class FileUnreadable(UserError):
    """A chosen file cannot be opened."""

    code = "file-unreadable"


class DepositPresenter(QObject):
    """One deposit at a time, into one record.

    :ivar work: what is under way (``convert``, ``send``), ``""`` for nothing.
    :ivar change: what was done to the file, ``None`` without one.
    :ivar resumed: the form holds a draft that was kept.
    """

    changed = Signal()
    sent = Signal(object)
    left = Signal()

    def __init__(self, desk: DepositDesk, lanes: Lanes, deliver: Callable[[], None]) -> None:
        super().__init__()
        self._desk, self._lanes, self._deliver = desk, lanes, deliver
        self.form: DepositForm | None = None
        self.fault: DmpError | None = None
        self.work = ""
        self.change: Change | None = None
        self.resumed = False
        self.followed: tuple[Followed, ...] = ()
        self._content: bytes | None = None
        self._stay = 0
        self._saver = QTimer(self)
        self._saver.setSingleShot(True)
        self._saver.setInterval(SAVE_AFTER_MS)
        self._saver.timeout.connect(self.save)

    # -- beginning and leaving ----------------------------------------------------------------------------------------

    def start(self, context: RecordContext, replacement: Replacement | None = None) -> None:
        """Open the page on a record: the draft left there comes back, else a new one begins.

        :param replacement: a new version of one's own document; what was being written otherwise is kept.
        """
        self._flush()
        self._stay += 1
        stay = self._stay
        self._begin(context, replacement.replaces if replacement else None, replacement.entry if replacement else None)
        self._follow(context)
        if replacement is not None or context.in_memory:
            return

        def read(kept: Draft | None) -> None:
            if stay == self._stay and kept is not None and self.form is not None and not self.form.touched:
                self.form = self._desk.begin(context, kept=kept)
                self.resumed = True
                self.changed.emit()

        self._lanes.run(Lane.CACHE, lambda: self._desk.kept(context), read, self._failed)

    def leave(self) -> None:
        """Escape: what is written stays with its patient, save in a secret connection."""
        self._flush()
        self._forget()
        self.left.emit()

    def suspend(self) -> None:
        """The window is locked, or the record closed: kept, then nothing on the screen."""
        self._flush()
        self._forget()

    def discard(self) -> None:
        """Throw the draft away and begin again."""
        form = self.form
        if form is None or self.work:
            return
        draft, context = form.draft, form.context
        self._saver.stop()
        self._lanes.run(Lane.CACHE, lambda: self._desk.drop(draft), lambda _none: None, self._failed)
        self._begin(context, draft.replaces, form.like)

    @property
    def unsaved(self) -> bool:
        """Whether leaving this patient would leave something unsent behind."""
        return self.form is not None and self.form.touched

    # -- filling in ---------------------------------------------------------------------------------------------------

    def write(self, text: str) -> None:
        """The report typed in place; its type is proposed, once."""
        form = self.form
        if form is None or text == form.draft.text or form.draft.sha256:
            return
        proposed = form.draft.type_code or self._proposed_type()
        form.draft = replace(form.draft, text=text, type_code=proposed if text.strip() else form.draft.type_code)
        self._edited()

    def entitle(self, title: str) -> None:
        """The title."""
        if self.form is not None and title != self.form.draft.title:
            self.form.draft = replace(self.form.draft, title=title[:LONGEST_TITLE])
            self._edited()

    def choose_type(self, code: Code | None) -> None:
        """The type, among those this person may deposit."""
        if self.form is not None and code != self.form.draft.type_code:
            self.form.draft = replace(self.form.draft, type_code=code)
            self._edited()

    def set_date(self, typed: str) -> None:
        """The day of the act."""
        if self.form is not None:
            self.form.set_date(typed)
            self._edited()

    def answer(self, audience: Audience, hidden: bool) -> None:
        """Who sees it."""
        if self.form is not None:
            self.form.answer(audience, hidden)
            self._edited()

    def take_file(self, path: Path) -> None:
        """A file chosen or dropped: read, made PDF/A, kept."""

        def read() -> bytes:
            try:
                with path.open("rb") as file:
                    # One byte too many tells that there are too many.
                    return file.read(_LARGEST + 1)
            except OSError as error:
                raise FileUnreadable(type(error).__name__) from None

        self._take(read, path.name)

    def take_bytes(self, data: bytes, name: str) -> None:
        """An image pasted."""
        self._take(lambda: data, name)

    # -- sending ------------------------------------------------------------------------------------------------------

    @property
    def blocker(self) -> Blocker | None:
        """The first thing missing."""
        return next(iter(self.form.blockers), None) if self.form is not None else None

    def send(self, *, hold: bool = False) -> None:
        """Ctrl+Entrée: the draft whole, then the outbox; held, it waits for its author."""
        form = self.form
        if form is None or self.work or form.blockers:
            return
        self._saver.stop()
        self.work, self.fault = "send", None
        self._stay += 1
        stay, content = self._stay, self._content

        def composed(report: bytes | None) -> None:
            if stay == self._stay:
                self._lanes.run(Lane.CACHE, lambda: self._desk.send(form, report or content, hold=hold), done, failed)

        def done(event: Event) -> None:
            self._deliver()
            self.sent.emit(event)
            if stay == self._stay:
                self.work = ""
                self._begin(form.context, None)
                self._follow(form.context)

        def failed(error: DmpError) -> None:
            if stay == self._stay:
                self.work = ""
                self._failed(error)

        if form.written:
            self._lanes.run(Lane.PRINT, lambda: self._desk.compose(form), composed, failed)
        else:
            composed(None)
        self.changed.emit()

    def refresh(self) -> None:
        """What became of the deposits of this record."""
        if self.form is not None:
            self._follow(self.form.context)

    def save(self) -> None:
        """Keep the draft now."""
        form = self.form
        if form is None or not form.touched or self.work == "send" or form.context.in_memory:
            return
        draft, content = form.draft, self._content
        self._content = None
        self._lanes.run(Lane.CACHE, lambda: self._desk.save(draft, content), lambda _none: None, self._failed)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _begin(self, context: RecordContext, replaces: Replaced | None, like: DocumentEntry | None = None) -> None:
        self.form = self._desk.begin(context, replaces, like=like)
        self.fault, self.work, self.change, self._content, self.resumed = None, "", None, None, False
        self.changed.emit()

    def _take(self, read: Callable[[], bytes], name: str) -> None:
        form = self.form
        if form is None or self.work:
            return
        self.work, self.fault = "convert", None
        self._stay += 1
        stay = self._stay

        def done(made: Converted) -> None:
            if stay != self._stay:
                return
            draft = form.draft
            form.draft = replace(
                draft,
                title=draft.title or proposed_title(name, form.context.identity.traits),
                media_type=MediaType.PDF,
                size=len(made.content),
                sha256=hashlib.sha256(made.content).hexdigest(),
                file_name=name,
            )
            form.pages, form.unchanged, self.work = made.pages, False, ""
            self.change, self._content = made.change, made.content
            self._check_unchanged(form)
            self._edited()

        def failed(error: DmpError) -> None:
            if stay == self._stay:
                self.work = ""
                self._failed(error)

        self._lanes.run(Lane.PRINT, lambda: self._desk.convert(read()), done, failed)
        self.changed.emit()

    def _check_unchanged(self, form: DepositForm) -> None:
        def told(unchanged: bool) -> None:
            if form is self.form:
                form.unchanged = unchanged
                self.changed.emit()

        self._lanes.run(Lane.CACHE, lambda: self._desk.is_unchanged(form), told, self._failed)

    def _proposed_type(self) -> Code | None:
        code = table(TYPE).require(TYPED)
        return code if self.form is not None and self.form.may_deposit(code) else None

    def _edited(self) -> None:
        if self.form is not None and self.form.written:
            self.form.unchanged = False
        self._saver.start()
        self.changed.emit()

    def _flush(self) -> None:
        if self._saver.isActive():
            self._saver.stop()
            self.save()

    def _forget(self) -> None:
        self._saver.stop()
        self._stay += 1
        self.form, self.fault, self.work, self.change, self._content = None, None, "", None, None
        self.resumed, self.followed = False, ()
        self.changed.emit()

    def _follow(self, context: RecordContext) -> None:
        def read(followed: tuple[Followed, ...]) -> None:
            if self.form is not None and self.form.context.dossier == context.dossier:
                self.followed = followed
                self.changed.emit()

        self._lanes.run(Lane.CACHE, lambda: self._desk.followed(context), read, self._failed)

    def _failed(self, error: DmpError) -> None:
        self.fault = None if isinstance(error, Cancelled) else error
        self.changed.emit()


_LARGEST = 40_000_000
