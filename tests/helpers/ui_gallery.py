"""Every widget, the command bar and the map of keys, as pictures. Fictional people only.

``python -m helpers.ui_gallery OUT [light|dark|high_contrast] [1366x768] [100] [part of a scene's name]…``, from
``tests/``, with ``QT_QPA_PLATFORM=offscreen``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from dmp_desktop.ui.alt_map import AltMap
from dmp_desktop.ui.command_bar import CommandBar
from dmp_desktop.ui.command_rows import HERE, Command
from dmp_desktop.ui.shell import Shell, Status
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.banner import BannerContent, BannerValue
from dmp_desktop.ui.widgets.basic import Chip, Hairline, KeyCap, Labelled, Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton, Choice, Field, RadioRow, TickRow
from dmp_desktop.ui.widgets.frames import CollapsiblePanel, CommandRow
from dmp_desktop.ui.widgets.messages import EmptyState, MessageStrip, QuestionPanel
from dmp_desktop.ui.widgets.paper_card import PaperCard
from dmp_desktop.ui.widgets.people import PersonList, PersonRow
from dmp_desktop.ui.widgets.steps import Step, StepList, StepState
from dmp_desktop.ui.widgets.traits import TraitRow, TraitTable

PEOPLE = (
    PersonRow(1, "LAVANDIN, Odile", "Nom utilisé CORNICHE", "23/05/1979", "47 ans", "Assuré(e)"),
    PersonRow(2, "CORNICHE, Gaspard", "Aucun nom utilisé sur la carte", "11/11/1977", "49 ans", "Conjoint(e)"),
    PersonRow(3, "CORNICHE, Capucine", "Naissance multiple, rang 1", "02/09/2016", "10 ans", "Enfant", child=True),
    PersonRow(4, "CORNICHE, Clémentine", "Naissance multiple, rang 2", "02/09/2016", "10 ans", "Enfant", child=True),
)
TRAITS = (
    TraitRow("Nom de naissance", "LAVANDIN", "LAVANDIN-GENÊT", "different"),
    TraitRow("Premier prénom", "ODILE", "ODILE", "same"),
    TraitRow("Date de naissance", "23/05/1979", "23/05/1979", "same"),
    TraitRow(
        "Lieu de naissance", "Pas sur la carte", "Villeneuve-l’Exemple (99000)", "not-comparable", muted_left=True
    ),
)
STEPS = (
    Step("Carte Vitale", StepState.DONE, "Lue à 09:12, 4 personnes"),
    Step("Personne", StepState.CURRENT, "À choisir"),
    Step("Identité", StepState.STOPPED, "INSi ne répond pas"),
    Step("Dossier existant\u202f?", StepState.SKIPPED, "Sans objet"),
    Step("Consentement", StepState.TO_COME),
)
BANNER = BannerContent(
    "LAVANDIN-GENÊT, Odile",
    "Nom utilisé CORNICHE",
    (
        BannerValue("Née le", "23/05/1979", note="47 ans"),
        BannerValue("Sexe", "Féminin"),
        BannerValue("Lieu de naissance", "Villeneuve-l’Exemple"),
        BannerValue("INS", "Récupérée", "success", "success"),
    ),
    BannerValue("DMP", "À ouvrir", "folder-plus", "action"),
)


def commands(shell: Shell | None = None) -> tuple[Command, ...]:
    """What a desk can do."""

    def nothing() -> None:
        pass

    anchor = shell.top if shell is not None else None
    return (
        Command("Nouvelle ouverture", nothing, "folder-plus", "F2"),
        Command("Lire la carte Vitale", nothing, "card", "F4"),
        Command("Tout réessayer", nothing, "refresh", "F5", "3 envois en attente", where=HERE),
        Command("Imprimer l’attestation", nothing, "printer", "F8", reason="Rien n’est encore confirmé", where=HERE),
        Command("Aller à « À traiter »", nothing, "inbox", "Alt+2"),
        Command("Vérifier les lecteurs", nothing, "reader", "Alt+3"),
        Command("Ouvrir les réglages", nothing, "gear"),
        Command("Verrouiller le poste", nothing, "lock", "F9", anchor=anchor),
    )


def page() -> tuple[QWidget, QVBoxLayout]:
    """A page that scrolls."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inside = QWidget()
    inside.setProperty("room", "scrolled")
    inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(inside)
    column.setContentsMargins(24, 22, 24, 16)
    column.setSpacing(16)
    area.setWidget(inside)
    return area, column


