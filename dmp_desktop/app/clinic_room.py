"""The clinical rooms joined: people, the day, the record, deposits, emergencies, accesses; for who may enter them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QStackedWidget

from dmp_desktop.app.access_room import AccessRoom
from dmp_desktop.app.day_fetching import DayFetching, copy_of
from dmp_desktop.app.emergency_room import EmergencyRoom
from dmp_desktop.app.people_room import PeopleRoom
from dmp_desktop.app.person_room import PersonRoom
from dmp_desktop.app.record_room import RecordParts, RecordRoom
from dmp_desktop.app.rooms import ACCESS, DAY, DEPOSIT, OPENING, PEOPLE, READERS, RECORD, SETTINGS, UPKEEP, WAITING
from dmp_desktop.app.upkeep_room import UpkeepRoom
from dmp_desktop.domain.draft import Drafts
from dmp_desktop.domain.events import Event
from dmp_desktop.domain.professional import Professional
from dmp_desktop.domain.readers import CardFamily, ReaderChange, ReaderEvent
from dmp_desktop.domain.record import RecordContext
from dmp_desktop.domain.record_rules import title_of
from dmp_desktop.domain.shelf import ForgetReason
from dmp_desktop.services.deposit import DepositDesk
from dmp_desktop.services.opening import BEGUN
from dmp_desktop.services.replacement import Replacement
from dmp_desktop.sync.refresh import Refresher
from dmp_desktop.ui.command_bar import Answer, Search
from dmp_desktop.ui.command_rows import DOCUMENTS, ROWS, Command, matches
from dmp_desktop.ui.deposit.page import DepositPage
from dmp_desktop.ui.deposit.presenter import DepositPresenter
from dmp_desktop.ui.page_frame import on_key
from dmp_desktop.ui.record.banner import record_banner
from dmp_desktop.ui.record.texts import author, day_of
from dmp_desktop.ui.theme.tokens import Density
from dmp_desktop.ui.widgets.banner import BannerContent
from dmp_desktop.ui.widgets.messages import EmptyState, QuestionPanel

if TYPE_CHECKING:
    from dmp_desktop.app.desk_room import DeskRoom
    from dmp_desktop.app.program import Program
    from dmp_desktop.services.stationery import Press

EVERYBODY: Final = (DAY, PEOPLE, OPENING, WAITING, READERS, UPKEEP, SETTINGS)
_DRAFT: Final = (
    "Un document n’est pas encore déposé.",
    "Le brouillon reste avec sa personne, sur ce poste, et vous attend.",
)
CLINICAL: Final = (DAY, PEOPLE, RECORD, DEPOSIT, OPENING, WAITING, ACCESS, READERS, UPKEEP, SETTINGS)


class ClinicRoom(QObject):
    """Lives as long as the program; what it shows lasts as long as a session."""

    def __init__(self, program: Program, room: DeskRoom, press: Press) -> None:
        super().__init__(program)
        self._program, self._room = program, room
        store, watch, pages = room.store, room.watch, room.pages
        settings = lambda: program.settings  # noqa: E731 - the settings of the moment, asked each time
        self.emergency = EmergencyRoom(program, store, watch, pages)
        refresher = Refresher(watch, store.patients, program.clock, self._forget)
        fetching = DayFetching(program, store, watch, refresher)
        self.people = PeopleRoom(
            program, room.desk, store, watch.access, pages, partial(copy_of, program.profile), fetching.when_open
        )
        self.person = PersonRoom(program, room)
        parts = RecordParts(store, watch, room.engine, press, refresher, self._forget)
        self.record = RecordRoom(program, parts, pages, self.emergency.presenter, self.emergency.secret)
        self.emergency.join(self.record)
        self._deposit = DepositDesk(store, self._drafts, program.clock, settings, demonstration=program.options.sandbox)
        self.deposit = DepositPresenter(self._deposit, program.lanes, room.deliver)
        self.deposit_page = DepositPage(program.appearance, self.deposit, self._choose_file)
        self._deposit_host = QStackedWidget()
        self._no_deposit = EmptyState(
            program.appearance, "file-plus", "Un dépôt se fait dans un dossier ouvert.", "Cherchez la personne avec F3."
        )
        self._deposit_host.addWidget(self._no_deposit)
        self._deposit_host.addWidget(self.deposit_page)
        pages.add(DEPOSIT, "file-plus", "Déposer", self._deposit_host, self._deposit_shown)
        directory, remote = room.directory()
        self.access = AccessRoom(program, store, watch, press, pages, directory, remote)
        self.upkeep = UpkeepRoom(program, store, press, watch, pages)
        self._question: QuestionPanel | None = None
        self._holder: Professional | None = None
        self._to_write_in = ""
        self._join()

    def _join(self) -> None:
        shell, pages = self._program.shell, self._room.pages
        self.people.person_chosen.connect(self.go_to)
        self.people.file_asked.connect(self._show_file)
        self.person.record_asked.connect(self.go_to)
        self.record.context_changed.connect(self._context_changed)
        self.record.status_changed.connect(self._room.tell_status)
        self.record.opening_asked.connect(lambda _identity: self._room.begin())
        self.record.banner_changed.connect(self._banner_changed)
        self.record.deposit_asked.connect(self._deposit_without_reading)
        self.record.replacing.connect(self._write_replacement)
        for source in (self.record.acted, self.access.acted):
            source.connect(self._room.deliver)
        self.deposit.left.connect(lambda: pages.go(RECORD))
        self.deposit.sent.connect(self._captured)
        self.deposit_page.hints_changed.connect(lambda hints: pages.tell_hints(DEPOSIT, hints))
        # Each of these keys is the window's alone: a second owner on a page would leave Qt unable to choose.
        shell.shortcut("F3", partial(self._if_open, lambda: pages.go(PEOPLE)))
        shell.shortcut("F12", partial(self._if_clinical, self.emergency.ask))
        people = (self.people.day_page, self.people.people_page)
        for page in (*people, self.record.host, self._deposit_host, self.access.host, self.upkeep.page):
            on_key(page, "F2", self._room.begin)

    # -- who is there -------------------------------------------------------------------------------------------------

    def open_for(self, holder: Professional) -> None:
        """Somebody signed in: their pages, and what they left to sign."""
        self._holder = holder
        self._program.shell.navigation.offer(EVERYBODY if holder.is_desk_staff else CLINICAL)
        settings, density = self._program.settings, Density.COMFORTABLE if holder.is_desk_staff else Density.COMPACT
        self._program.appearance.choose(settings.theme, settings.zoom, density)
        scope = "Patient ou action" if holder.is_desk_staff else "Patient, document ou action"
        self._room.commands.search(scope, self._searches)
        self.upkeep.put_on_diet()

    def first_page(self) -> str:
        """Where this person begins: a doctor with the day, the desk with an opening; an opening begun comes back."""
        holder, opening = self._holder, self._room.presenter
        if holder is None or holder.is_desk_staff:
            return OPENING
        if self.emergency.resume(holder.id.value):
            return RECORD
        return OPENING if opening is not None and opening.flow.stage in BEGUN else DAY

    def hide(self) -> None:
        """The window is locked: nothing of anybody remains; what was being written is kept."""
        self.deposit.suspend()
        self.emergency.hide()
        self._drop_question()
        self._to_write_in = ""
        self.record.hide()
        self.people.forget()
        self.person.hide()
        self.access.forget()
        self.upkeep.presenter.forget()

    # -- to somebody --------------------------------------------------------------------------------------------------

    def go_to(self, dossier: str) -> None:
        """Somebody's record, from a list or a search; a deposit that is not sent asks first (never two patients).

        For a reception, their administrative page: it has no record.
        """
        holder = self._holder
        if holder is None:
            return
        if holder.is_desk_staff:
            self.person.open(dossier)
            return
        context = self.record.context
        if self.emergency.signing or (context is not None and context.dossier == dossier):
            # What was read in an emergency is signed before anything else is opened.
            self._room.pages.go(RECORD)
        elif self.emergency.active:
            self._ask_to_change(
                "Un accès en urgence est ouvert.",
                "Le quitter y met fin. Vous signez ensuite ce qui a été lu.",
                self.emergency.end,
            )
        elif self.deposit.unsaved and context is not None:
            self._ask_to_change(*_DRAFT, partial(self._change, dossier))
        else:
            self._change(dossier)

    def _show_file(self, dossier: str) -> None:
        """Somebody's administrative page, for a professional: never beside the record of somebody else."""
        context = self.record.context
        if self.emergency.active or self.emergency.signing:
            self._room.pages.go(RECORD)
        elif context is None or context.dossier == dossier:
            self.person.open(dossier)
        elif self.deposit.unsaved:
            self._ask_to_change(*_DRAFT, partial(self._leave_for_file, dossier))
        else:
            self._leave_for_file(dossier)

    def _leave_for_file(self, dossier: str) -> None:
        self.deposit.suspend()
        self.record.leave()
        self.person.open(dossier)

    def reader_changed(self, event: ReaderEvent) -> None:
        """A Vitale goes in where somebody is looked for: its person, without a key to press."""
        holder, shell = self._holder, self._program.shell
        arrived = event.change is ReaderChange.CARD_IN and event.family is CardFamily.VITALE_2
        if not arrived or shell.locked or holder is None or holder.is_desk_staff:
            return
        waiting = shell.page == RECORD and self.record.context is None and self.record.gate.gate is None
        if shell.page == DAY:
            self.people.expecting.card.read()
        elif shell.page == PEOPLE or (waiting and self.emergency.idle):
            self._room.pages.go(PEOPLE)
            self.people.finding.card.read()

    def reopen(self, dossier: str) -> None:
        """A deposit taken back before it left: its person's record, then its draft."""
        context = self.record.context
        if context is not None and context.dossier == dossier:
            self._room.pages.go(DEPOSIT)
            return
        self._to_write_in = dossier
        self.go_to(dossier)

    def _change(self, dossier: str) -> None:
        self.deposit.suspend()
        self.record.leave()
        self.record.open_dossier(dossier)

    def _ask_to_change(self, cause: str, effect: str, act: Callable[[], None]) -> None:
        self._drop_question()
        question = QuestionPanel(
            self._program.appearance,
            "Passer à une autre personne\u202f?",
            cause,
            effect,
            "Restez pour finir, ou changez de personne.",
            "Rester",
            ("Changer de personne", "Alt+O"),
        )
        question.allow(True)
        on_key(question, "Alt+O", question.answer_other)
        before = self.record.host.currentWidget()

        def stay() -> None:
            self._drop_question()
            if before is not None:
                self.record.host.setCurrentWidget(before)
            self.record.shown()

        def change() -> None:
            self._drop_question()
            act()

        question.safe.connect(stay)
        question.other.connect(change)
        self._question = question
        self.record.host.addWidget(question)
        self.record.host.setCurrentWidget(question)
        self._room.pages.go(RECORD)
        question.safe_button.setFocus()

    def _drop_question(self) -> None:
        question, self._question = self._question, None
        if question is not None:
            self.record.host.removeWidget(question)
            question.deleteLater()

    # -- the other rooms ----------------------------------------------------------------------------------------------

    def _context_changed(self) -> None:
        context = self.record.context
        pages = self._room.pages
        self.access.tell(context)
        if context is None:
            self.deposit.suspend()
            self._deposit_host.setCurrentWidget(self._no_deposit)
            pages.tell_banner(DEPOSIT, None)
            return
        pages.tell_banner(DEPOSIT, record_banner(context, None, self._program.today()))
        wanted, self._to_write_in = self._to_write_in, ""
        if wanted == context.dossier:
            pages.go(DEPOSIT)

    def _banner_changed(self, content: BannerContent) -> None:
        """The allergies were read: every page about this person says so."""
        for page in (DEPOSIT, ACCESS):
            self._room.pages.tell_banner(page, content)

    def _forget(self, dossier: str, reason: ForgetReason, professional: str | None) -> None:
        clinical = self._program.profile.clinical
        if clinical is not None:
            clinical.forget(dossier, reason, professional)

    def _deposit_shown(self) -> None:
        context = self.record.context
        if context is None and self.deposit.form is None:
            self._no_deposit.setFocus()
            return
        if context is not None and self.deposit.form is None:
            self.deposit.start(context)
        self._deposit_host.setCurrentWidget(self.deposit_page)
        self.deposit_page.shown()

    def _deposit_without_reading(self, context: RecordContext) -> None:
        """From the gate: a document may be deposited in a dossier that one does not read (TD2.1)."""
        self.deposit.start(context)
        self._room.pages.tell_banner(DEPOSIT, record_banner(context, None, self._program.today()))
        self._room.pages.go(DEPOSIT)

    def _write_replacement(self, replacement: Replacement) -> None:
        """A new version of one's own document; what a secret connection holds unsent is never written over."""
        context = self.record.context
        if context is not None and not (self.deposit.unsaved and context.in_memory):
            self.deposit.start(context, replacement)
        self._room.pages.go(DEPOSIT)

    def _captured(self, event: Event) -> None:
        if self.record.record is not None:
            self.record.record.captured(event)

    def delivered(self) -> None:
        """Acts moved: what the pages say of them is read again."""
        self.deposit.refresh()
        self.person.delivered()
        if self.record.record is not None:
            self.record.record.delivered()

    def _drafts(self) -> Drafts | None:
        record = self.record
        return record.drafts()

    def _choose_file(self) -> str:
        chosen, _kind = QFileDialog.getOpenFileName(
            self._program.shell,
            "Choisir un document",
            "",
            "Documents (*.pdf *.txt *.rtf *.jpg *.jpeg *.png *.tif *.tiff)",
        )
        return chosen

    def commands(self) -> tuple[Command, ...]:
        """What this person can do from anywhere, besides what the desk can."""
        holder, go, context = self._holder, self._room.pages.go, self.record.context
        anyone = (
            Command("Voir la journée", partial(go, DAY), "calendar"),
            Command("Chercher une personne", partial(go, PEOPLE), "search", "F3"),
            Command("Entretenir ce poste", partial(go, UPKEEP), "shield"),
        )
        if holder is None or holder.is_desk_staff:
            return anyone
        none = "" if context is not None else "Aucun dossier n’est ouvert."
        return (
            *anyone,
            Command("Revenir au dossier ouvert", partial(go, RECORD), "folder", reason=none),
            Command("Déposer un document", partial(go, DEPOSIT), "file-plus", reason=none),
            Command("Fermer le dossier", self.record.leave, "x", "Ctrl W", reason=none),
            Command("Voir les accès", partial(go, ACCESS), "history"),
            Command("Entrer en urgence", self.emergency.ask, "emergency", "F12"),
        )

    # -- searching ----------------------------------------------------------------------------------------------------

    def _searches(self) -> Sequence[Search]:
        holder = self._holder
        if holder is None or holder.is_desk_staff:
            return (self.people.search,)
        return (self.people.search, self._documents)

    def _documents(self, words: str, answer: Answer) -> None:
        """Documents of the record on the screen whose title holds the words."""
        record = self.record.record
        rows = record.presenter.all_rows if record is not None else ()
        found = [row for row in rows if matches(title_of(row), words) is not None][:ROWS]
        answer(
            tuple(
                Command(
                    title_of(row),
                    partial(self._show_document, row.key),
                    "file",
                    context=f"{day_of(row)}, {author(row.entry)}",
                    group=DOCUMENTS,
                )
                for row in found
            )
        )

    def _show_document(self, key: str) -> None:
        if self.record.record is not None:
            self._room.pages.go(RECORD)
            self.record.record.show_document(key)

    def _if_clinical(self, act: object) -> None:
        holder = self._holder
        if holder is not None and not holder.is_desk_staff:
            self._if_open(act)

    def _if_open(self, act: object) -> None:
        if not self._program.shell.locked and callable(act):
            act()
