"""« Ce que ce cabinet a fait »: by person and day, emergencies to review, an export; pseudonyms only, no banner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from dmp_desktop.domain.events import Author
from dmp_desktop.domain.professional import Professional
from dmp_desktop.errors import Cancelled, DmpError
from dmp_desktop.services.history import DayOf, Review
from dmp_desktop.services.practice_log import PracticeLog, PracticeViewDenied
from dmp_desktop.ui.access import texts
from dmp_desktop.ui.access.table import Line, LinesTable
from dmp_desktop.ui.opening import texts as words
from dmp_desktop.ui.opening.port import Lanes
from dmp_desktop.ui.page_frame import KeyHint, PageFrame, on_key
from dmp_desktop.ui.tasks import Lane
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Text
from dmp_desktop.ui.widgets.messages import EmptyState, QuestionPanel

LOOKED_BACK = timedelta(days=90)


class PracticePresenter(QObject):
    """The last ninety days of this post.

    :param holder: whoever is signed in, asked before anything is read for them.
    :param save: hands an export to the person, who chooses where it goes.
    """

    changed = Signal()

    def __init__(
        self,
        log: PracticeLog,
        lanes: Lanes,
        author: Callable[[], Author],
        now: Callable[[], datetime],
        save: Callable[[bytes], None],
        holder: Callable[[], Professional | None],
    ) -> None:
        super().__init__()
        self._holder = holder
        self._log, self._lanes, self._author, self._now, self._save = log, lanes, author, now, save
        self.days: tuple[DayOf, ...] = ()
        self.reviews: tuple[Review, ...] = ()
        self.fault: DmpError | None = None
        self._stay = 0

    def refresh(self) -> None:
        """Read again, for whoever may see it."""
        self._stay += 1
        if not self._allowed():
            return
        stay, until = self._stay, self._now() + timedelta(seconds=1)
        since = until - LOOKED_BACK

        def read() -> tuple[tuple[DayOf, ...], tuple[Review, ...]]:
            return self._log.days(since, until), self._log.emergencies(since, until)

        def done(found: tuple[tuple[DayOf, ...], tuple[Review, ...]]) -> None:
            if stay == self._stay:
                self.days, self.reviews = found
                self.changed.emit()

        self._lanes.run(Lane.CACHE, read, done, self._failed)

    def forget(self) -> None:
        """The window is locked."""
        self._stay += 1
        self.days, self.reviews, self.fault = (), (), None
        self.changed.emit()

    def review(self, access: str, said: str) -> None:
        """Sign that an emergency was looked at."""
        if not self._allowed():
            return
        author, self.fault = self._author(), None
        self._lanes.run(
            Lane.CACHE, lambda: self._log.review(access, author, said), lambda _none: self.refresh(), self._failed
        )

    def export(self, reason: str) -> None:
        """The period as a file."""
        if not self._allowed():
            return
        author, until, self.fault = self._author(), self._now() + timedelta(seconds=1), None

        def done(content: bytes) -> None:
            self._save(content)
            self.refresh()

        self._lanes.run(
            Lane.CACHE, lambda: self._log.export(until - LOOKED_BACK, until, author, reason), done, self._failed
        )

    def _allowed(self) -> bool:
        """Motives of emergencies are not for desk staff, whatever page they came by."""
        holder = self._holder()
        if holder is None:
            return False
        try:
            self._log.demand(holder)
        except PracticeViewDenied as error:
            self.days, self.reviews = (), ()
            self._failed(error)
            return False
        return True

    def _failed(self, error: DmpError) -> None:
        self.fault = None if isinstance(error, Cancelled) else error
        self.changed.emit()


class PracticePage(PageFrame):
    """Emergencies first, then what each person did each day."""

    hints_changed = Signal(object)

    def __init__(self, appearance: Appearance, presenter: PracticePresenter) -> None:
        super().__init__(appearance, alone=True)
        self.presenter = presenter
        self.setAccessibleName("Ce que ce cabinet a fait")
        self.commands.hide()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Text("Accès en urgence", "section"))
        row.addStretch(1)
        self._review = self.button("Relire", self._ask_review, cap="Alt+R", keys="Alt+R", icon="check")
        self._export = self.button("Exporter", self._ask_export, cap="Alt+E", keys="Alt+E", icon="file")
        row.addWidget(self._review)
        row.addWidget(self._export)
        self.body.addLayout(row)
        self._asking = QVBoxLayout()
        self.body.addLayout(self._asking)
        self._question: QuestionPanel | None = None
        shares = (1.4, 1.6, 0.9, 3, 1, 2, 1.6)
        self.emergencies = LinesTable(appearance, "Accès en urgence", texts.REVIEW_HEADERS, shares)
        self.emergencies.asked.connect(lambda _row: self._ask_review())
        self.emergencies.looked.connect(lambda _row: self._tell_review())
        self._calm = EmptyState(appearance, "emergency", "Aucun accès en urgence depuis 90\u00a0jours.")
        self.body.addWidget(self.emergencies, 1)
        self.body.addWidget(self._calm, 1)
        self.body.addWidget(Text("Actes, par personne et par jour", "section"))
        self.days = LinesTable(appearance, "Actes par personne et par jour", texts.DAY_HEADERS, (1, 1.6, 4, 0.8))
        self.body.addWidget(self.days, 1)
        on_key(self, "F5", presenter.refresh)
        presenter.changed.connect(self.refresh)
        self.refresh()

    def shown(self) -> None:
        """The page comes to the front."""
        self.presenter.refresh()
        self.hints_changed.emit(tuple(self.hints()))
        self.emergencies.setFocus()

    def refresh(self) -> None:
        """Draw the period."""
        p = self.presenter
        self.tell_fault(p.fault)
        waiting = sum(1 for one in p.reviews if not one.reviewed_by)
        told = words.count(waiting, "accès en urgence à relire", "accès en urgence à relire")
        self.say("Ce que ce cabinet a fait", f"90 derniers jours, dossiers sous pseudonyme. {told}.")
        self.emergencies.tell(tuple(self._line(one) for one in p.reviews))
        self.days.tell(tuple(Line(texts.day(one)) for one in p.days))
        asking = self._question is not None
        self.emergencies.setVisible(bool(p.reviews) and not asking)
        self._calm.setVisible(not p.reviews and not asking)
        self._tell_review()

    @staticmethod
    def _line(one: Review) -> Line:
        return Line(texts.review(one), "" if one.reviewed_by else "warning", "warning", 6)

    @property
    def _looked_at(self) -> Review | None:
        row, found = self.emergencies.currentIndex().row(), self.presenter.reviews
        return found[row] if 0 <= row < len(found) else None

    def _tell_review(self) -> None:
        one = self._looked_at
        self._review.setEnabled(one is not None and not one.reviewed_by)

    def _ask_review(self) -> None:
        one = self._looked_at
        if one is not None and not one.reviewed_by:
            self._ask(
                "Signer la relecture\u202f?",
                f"Accès du {texts.moment(one)}, {one.name}.",
                "Votre nom et vos mots vont au journal. Le dossier ne change pas.",
                "Ce que vous avez vérifié",
                "Signer",
                lambda said: self.presenter.review(one.access, said),
            )

    def _ask_export(self) -> None:
        self._ask(
            "Exporter les 90 derniers jours\u202f?",
            "Identifiants, actes et motifs\u00a0: aucun nom de patient, aucun document.",
            "L’export est lui-même écrit au journal.",
            "Pourquoi vous exportez",
            "Exporter",
            self.presenter.export,
        )

    def _ask(self, title: str, cause: str, effect: str, label: str, other: str, act: Callable[[str], None]) -> None:
        if self._question is not None:
            return
        said = QLineEdit()
        said.setAccessibleName(label)
        said.setPlaceholderText(label)
        question = QuestionPanel(
            self.appearance, title, cause, effect, "", "Ne rien faire", (other, "Ctrl Entrée"), said
        )
        question.allow(False, "Quelques mots d’abord.")
        said.textChanged.connect(lambda text: question.allow(bool(text.strip()), "Quelques mots d’abord."))
        question.other.connect(lambda: self._answer(lambda: act(said.text())))
        question.safe.connect(lambda: self._answer(lambda: None))
        on_key(question, "Ctrl+Return", question.answer_other)
        on_key(question, "Esc", question.safe.emit)
        self._question = question
        self._asking.addWidget(question)
        self.refresh()
        said.setFocus()

    def _answer(self, act: Callable[[], None]) -> None:
        question, self._question = self._question, None
        if question is not None:
            question.hide()
            question.deleteLater()
        act()
        self.refresh()
        self.emergencies.setFocus()

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this screen."""
        return (KeyHint("Alt+R", "Relire"), KeyHint("Alt+E", "Exporter"), KeyHint("F5", "Rafraîchir"))
