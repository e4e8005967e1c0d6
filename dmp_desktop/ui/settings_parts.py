"""The parts of the settings page, each a panel of fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from dmp_desktop.config import StoreSettings
from dmp_desktop.domain import oids
from dmp_desktop.printing.printer import PrinterName
from dmp_desktop.printing.stocks import Stock
from dmp_desktop.ui import settings_rules as rules
from dmp_desktop.ui.opening.base import on_key
from dmp_desktop.ui.settings_fields import FieldGrid, LineField, LinesField, Option, PickField, SettingField
from dmp_desktop.ui.theme.appearance import Appearance
from dmp_desktop.ui.widgets.basic import Labelled, Panel, Text
from dmp_desktop.ui.widgets.controls import ActionButton
from dmp_desktop.ui.widgets.messages import on_click

ATTESTATION, STICKER = "attestation_printer", "sticker_printer"
NEXT_START: Final = "Pris en compte au prochain démarrage du programme."
SANDBOX_REASON: Final = "Bac à sable\u00a0: ces adresses sont données par lui à chaque démarrage, rien n’est à régler."

_PLATFORMS: Final = {
    oids.INS_NIR: "Production",
    oids.INS_NIR_TEST: "Test",
    oids.INS_NIR_DEMO: "Démonstration",
}
_THEMES: Final[tuple[Option, ...]] = (
    ("system", "Comme le système"),
    ("light", "Clair"),
    ("dark", "Sombre"),
    ("high_contrast", "Contraste élevé"),
)
_ROTATIONS: Final[tuple[Option, ...]] = (
    ("0", "Sans rotation"),
    ("90", "90° à droite"),
    ("180", "180°"),
    ("270", "90° à gauche"),
)
_NONE = "Non renseigné"


class Part(Panel):
    """A panel of fields.

    :ivar fields: in the order of Tab.
    :ivar grids: to be fitted to the room there is.
    """

    def __init__(self, title: str, note: str = "") -> None:
        super().__init__(title, spacing=12)
        self.fields: list[SettingField] = []
        self.grids: list[FieldGrid] = []
        if note:
            self.body.addWidget(Text(note, "caption", "text-2", wrap=True))

    def lay(self, appearance: Appearance, fields: Sequence[SettingField], wide: Sequence[SettingField] = ()) -> None:
        """Lay fields out."""
        self.fields.extend(fields)
        self._grid(FieldGrid(appearance, fields, wide))

    def tell(self, appearance: Appearance, facts: Sequence[tuple[str, str]], wide: Sequence[str]) -> None:
        """Lay out what is only to be read."""
        shown = [(label, Labelled(label, value or _NONE, "body")) for label, value in facts]
        self._grid(FieldGrid(appearance, [row for _, row in shown], [row for label, row in shown if label in wide]))

    def _grid(self, grid: FieldGrid) -> None:
        self.grids.append(grid)
        self.body.addWidget(grid)


def structure_part(appearance: Appearance) -> Part:
    """Who the practice is."""
    part = Part("Structure", "Telle que les papiers et les envois la nomment.")
    name = LineField(appearance, "structure.name", "Nom de la structure", rules.REQUIRED)
    address = LinesField(appearance, "structure.address", "Adresse postale", rules.LINES)
    responsible = LineField(
        appearance,
        "structure.responsible",
        "Professionnel responsable",
        help_="Nommé sur les papiers à côté du secrétariat.",
    )
    regulation = PickField(
        appearance,
        "structure.medical_regulation",
        "Centre de régulation médicale (Centre\u00a015)",
        ((rules.NO, "Non"), (rules.YES, "Oui")),
        rules.YES_NO,
        "F12 y cherche une personne par ses traits.",
    )
    secret = PickField(
        appearance,
        "structure.secret_from",
        "Connexion secrète proposée dès",
        [(str(age), f"{age}\u00a0ans") for age in rules.SECRET_AGES],
        rules.SECRET_AGE,
        "Une personne mineure peut vouloir que ses représentants n’en sachent rien.",
        gone="{}\u00a0ans",
    )
    part.lay(
        appearance,
        (
            name,
            address,
            LineField(appearance, "structure.identifier", "Identifiant national", rules.STRUCTURE),
            LineField(appearance, "structure.post", "Nom de ce poste"),
            responsible,
            regulation,
            secret,
        ),
        (name, address, responsible),
    )
    return part


class ReadersPart(Part):
    """Which reader holds which card, and the module of the professional card."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__("Lecteurs")
        gone = "{} (débranché)"
        self._vitale = PickField(appearance, "cards.vitale_reader", "Lecteur de la carte Vitale", gone=gone)
        self._professional = PickField(
            appearance, "cards.professional_reader", "Lecteur de la carte professionnelle", gone=gone
        )
        module = LineField(
            appearance,
            "cards.pkcs11_module",
            "Module PKCS#11",
            rules.FILE,
            f"Vide\u00a0: cherché aux emplacements habituels. {NEXT_START}",
        )
        self.lay(appearance, (self._vitale, self._professional, module), (module,))

    def offer(self, readers: Sequence[str]) -> None:
        """The readers plugged in."""
        known = [(name, name) for name in readers]
        self._vitale.offer([("", "Celui qui contient la Vitale"), *known])
        self._professional.offer([("", "Celui qui contient la carte"), *known])