def controls(appearance: Appearance) -> QWidget:
    """Buttons, ticks, fields, chips."""
    area, column = page()
    column.addWidget(Text("Commandes", "title"))
    for enabled in (True, False):
        row = QHBoxLayout()
        row.setSpacing(16)
        for kind, keys, icon in (
            ("primary", "Entrée", ""),
            ("secondary", "F5", "refresh"),
            ("quiet", "F9", "lock"),
            ("link", "", ""),
        ):
            button = ActionButton(appearance, "Continuer", kind=kind, keys=keys, icon=icon)
            button.setEnabled(enabled)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
    row = QHBoxLayout()
    row.setSpacing(12)
    for state, icon, word in (
        ("success", "success", "Prête"),
        ("info", "info", "Provisoire"),
        ("warning", "warning", "À imprimer"),
        ("danger", "danger", "Refusé"),
        ("offline", "offline", "Hors ligne"),
        ("secret", "secret", "Non visible"),
        ("sandbox", "sandbox", "Bac à sable"),
    ):
        row.addWidget(Chip(appearance, state, icon, word))
    row.addWidget(KeyCap(appearance, "Ctrl Entrée"))
    row.addStretch(1)
    column.addLayout(row)
    both = QHBoxLayout()
    both.setSpacing(24)
    left, right = Panel("Choix", 1), Panel("Saisie", 2)
    ticked = TickRow(appearance, "La personne consent à l’ouverture de son dossier.", "Texte 2026-11, lu au comptoir.")
    ticked.setChecked(True)
    chosen = RadioRow(appearance, "Personne pour l’instant")
    chosen.setChecked(True)
    off = TickRow(appearance, "Accès en urgence par le Centre 15")
    off.setEnabled(False)
    for widget in (
        ticked,
        off,
        chosen,
        RadioRow(appearance, "Moi et ma structure", "Le médecin traitant s’ajoute ensuite."),
    ):
        left.body.addWidget(widget)
    wrong = Field(appearance, "Adresse électronique", "", "Ouvre le compte de la personne.")
    wrong.edit.setText("odile@")
    wrong.set_error("Il manque la fin de l’adresse.")
    choice = Choice(appearance, "Pièce présentée", "Carte d’identité, passeport…")
    for widget in (Field(appearance, "Mobile", "06 00 00 00 00"), wrong, choice):
        right.body.addWidget(widget)
    both.addWidget(left, 1, Qt.AlignmentFlag.AlignTop)
    both.addWidget(right, 1, Qt.AlignmentFlag.AlignTop)
    column.addLayout(both)
    column.addStretch(1)
    return area


def messages(appearance: Appearance) -> QWidget:
    """Strips, empty state, folded panel, labelled."""
    area, column = page()
    column.addWidget(Text("Messages", "title"))
    for state, strong, rest in (
        ("info", "Première ouverture du poste.", "Les réglages attendent la structure."),
        ("success", "Confirmé à 09:13.", "Référence OUV-2026-0414-0027."),
        ("warning", "Deux enfants nés le même jour.", "Demandez le prénom en entier avant de choisir."),
        ("danger", "Le DMP a refusé l’ouverture.", "Rien n’a été créé. Identifiant\u00a07F3A-0414."),
        ("offline", "Le DMP ne répond pas depuis 09:14.", "Vous pouvez continuer."),
    ):
        action = ActionButton(appearance, "Réessayer", keys="F5") if state == "danger" else None
        column.addWidget(MessageStrip(appearance, state, strong, rest, action))
    mobile = Labelled("Mobile", "06 00 00 00 12")
    mobile.setContentsMargins(16, 0, 16, 12)
    folded = CollapsiblePanel(appearance, "Représentant légal", "Sans objet", "Alt+R", Text("Contenu", "body"))
    opened = CollapsiblePanel(appearance, "Contact", "Facultatif", "Alt+T", mobile)
    opened.set_open(True)
    column.addWidget(folded)
    column.addWidget(opened)
    column.addWidget(Hairline())
    column.addWidget(EmptyState(appearance, "inbox", "Rien n’attend.", "Chaque geste envoyé est confirmé."), 1)
    return area


def question(appearance: Appearance) -> QWidget:
    """A question in place of the content."""
    area, column = page()
    proof = Choice(appearance, "Pièce présentée", "Carte d’identité, passeport, titre de séjour…")
    panel = QuestionPanel(
        appearance,
        "Continuer avec l’identité INSi\u202f?",
        "La carte dit «\u00a0LAVANDIN\u00a0», l’INSi «\u00a0LAVANDIN-GENÊT\u00a0».",
        "Rien n’est parti tant que vous n’avez pas décidé.",
        "Comparez avec une pièce d’identité, la personne présente.",
        "Laisser en attente",
        ("Continuer", "Alt+C"),
        proof,
    )
    panel.allow(False, "Choisissez d’abord la pièce présentée.")
    column.addWidget(panel)
    column.addStretch(1)
    panel.safe_button.setFocus()
    return area


