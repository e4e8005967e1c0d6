"""« Déposer »: a file or a report, what it is, who sees it; it leaves by Ctrl+Entrée, now or when the store answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from dmp_desktop.domain.clock import PARIS
from dmp_desktop.domain.terminology import Code
from dmp_desktop.services.deposit_form import Audience, DepositForm, types_for
from dmp_desktop.ui.deposit import texts
from dmp_desktop.ui.deposit.parts import Chooser, DropPanel, FollowedPanel, TypeChoice, VisibilityPanel, labelled
from dmp_desktop.ui.deposit.presenter import DepositPresenter
from dmp_desktop.ui.opening import texts as words
from dmp_desktop.ui.page_frame import KeyHint, PageFrame, fill
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import ElidedText, IconLabel, Panel, Text
from dmp_desktop.ui.widgets.controls import Field
from dmp_desktop.ui.widgets.messages import MessageStrip, ProgressLine

_WORK = {"convert": "Mise au format du DMP", "send": "Préparation de l’envoi"}


class DepositPage(PageFrame):
    """One deposit into one record.

    :param choose_file: asks for one file in the system's own dialog.
    """

    hints_changed = Signal(object)

    def __init__(self, appearance: Appearance, presenter: DepositPresenter, choose_file: Chooser) -> None:
        super().__init__(appearance, alone=True)
        self.presenter, self._choose_file = presenter, choose_file
        self.setAccessibleName("Déposer un document")
        self._strip = MessageStrip(appearance, "info", "")
        self._progress = ProgressLine(appearance)
        fill(self.body, self._strip, self._progress)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(24)
        left = QVBoxLayout()
        left.setSpacing(16)
        self.followed = FollowedPanel(appearance)
        left.addWidget(self._document(), 1)
        left.addWidget(self.followed)
        self._columns.addLayout(left, 1)
        right = QVBoxLayout()
        right.setSpacing(16)
        self.visibility = VisibilityPanel(appearance)
        self.visibility.answered.connect(lambda who, hidden: presenter.answer(Audience(who), hidden))
        fill(right, self._about(), self.visibility)
        right.addStretch(1)
        self._side = QWidget()
        self._side.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        self._columns.addWidget(self._side)
        self.body.addLayout(self._columns, 1)
        leave = self.button("Revenir", presenter.leave, cap="Échap", keys="Esc")
        self._hold = self.button("Retenir", lambda: presenter.send(hold=True), cap="Alt+R", keys="Alt+R", icon="pause")
        self._send = self.button(
            "Déposer", presenter.send, kind="primary", cap="Ctrl Entrée", keys="Ctrl+Return", icon="send"
        )
        self.commands.offer([leave], [self._hold, self._send])
        self._drawn: DepositForm | None = None
        presenter.changed.connect(self.refresh)
        appearance.changed.connect(self._measure)
        self._measure()
        self.refresh()

    def _document(self) -> Panel:
        appearance, presenter = self.appearance, self.presenter
        self._panel = panel = DropPanel()
        panel.dropped.connect(lambda path: presenter.take_file(Path(path)))
        self._discard = self.button("Jeter ce brouillon", presenter.discard, kind="quiet", cap="Alt+J", keys="Alt+J")
        panel.head.addWidget(self._discard)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._choose = self.button("Choisir un fichier", self._ask_file, cap="Alt+O", keys="Alt+O", icon="file-plus")
        self._paste = self.button("Coller une image", self._paste_image, cap="Alt+V", keys="Alt+V", icon="copy")
        row.addWidget(self._choose)
        row.addWidget(self._paste)
        row.addStretch(1)
        panel.body.addLayout(row)
        self._file = QWidget()
        card = QHBoxLayout(self._file)
        card.setContentsMargins(0, 8, 0, 8)
        card.setSpacing(12)
        card.addWidget(IconLabel(appearance, "file", "action", 28), 0, Qt.AlignmentFlag.AlignTop)
        told = QVBoxLayout()
        told.setSpacing(2)
        self._name = ElidedText("", "body-strong")
        self._about_file = Text("", "body", "text-2", wrap=True)
        fill(told, self._name, self._about_file)
        card.addLayout(told, 1)
        panel.body.addWidget(self._file)
        self._or = Text("Ou écrivez un compte rendu", "body-strong")
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Compte rendu")
        self.text.setPlaceholderText("Il devient un PDF avec l’en-tête du cabinet et l’identité de la personne.")
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(lambda: presenter.write(self.text.toPlainText()))
        panel.body.addWidget(self._or)
        panel.body.addWidget(self.text, 1)
        self._no_text = QWidget()
        panel.body.addWidget(self._no_text, 1)
        return panel

    def _about(self) -> Panel:
        panel = Panel("Ce que c’est", margin=20, spacing=10)
        self.type = TypeChoice(self.appearance)
        self.type.chosen.connect(self._type_chosen)
        self.title_field = Field(self.appearance, "Titre")
        self.title_field.edit.textEdited.connect(self.presenter.entitle)
        self.date = Field(self.appearance, "Date de l’acte", "JJ/MM/AAAA")
        self.date.edit.textEdited.connect(self.presenter.set_date)
        panel.body.addLayout(labelled("Type", self.type))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.title_field, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.date, 0, Qt.AlignmentFlag.AlignTop)
        panel.body.addLayout(row)
        return panel

    def _measure(self) -> None:
        px = self.appearance.theme.px
        self.text.setMinimumHeight(px(160))
        self.date.setFixedWidth(px(128))
        self.fit(narrow=self.narrow)

    def fit(self, *, narrow: bool) -> None:
        """What it is goes under the document."""
        super().fit(narrow=narrow)
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        width = self.appearance.theme.px(440)
        self._side.setMinimumWidth(0 if narrow else width)
        self._side.setMaximumWidth(16_777_215 if narrow else width)

    # -- drawing ------------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """The page comes to the front."""
        self.hints_changed.emit(tuple(self.hints()))
        self.focus_first()

    def refresh(self) -> None:
        """Draw the form as it stands."""
        p, form = self.presenter, self.presenter.form
        self.tell_fault(p.fault)
        self._tell_work()
        for widget in (self._panel, self._side, self.followed, self._send, self._hold, self._discard):
            widget.setVisible(form is not None)
        if form is None:
            self.say("Déposer un document", "Ouvrez d’abord le dossier d’une personne.")
            self._strip.hide()
            self._clear()
            return
        replaced = form.draft.replaces is not None
        self.say("Remplacer ce document" if replaced else "Déposer un document", self._promise(form))
        self._tell_strip(form)
        if form is not self._drawn:
            self._clear()
            self._drawn = form
            # A draft that comes back stands in the field even where the keyboard already is: or one key would lose it.
            self.text.blockSignals(True)
            self.text.setPlainText(form.draft.text)
            self.text.blockSignals(False)
            self.type.offer(types_for(form.context.professional))
            start = form.draft.service_start
            self.date.edit.setText(start.astimezone(PARIS).strftime("%d/%m/%Y") if start else "")
        if self.text.toPlainText() != form.draft.text and not self.text.hasFocus():
            self.text.setPlainText(form.draft.text)
        self._tell_document(form)
        self.type.show_type(form.draft.type_code)
        if self.title_field.text() != form.draft.title:
            self.title_field.edit.setText(form.draft.title)
        self.date.set_error("Le jour de l’acte, aujourd’hui ou avant." if form.raw_date.strip() else "")
        self.visibility.tell(form)
        self.followed.tell(p.followed)
        blocker = p.blocker
        for button in (self._send, self._hold):
            button.setEnabled(blocker is None and not p.work)
            button.setAccessibleDescription(texts.BLOCKER[blocker].replace("\n", " ") if blocker else "")
        self._discard.setVisible(form.touched)
        self.tell_reason(texts.BLOCKER[blocker] if blocker else "")

    def _promise(self, form: DepositForm) -> str:
        if not form.rights.allowed:
            return form.rights.words
        if form.like is not None:
            older = form.like.title or form.like.type_code.text
            return f"Nouvelle version de «\u00a0{older}\u00a0»\u00a0: l’ancienne reste au DMP, repliée sous elle."
        return "Il part tout de suite, ou dès que le DMP répond. Rien n’est perdu entre-temps."

    def _tell_strip(self, form: DepositForm) -> None:
        if self.presenter.resumed:
            kept = words.day(form.draft.changed_at)
            self._strip.say("info", f"Brouillon du {kept} repris.", "Dites de nouveau qui le voit, puis déposez-le.")
        self._strip.setVisible(self.presenter.resumed)

    def _tell_work(self) -> None:
        said = _WORK.get(self.presenter.work, "")
        if said and self._progress.accessibleName() != said:
            self._progress.start(said)
        elif not said and self._progress.accessibleName():
            self._progress.stop()
            self._progress.setAccessibleName("")
        self._progress.setVisible(bool(said))

    def _tell_document(self, form: DepositForm) -> None:
        draft, change = form.draft, self.presenter.change
        has_file = bool(draft.sha256) and not draft.text.strip()
        self._file.setVisible(has_file)
        self._no_text.setVisible(has_file)
        self._or.setVisible(not has_file)
        self.text.setVisible(not has_file)
        if has_file:
            self._choose.set_words("Choisir un autre fichier")
            self._name.setText(draft.file_name or "Document")
            self._name.setAccessibleName(draft.file_name or "Document")
            weight = f"{max(1, draft.size // 1000)}\u00a0ko"
            pages = words.count(form.pages, "page", "pages") if form.pages else ""
            said = ", ".join(part for part in (pages, weight) if part)
            self._about_file.setText(f"{said}. {texts.CHANGE[change]}" if change else f"{said}.")
        else:
            self._choose.set_words("Choisir un fichier")

    def _clear(self) -> None:
        self._drawn = None
        for widget in (self.text, self.title_field.edit, self.date.edit):
            widget.blockSignals(True)
            widget.clear()
            widget.blockSignals(False)
        self.type.show_type(None)

    # -- hands --------------------------------------------------------------------------------------------------------

    def focus_first(self) -> None:
        """The report, where most begin."""
        (self.text if self.text.isVisible() else self.type).setFocus()

    def hints(self) -> Sequence[KeyHint]:
        """Keys of this screen."""
        return (KeyHint("Alt+O", "Choisir un fichier"), KeyHint("Ctrl Entrée", "Déposer"), KeyHint("Échap", "Revenir"))

    def _type_chosen(self, code: Code | None) -> None:
        self.presenter.choose_type(code)

    def _ask_file(self) -> None:
        if path := self._choose_file():
            self.presenter.take_file(Path(path))

    def _paste_image(self) -> None:
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            return
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes for the format
        self.presenter.take_bytes(bytes(data.data()), "")