class PrinterPart(Part):
    """How one kind of paper reaches its printer.

    :param path: section of the settings.
    :param calibrate: asked by the button; the page says whether it may be.
    """

    def __init__(
        self,
        appearance: Appearance,
        path: str,
        title: str,
        stocks: Sequence[Stock],
        keys: tuple[str, str],
        calibrate: Callable[[], None],
    ) -> None:
        super().__init__(title)
        self.path = path
        gone = "{} (absente de ce poste)"
        self._printer = PickField(appearance, f"{path}.printer", "Imprimante", gone=gone)
        sheet = any(stock.kind == "sheet" for stock in stocks)
        stock = PickField(appearance, f"{path}.stock", "Support", [(stock.id, stock.name) for stock in stocks])
        offset = "Décalage vers {} (mm)"
        fields: list[SettingField] = [
            self._printer,
            LineField(appearance, f"{path}.tray", "Bac", help_="Vide\u00a0: celui de l’imprimante."),
            stock,
            PickField(appearance, f"{path}.rotation", "Rotation", _ROTATIONS, rules.ROTATION, gone="{}°"),
            LineField(appearance, f"{path}.offset_x", offset.format("la droite"), rules.OFFSET),
            LineField(appearance, f"{path}.offset_y", offset.format("le bas"), rules.OFFSET),
        ]
        if sheet:
            start = LineField(
                appearance,
                f"{path}.start",
                "Première étiquette libre",
                rules.WHOLE,
                "Sur une planche, comptée ligne par ligne.",
            )
            fields.append(start)
        self.lay(appearance, fields)
        self.calibrate = ActionButton(appearance, "Page de calibrage", keys=keys[0], icon="printer")
        self.calibrate.setAccessibleName(f"Page de calibrage, {title}")
        on_click(self.calibrate, calibrate)
        on_key(self.calibrate, keys[1], self.calibrate.click)
        self._why_not = Text("", "caption", "text-2", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._why_not, 1)
        row.addWidget(self.calibrate, 0, Qt.AlignmentFlag.AlignRight)
        self.body.addLayout(row)

    def offer(self, printers: Sequence[PrinterName]) -> None:
        """The printers installed."""
        default = next((printer.description for printer in printers if printer.default), "")
        usual = f"Celle du système\u00a0: {default}" if default else "Celle du système"
        self._printer.offer([("", usual), *((printer.name, printer.description) for printer in printers)])

    def allow(self, why_not: str) -> None:
        """Whether a calibration page may be printed, and why not."""
        self.calibrate.setEnabled(not why_not)
        self._why_not.setText(why_not or "Sort avec ce qui est à l’écran, avant d’enregistrer.")
        self.calibrate.setAccessibleDescription(self._why_not.text())


