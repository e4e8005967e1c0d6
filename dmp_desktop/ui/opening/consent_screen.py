"""Information and consent: five numbered parts, the review under them, and one key that sends."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dmp_desktop.domain.dossier import Protection
from dmp_desktop.services.opening import StopCause
from dmp_desktop.services.opening_form import Blocker, ConsentForm
from dmp_desktop.ui.opening import texts
from dmp_desktop.ui.opening.base import KeyHint, Screen, on_key
from dmp_desktop.ui.opening.consent_parts import (
    AccessPart,
    ConsentPart,
    ContactPart,
    DeferredPart,
    EmergencyPart,
    InformationPart,
)
from dmp_desktop.ui.opening.errands import Work
from dmp_desktop.ui.opening.presenter import OpeningPresenter
from dmp_desktop.ui.opening.representative_part import RepresentativePart
from dmp_desktop.ui.opening.review import ReviewBar
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Panel, Text

TITLE = "Information et consentement"
AGAIN = "Réactivation\u00a0: information et nouveau consentement"
REFUSED = "La personne a dit non le {}\u00a0: n’insistez pas. Le dossier s’ouvre si elle le demande."

SUBTITLE = "Espace coche la case, Tab passe à la suite. Rien ne part avant Ctrl + Entrée."
REREAD = "La carte est relue avant l’envoi.\nSi elle a changé, rien ne part."


class ConsentScreen(Screen):
    """The form, in reading order; the order of Tab makes the ordinary adult two ticks (F1)."""

    def __init__(self, appearance: Appearance, presenter: OpeningPresenter) -> None:
        super().__init__(appearance, presenter)
        self._drawn: ConsentForm | None = None
        self.information = InformationPart(self)
        self.consent = ConsentPart(self)
        self.emergency = EmergencyPart(self)
        self.access = AccessPart(self)
        self.contact = ContactPart(self)
        self.representative = RepresentativePart(self)
        self.deferred = DeferredPart(self)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(16)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for column in (self._left, self._right):
            column.setSpacing(12)
            self._columns.addLayout(column, 1)
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.addLayout(self._columns)
        self._place(minor=False)
        self._question = self._refusal_question()
        self._question.hide()
        self.body.addWidget(self._form)
        self.body.addWidget(self._question)
        self.body.addStretch(1)
        self.review = ReviewBar(appearance)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - made so by Screen
        layout.insertWidget(1, self.review)
        self._back = self.button("Revenir", presenter.back, cap="Alt+←", keys="Alt+Left")
        self._leave = self.button("Abandonner", self._escape, kind="quiet", cap="Échap", keys="Esc")
        self.send = self.button(
            "Ouvrir le dossier",
            presenter.submit,
            kind="primary",
            cap="Ctrl Entrée",
            keys="Ctrl+Return|Ctrl+Enter",
            icon="folder-plus",
        )
        self.commands.offer([self._back, self._leave], [self.send])
        on_key(self, "Alt+R", self.ask_refusal)
        on_key(self, "Alt+M", self.representative.toggle)
        on_key(self, "F4", presenter.reread)

    def _place(self, *, minor: bool) -> None:
        """Panels by column; for a minor the representative comes first (guide 14, picture 04)."""
        left: list[QWidget] = [self.information.panel, self.consent.panel, self.emergency.panel]
        right: list[QWidget] = [self.access.panel, self.contact.panel, self.deferred.panel]
        right.insert(0, self.representative.panel) if minor else right.insert(2, self.representative.panel)
        for column, panels in ((self._left, left), (self._right, right)):
            while column.count():
                column.takeAt(0)
            for panel in panels:
                column.addWidget(panel)
            column.addStretch(1)
        first = self.representative.fields if minor else []
        last = [] if minor else self.representative.fields
        order: list[QWidget] = [
            *first,
            self.information.tick,
            self.consent.tick,
            *self.emergency.ticks,
            *self.access.radios.values(),
            self.contact.mobile.edit,
            self.contact.email.edit,
            *last,
            self.deferred.reason.edit,
            *self.information.links,
            *self.consent.links,
        ]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def fit(self, *, narrow: bool) -> None:
        """One column in a narrow window; the review then scrolls away with nothing lost: each part says the same."""
        super().fit(narrow=narrow)
        direction = QHBoxLayout.Direction
        self._columns.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self.review.setVisible(not narrow)
        margins = self.body.contentsMargins()
        self.body.setContentsMargins(margins.left(), 14, margins.right(), 8)
        self.body.setSpacing(12)

    def refresh(self) -> None:
        """The form as it stands; a new form is drawn whole, the same one keeps focus and caret."""
        flow = self.presenter.flow
        form = flow.form
        minor = form.protection is Protection.MINOR
        if form is not self._drawn:
            self._drawn = form
            self._question.hide()
            self._form.show()
            self._place(minor=minor)
            for part in self._parts():
                part.begin(form)
        refused = flow.earlier_refusal
        self.say(AGAIN if flow.reactivation else TITLE, REFUSED.format(texts.day(refused)) if refused else SUBTITLE)
        self.tell_fault(self.presenter.fault or self.presenter.tray.fault)
        for part in self._parts():
            part.refresh(form)
        self.review.tell(flow, self.presenter)
        blockers = flow.blockers
        sending = self.presenter.errands.work in {Work.REREADING, Work.WRITING}
        self.send.setEnabled(not blockers and not sending and self._question.isHidden())
        self.send.set_words("Réactiver le dossier" if flow.reactivation else "Ouvrir le dossier")
        self.tell_reason(self._reason(blockers, sending))

    def _parts(
        self,
    ) -> tuple[
        InformationPart | ConsentPart | EmergencyPart | AccessPart | ContactPart | RepresentativePart | DeferredPart,
        ...,
    ]:
        return (
            self.information,
            self.consent,
            self.emergency,
            self.access,
            self.contact,
            self.representative,
            self.deferred,
        )

    def _reason(self, blockers: tuple[Blocker, ...], sending: bool) -> str:
        if sending:
            return "La carte est relue…"
        return texts.BLOCKER[blockers[0]] if blockers else REREAD

    def focus_first(self) -> None:
        """The first thing to do: the representative for a minor, the information otherwise."""
        minor = self.presenter.flow.form.protection is Protection.MINOR
        (self.representative.family.edit if minor else self.information.tick).setFocus()

    # -- refusing -----------------------------------------------------------------------------------------------------

    def _refusal_question(self) -> Panel:
        question = Panel(margin=24, spacing=16)
        question.body.addWidget(Text("La personne refuse, ou préfère réfléchir\u202f?", "title", wrap=True))
        question.body.addWidget(
            Text(
                "C’est son droit\u00a0: ses soins et ses remboursements n’en dépendent pas. Rien ne part au DMP. "
                "Sa réponse est notée ici, pour ne pas lui reposer la question à chaque visite.",
                "body",
                "text-2",
                wrap=True,
            )
        )
        row = QHBoxLayout()
        row.setSpacing(16)
        refuses = self.button("Elle refuse", lambda: self._refuse(StopCause.REFUSED), cap="Alt+F", keys="Alt+F")
        thinks = self.button("Elle réfléchit", lambda: self._refuse(StopCause.HESITATES), cap="Alt+H", keys="Alt+H")
        self.stay = self.button(
            "Reprendre le formulaire", self._resume, kind="primary", cap="Entrée", keys="Return|Enter"
        )
        row.addStretch(1)
        for button in (refuses, thinks, self.stay):
            row.addWidget(button)
        question.body.addLayout(row)
        return question

    def ask_refusal(self) -> None:
        """Alt+R: the question takes the place of the form; going back to it is the safe answer."""
        self._form.hide()
        self._question.show()
        self.stay.setFocus()
        self.refresh()

    def _refuse(self, cause: StopCause) -> None:
        self.presenter.refuse(cause)

    def _resume(self) -> None:
        self._question.hide()
        self._form.show()
        self.focus_first()
        self.refresh()

    def _escape(self) -> None:
        if self._question.isVisible():
            self._resume()
        else:
            self.presenter.abandon()

    def hints(self) -> tuple[KeyHint, ...]:
        """Keys of the form."""
        words = "Réactiver le dossier" if self.presenter.flow.reactivation else "Ouvrir le dossier"
        return (KeyHint("Espace", "Cocher"), KeyHint("Ctrl Entrée", words))