def people(appearance: Appearance) -> QWidget:
    """People, one chosen, and traits."""
    area, column = page()
    column.addWidget(Text("Qui est devant vous\u202f?", "title"))
    both = QHBoxLayout()
    both.setSpacing(24)
    first = PersonList(appearance)
    first.tell(PEOPLE, chosen=2)
    first.setFixedHeight(first.height_for_all())
    steps = StepList(appearance)
    steps.tell(STEPS)
    side = QFrame()
    side.setFixedWidth(appearance.theme.px(256))
    inner = QVBoxLayout(side)
    inner.setContentsMargins(0, 0, 0, 0)
    inner.addWidget(steps)
    both.addWidget(first, 1)
    both.addWidget(side, 0, Qt.AlignmentFlag.AlignTop)
    column.addLayout(both)
    table = TraitTable(appearance, "Carte Vitale", "INSi")
    table.tell(TRAITS)
    column.addWidget(table)
    column.addStretch(1)
    return area


def papers(appearance: Appearance) -> QWidget:
    """Paper cards over a command row."""
    widget = QWidget()
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    row = QHBoxLayout()
    row.setContentsMargins(24, 22, 24, 16)
    row.setSpacing(16)
    for number, title in enumerate(("Attestation d’ouverture", "Étiquette de la carte"), 1):
        card = PaperCard(appearance, title, "1 page A4", str(number))
        card.preview.show_words("Jamais affiché")
        card.tell("Laser de l’accueil", "success", "success", "Prête")
        row.addWidget(card, 1)
    column.addLayout(row, 1)
    commands_row = CommandRow(appearance)
    commands_row.offer(
        [ActionButton(appearance, "Abandonner", keys="Échap")],
        [ActionButton(appearance, "Tout imprimer", kind="primary", keys="F8")],
        "Tapez 1 ou 2 pour n’imprimer qu’un papier.",
    )
    column.addWidget(commands_row)
    return widget


SCENES: dict[str, Callable[[Appearance], QWidget]] = {
    "01-controls": controls,
    "02-messages": messages,
    "03-question": question,
    "04-people": people,
    "05-papers": papers,
    "06-command-bar": people,
    "07-command-search": people,
    "08-alt-map": people,
}


def shell_around(appearance: Appearance, content: QWidget) -> Shell:
    """The window as the program makes it."""
    lock = QWidget()
    shell = Shell(appearance, "Cabinet des Trois-Tilleuls", lock, sandbox=True)
    for key, icon, words in (("opening", "folder-plus", "Ouverture"), ("waiting", "inbox", "À traiter")):
        shell.add_page(key, icon, words, content if key == "opening" else QWidget())
    shell.add_page("settings", "gear", "Réglages", QWidget(), bottom=True)
    shell.navigation.count("waiting", 3)
    shell.go("opening")
    shell.tell_banner(BANNER)
    shell.status.tell((Status("card", "Vitale\u00a0: en place", "success"), Status("send", "Rien en attente")))
    shell.status.list_keys((("F2", "Nouvelle ouverture"), ("Alt", "Toutes les touches"), ("F1", "Aide")))
    shell.show_work("Solène Papier", "Accueil")
    shell.top.tell_freshness("cloud", "À jour à 09:12", "success")
    return shell


def main(arguments: list[str]) -> None:
    """Draw everything, or the scenes whose name contains one of the words given after the zoom."""
    out = Path(arguments[0])
    theme = arguments[1] if len(arguments) > 1 else "light"
    width, height = (int(n) for n in (arguments[2] if len(arguments) > 2 else "1366x768").split("x"))
    zoom = int(arguments[3]) if len(arguments) > 3 else 100
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    appearance = Appearance(application, theme, zoom)
    for name, build in SCENES.items():
        if arguments[4:] and not any(word in name for word in arguments[4:]):
            continue
        shell = shell_around(appearance, build(appearance))
        bar = CommandBar(appearance, shell, lambda s=shell: commands(s))
        keys = AltMap(appearance, shell, lambda s=shell: commands(s))
        shell.resize(width, height)
        shell.show()
        shell.activateWindow()
        if "command" in name:
            bar.open()
            if "search" in name:
                bar.findChildren(QLineEdit)[0].setText("ve")
        if "alt" in name:
            keys.pin()
        for _ in range(4):
            application.processEvents()
        shell.grab().save(str(out / f"{name}.png"))
        shell.close()
        shell.deleteLater()
        application.processEvents()


if __name__ == "__main__":
    main(sys.argv[1:])
