"""Questions of the sign-in screen about keys: the copy, the recovery page, the ways out of a post that stays shut.

Each draws into the panel and gives the widget that takes the keyboard first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dmp_desktop.errors import DmpError
from dmp_desktop.ui.copy_presenter import Copy
from dmp_desktop.ui.page_frame import on_key
from dmp_desktop.ui.rescue_presenter import Rescue
from dmp_desktop.ui.sentences import sentence
from dmp_desktop.ui.session_presenter import Busy, SessionPresenter
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Hairline, Text
from dmp_desktop.ui.widgets.controls import ActionButton, Field
from dmp_desktop.ui.widgets.messages import MessageStrip, on_click

CODE_LABEL = "Code (7 groupes de 4 caractères)"
_CODE_HELP = "Majuscules ou minuscules, avec ou sans tirets."
_WORDS = {
    Rescue.RECOVERY_PAGE: ("Page de secours", "Alt+S", "key"),
    Rescue.EMPTY_POST: ("Repartir d’un poste vide", "Alt+V", "folder"),
    Rescue.BACKUP: ("Restaurer une sauvegarde…", "Alt+B", "history"),
    Rescue.GO_ON: ("Continuer avec ces fichiers", "Alt+C", "right"),
}

Head = Callable[[str, str, str, str], None]


@dataclass(frozen=True, slots=True)
class KeyQuestions:
    """Draws for one screen.

    :param head: icon, words over, title and words under, as every state of the screen begins.
    """

    appearance: Appearance
    presenter: SessionPresenter
    body: QVBoxLayout
    head: Head

    # -- the copy of documents ----------------------------------------------------------------------------------------

    def copy(self) -> QWidget:
        """The copy is not open: a code, an empty copy, or without it."""
        copy = self.presenter.copy
        if copy.state is Copy.EMPTYING:
            return self._empty_copy()
        broken = copy.state is Copy.BROKEN
        title = "La copie des documents ne s’ouvre pas"
        if not broken:
            title = "Votre carte n’ouvre pas encore la copie des documents de ce poste"
        self.head("key", "", title, "Vous pouvez ouvrir des dossiers sans elle.")
        self.body.addWidget(Hairline())
        self._fault(copy.fault)
        first: QWidget
        if broken:
            without = self._row(("Recommencer avec une copie vide", "Alt+V", "folder", copy.ask_empty))
            self._foot(without, "Continuer sans la copie", "Entrée", copy.go_without, key="Return")
            return without
        field = Field(self.appearance, CODE_LABEL, help_=f"{_CODE_HELP} D’un confrère, ou de la page de secours.")
        field.edit.setEnabled(not copy.busy)
        self.body.addWidget(field)
        first = field.edit
        self._row(("Recommencer avec une copie vide", "Alt+V", "folder", copy.ask_empty))

        def send() -> None:
            if field.text():
                copy.code_entered(field.text())

        field.edit.returnPressed.connect(send)
        aside = self._button("Continuer sans la copie", "Alt+C", "", copy.go_without, kind="secondary")
        self._foot(aside, "Ouvrir la copie", "Entrée", send)
        return first

    def _empty_copy(self) -> QWidget:
        copy = self.presenter.copy
        self.head("folder", "", "Recommencer avec une copie vide", "Les documents restent au DMP.")
        self.body.addWidget(Hairline())
        self._fault(copy.fault)
        strip = MessageStrip(
            self.appearance,
            "warning",
            unsent_words(copy.unsent),
            "L’ancienne copie et ses brouillons sont mis de côté sur ce poste, pas effacés. "
            "Une nouvelle page de secours remplace l’ancienne, les autres cartes devront être invitées.",
        )
        self.body.addWidget(strip)
        back = self._button("Garder la copie", "Échap", "", copy.keep_copy, kind="secondary", key="Esc")
        self._foot(back, "Recommencer", "Ctrl Entrée", copy.begin_empty, key="Ctrl+Return")
        return back

    # -- the recovery page --------------------------------------------------------------------------------------------

    def recovery(self) -> QWidget:
        """The page to lock away, to be printed now: its code is shown nowhere and kept nowhere."""
        presenter = self.presenter
        self.head("printer", "", "Imprimez la page de secours", "Une page A4, à garder sous clé hors de ce poste.")
        self.body.addWidget(Hairline())
        self._fault(presenter.fault)
        self.body.addWidget(
            Text(
                "Son code ouvre ce poste si la phrase de passe est oubliée, et la copie des documents si aucune carte"
                " ne l’ouvre plus. Il n’est gardé nulle part ailleurs.",
                "body",
                wrap=True,
            )
        )
        later = self._button("Continuer sans imprimer", "Alt+C", "", presenter.recovery_printed, kind="secondary")
        printing = presenter.busy is Busy.PRINTING
        words = "Impression en cours" if printing else "Imprimer la page"
        button = self._foot(later, words, "F8", presenter.print_recovery, key="F8")
        button.setEnabled(not printing)
        return button

    # -- ways out -----------------------------------------------------------------------------------------------------

    def rescue(self, rescue: Rescue) -> QWidget:
        """The questions of the way out that was chosen."""
        if rescue is Rescue.BACKUP:
            return self._backup()
        return self._recover() if rescue is Rescue.RECOVERY_PAGE else self._empty_post()

    def rescue_buttons(self) -> list[ActionButton]:
        """One quiet button for each way out on offer."""
        rescue = self.presenter.rescue
        made = []
        for offered in rescue.offered:
            words, keys, icon = _WORDS[offered]
            made.append(self._button(words, keys, icon, partial(rescue.choose, offered)))
        return made

    def _recover(self) -> QWidget:
        presenter = self.presenter
        self.head("key", "", "Ouvrir avec la page de secours", "Et choisir une nouvelle phrase de passe.")
        self.body.addWidget(Hairline())
        self._fault(presenter.fault)
        code = Field(self.appearance, CODE_LABEL, help_=_CODE_HELP)
        phrase = Field(self.appearance, "Nouvelle phrase de passe", help_="8 caractères au moins.")
        phrase.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(code)
        self.body.addWidget(phrase)

        def send() -> None:
            if len(phrase.text()) < 8:
                phrase.set_error("Il faut 8 caractères au moins.")
            elif code.text() and presenter.busy is Busy.NOTHING:
                presenter.rescue.recover(code.text(), phrase.text())

        phrase.edit.returnPressed.connect(send)
        code.edit.returnPressed.connect(phrase.edit.setFocus)
        back = self._button("Revenir", "Échap", "", presenter.rescue.leave, kind="secondary", key="Esc")
        self._foot(back, "Ouvrir le poste", "Entrée", send)
        return code.edit

    def _empty_post(self) -> QWidget:
        presenter = self.presenter
        self.head("folder", "", "Repartir d’un poste vide", "Les dossiers restent au DMP.")
        self.body.addWidget(Hairline())
        strip = MessageStrip(
            self.appearance,
            "warning",
            unsent_words(None),
            "Les fichiers de ce poste sont mis de côté, pas effacés. Sans clé, personne ne pourra les lire.",
        )
        self.body.addWidget(strip)
        back = self._button("Revenir", "Échap", "", presenter.rescue.leave, kind="secondary", key="Esc")
        self._foot(back, "Repartir", "Ctrl Entrée", presenter.rescue.empty_post, key="Ctrl+Return")
        return back

    def _backup(self) -> QWidget:
        presenter = self.presenter
        self.head("history", "", "Restaurer une sauvegarde", "Le poste redevient celui du jour où elle a été faite.")
        self.body.addWidget(Hairline())
        self._fault(presenter.fault)
        self.body.addWidget(
            MessageStrip(
                self.appearance,
                "info",
                "Choisissez un dossier dont le nom commence par «\u00a0sauvegarde-dmp\u00a0».",
                "Il est vérifié en entier avant d’être remis en place. Ce qui est sur ce poste est mis de côté, pas"
                " effacé. La phrase de passe, les cartes et la page de secours redeviennent celles de ce jour-là.",
            )
        )
        rescue, working = presenter.rescue, presenter.working
        back = self._button("Revenir", "Échap", "", rescue.decline, kind="secondary", key="Esc")
        words = "Restauration en cours" if working else "Choisir le dossier…"
        button = self._foot(back, words, "Entrée", rescue.restore, key="Return")
        for one in (back, button):
            one.setEnabled(not working)
        return button

    # -- parts --------------------------------------------------------------------------------------------------------

    def _fault(self, fault: DmpError | None) -> None:
        if fault is not None:
            self.body.addWidget(MessageStrip.of(self.appearance, sentence(fault)))

    def _button(
        self, words: str, keys: str, icon: str, act: Callable[[], None], *, kind: str = "quiet", key: str = ""
    ) -> ActionButton:
        button = ActionButton(self.appearance, words, kind=kind, keys=keys, icon=icon)
        on_click(button, act)
        on_key(button, key or keys, button.click)
        return button

    def _row(self, action: tuple[str, str, str, Callable[[], None]]) -> ActionButton:
        row = QHBoxLayout()
        button = self._button(*action)
        row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        return button

    def _foot(
        self, aside: ActionButton, words: str, keys: str, act: Callable[[], None], *, key: str = ""
    ) -> ActionButton:
        foot = QHBoxLayout()
        foot.setSpacing(16)
        if aside.parent() is None:
            foot.addWidget(aside)
        foot.addStretch(1)
        button = ActionButton(self.appearance, words, kind="primary", keys=keys)
        on_click(button, act)
        if key:
            on_key(button, key, button.click)
        foot.addWidget(button)
        self.body.addLayout(foot)
        return button


def unsent_words(unsent: int | None) -> str:
    """What is known of the acts that have not reached the DMP."""
    if unsent is None:
        return "Ce qui n’était pas encore envoyé ne peut pas être compté\u00a0: la base de ce poste ne s’ouvre pas."
    if unsent == 0:
        return "Rien n’attend d’être envoyé au DMP."
    acts = "1 geste attend" if unsent == 1 else f"{unsent} gestes attendent"
    return f"{acts} d’être envoyé{'s' if unsent > 1 else ''} au DMP\u00a0: la base de ce poste les garde."