def store_part(appearance: Appearance) -> Part:
    """Where the DMP is, and whom to trust there."""
    part = Part("DMP", NEXT_START)
    base = LineField(appearance, "store.base_url", "Adresse du DMP", rules.ADDRESS, "Jusqu’à «\u00a0/services\u00a0».")
    insi = LineField(appearance, "store.insi_url", "Adresse du téléservice INSi", rules.ADDRESS)
    authority = LineField(
        appearance,
        "store.authority",
        "Autorités acceptées",
        rules.FILE,
        "Fichier PEM\u00a0: aucune autre autorité n’est crue.",
    )
    client = LineField(
        appearance,
        "store.client_certificate",
        "Certificat de la structure",
        rules.FILE,
        "Fichier PEM ou PKCS#12. Vide\u00a0: la carte s’authentifie elle-même.",
    )
    seal = LineField(
        appearance, "store.seal_certificate", "Cachet de la structure", rules.FILE, "Fichier PEM ou PKCS#12, ou vide."
    )
    number = LineField(
        appearance,
        "store.homologation_file",
        "Numéro d’homologation",
        rules.FILE,
        "Fichier qui le contient\u00a0: le numéro lui-même n’est jamais dans les réglages.",
    )
    platforms = [(oid, words) for oid, words in _PLATFORMS.items() if oid != oids.INS_NIR_DEMO]
    part.lay(
        appearance,
        (
            base,
            insi,
            PickField(
                appearance,
                "store.ins_oid",
                "Plateforme",
                platforms,
                help_="Fixe le domaine des matricules INS.",
                gone="Autre domaine\u00a0: {}",
            ),
            LineField(appearance, "store.timeout_seconds", "Délai de réponse (secondes)", rules.SECONDS_RULE),
            authority,
            client,
            seal,
            number,
            LineField(appearance, "store.software_name", "Nom du logiciel"),
            LineField(appearance, "store.software_oid", "OID du logiciel", rules.OID),
            LineField(
                appearance,
                "store.insi_billing_id",
                "Numéro de facturation (INSi)",
                help_="Vide\u00a0: l’identifiant de la structure, que le téléservice peut refuser.",
            ),
            LineField(appearance, "store.web_ps_domain", "Serveur du Web-PS", rules.HOST),
        ),
        (base, insi, authority, client, seal, number),
    )
    return part


def shown_store_part(appearance: Appearance, store: StoreSettings) -> Part:
    """The same in the sandbox, where there is nothing to set."""
    part = Part("DMP", SANDBOX_REASON)
    facts = (
        ("Adresse du DMP", store.base_url),
        ("Adresse du téléservice INSi", store.insi_url),
        ("Plateforme", _PLATFORMS.get(store.ins_oid, store.ins_oid)),
        ("Délai de réponse", f"{store.timeout_seconds:g}\u00a0s"),
        ("Autorités acceptées", str(store.authority or "")),
        ("Certificat de la structure", str(store.client_certificate or "La carte s’authentifie elle-même")),
        ("Nom du logiciel", store.software_name),
        ("OID du logiciel", store.software_oid),
    )
    part.tell(appearance, facts, ("Adresse du DMP", "Adresse du téléservice INSi", "Autorités acceptées"))
    return part


def appearance_part(appearance: Appearance) -> Part:
    """Theme and zoom, seen at once."""
    part = Part("Affichage", "Se voit tout de suite\u202f; gardé une fois enregistré.")
    zooms = [(str(zoom), f"{zoom}\u00a0%") for zoom in range(100, 201, 10)]
    part.lay(
        appearance,
        (
            PickField(appearance, "theme", "Couleurs", _THEMES, rules.THEME),
            PickField(appearance, "zoom", "Taille", zooms, rules.ZOOM, gone="{}\u00a0%"),
        ),
    )
    return part


def copy_part(appearance: Appearance) -> Part:
    """How much the copy of documents keeps, and how long."""
    part = Part("Copie des documents", "Ce qui dépasse est effacé de ce poste, jamais du DMP.")
    part.lay(
        appearance,
        (
            LineField(
                appearance,
                "diet.days",
                "Jours après le dernier accès",
                rules.DAYS,
                "Une personne attendue reste jusqu’à son rendez-vous.",
            ),
            LineField(
                appearance,
                "diet.quota_mib",
                "Place au plus (Mio)",
                rules.QUOTA,
                "Au-delà, les dossiers les moins consultés partent d’abord.",
            ),
        ),
    )
    return part


def lock_part(appearance: Appearance) -> Part:
    """When the post locks itself."""
    part = Part("Verrouillage")
    minutes = [("1", "1\u00a0minute"), *((str(n), f"{n}\u00a0minutes") for n in range(2, 16))]
    delay = PickField(
        appearance,
        "idle_lock_minutes",
        "Sans geste pendant",
        minutes,
        rules.IDLE_MINUTES,
        "Retirer la carte professionnelle verrouille aussitôt.",
        gone="{}\u00a0minutes",
    )
    part.lay(appearance, (delay,), (delay,))
    return part
