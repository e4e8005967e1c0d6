"""The cast of the sandbox: fictional people, the cards they hold, and the professionals who receive them.

Numbers are of the test domain, with a department that does not exist (99, or an invented Corsican commune) and correct
keys. Nobody here lives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import DossierState
from dmp_desktop.domain.identifiers import Ins, Nir, nir_key
from dmp_desktop.domain.identity import BirthDate, InsiOutcome, Sex, Traits
from dmp_desktop.sandbox.professionals import BRINDILLE as BRINDILLE
from dmp_desktop.sandbox.professionals import COLLEAGUES as COLLEAGUES
from dmp_desktop.sandbox.professionals import GABARIT as GABARIT
from dmp_desktop.sandbox.professionals import OFFICINAL as OFFICINAL
from dmp_desktop.sandbox.professionals import PAPIER as PAPIER
from dmp_desktop.sandbox.professionals import PIN as PIN
from dmp_desktop.sandbox.professionals import PROFESSIONALS as PROFESSIONALS
from dmp_desktop.sandbox.professionals import ProfessionalProfile as ProfessionalProfile
from dmp_desktop.sandbox.professionals import everyone as everyone
from dmp_desktop.sandbox.professionals import profile as profile

INS_OID = oids.INS_NIR_TEST


@dataclass(frozen=True, slots=True, repr=False)
class FictionalPerson:
    """Someone the sandbox's INSi and central store know.

    :ivar state: how the dossier is when the sandbox is new (``BLOCKED``: active, with ``blocked_for``).
    :ivar blocked_for: PS_IdNat of the professionals this person blocked.
    :ivar authorised, expired: PS_IdNat of those who hold, or held, an authorisation; ``treating``: médecin traitant.
    :ivar insi: what INSi answers about this person.
    :ivar former: replaced numbers; INSi answers the present one and tells these as history.
    :ivar birth_rank: rank among those born the same day under the same insured number (twins).
    :ivar insured: number of the insured on the Vitale, when it is not this person's.
    :ivar file: more columns of the dossier (names of :class:`dmp_desktop.sandbox.store.Dossier`).
    :ivar told: what a trainer reads about this person, in French.
    """

    key: str
    ins: Ins
    traits: Traits
    told: str
    state: DossierState = DossierState.NONE
    blocked_for: frozenset[str] = frozenset()
    authorised: frozenset[str] = frozenset()
    expired: frozenset[str] = frozenset()
    treating: str = ""
    closed_on: str = ""
    close_reason: str = ""
    attached_to_mes: bool = False
    deceased: bool = False
    insi: InsiOutcome = InsiOutcome.FOUND
    former: tuple[Ins, ...] = ()
    birth_rank: int = 1
    insured: Nir | None = None
    file: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"FictionalPerson({self.key})"


@dataclass(frozen=True, slots=True, repr=False)
class CardHolder:
    """One template of a Carte Vitale, as printed into its files.

    :ivar nir: the number in the template: on a family card, the insured's, repeated for everyone.
    """

    name: str
    given_name: str
    birth_date: str
    nir: str

    def __repr__(self) -> str:
        return "CardHolder(…)"


@dataclass(frozen=True, slots=True)
class FamilyCard:
    """A Carte Vitale and what it says of its people, which may differ from INSi."""

    key: str
    label: str
    holders: tuple[CardHolder, ...]
    valid_from: str = "20200301"


def _ins(body: str) -> Ins:
    return Ins(Nir(body + nir_key(body)), INS_OID)


def _traits(
    birth_name: str, given_names: str, sex: Sex, birth_date: str, used_name: str = "", place: str = "99901"
) -> Traits:
    return Traits(birth_name, tuple(given_names.split()), sex, BirthDate(birth_date), place, used_name)


_F, _M = Sex.FEMALE, Sex.MALE
_ODILE = _ins("2790599901017")
_NADEGE = _ins("2840699901120")

PEOPLE: tuple[FictionalPerson, ...] = (
    FictionalPerson(
        "odile",
        _ODILE,
        _traits("LAVANDIN-GENÊT", "ODILE MARIE", _F, "19790523", "CORNICHE"),
        "Pas encore de dossier. Sa carte porte un nom de naissance incomplet.",
    ),
    FictionalPerson(
        "gaspard",
        _ins("1771199901042"),
        _traits("CORNICHE", "GASPARD", _M, "19771111"),
        "Pas encore de dossier. Figure sur la carte de sa conjointe.",
        insured=_ODILE.matricule,
    ),
    FictionalPerson(
        "capucine",
        _ins("2160999901063"),
        _traits("CORNICHE", "CAPUCINE", _F, "20160902"),
        "Mineure, jumelle de Clémentine. Pas encore de dossier.",
        insured=_ODILE.matricule,
    ),
    FictionalPerson(
        "clementine",
        _ins("2160999901064"),
        _traits("CORNICHE", "CLÉMENTINE", _F, "20160902"),
        "Mineure, jumelle de Capucine. Pas encore de dossier.",
        insured=_ODILE.matricule,
        birth_rank=2,
    ),
    FictionalPerson(
        "ernest",
        _ins("1530299901008"),
        _traits("MIRABELLE", "ERNEST", _M, "19530214"),
        "Dossier actif. Le Dr Gabarit y est autorisé et médecin traitant ; l’autorisation du Dr Brindille a expiré.",
        state=DossierState.ACTIVE,
        authorised=frozenset({GABARIT}),
        expired=frozenset({BRINDILLE}),
        treating=GABARIT,
        attached_to_mes=True,
        file={"street": "12 impasse des Mirabelliers", "postcode": "99000", "city": "Villeneuve-l’Exemple"},
    ),
    FictionalPerson(
        "apolline",
        _ins("2910799901033"),
        _traits("GLYCINE", "APOLLINE", _F, "19910704"),
        "Dossier fermé à sa demande : il peut être réactivé.",
        state=DossierState.CLOSED,
        closed_on="20250917",
        close_reason="FERMETURE_DEMANDE_PATIENT",
    ),
    FictionalPerson(
        "maxence",
        _ins("1680399901077"),
        _traits("HORTENSIA", "MAXENCE", _M, "19680322"),
        "S’est opposé à la création d’un dossier.",
        state=DossierState.OPPOSED,
    ),
    FictionalPerson(
        "blaise",
        _ins("1610899901051"),
        _traits("PERVENCHE", "BLAISE", _M, "19610819"),
        "Dossier actif, mais l’accès est bloqué pour le Dr Brindille et pour l’accueil.",
        state=DossierState.BLOCKED,
        blocked_for=frozenset({BRINDILLE, PAPIER}),
    ),
    FictionalPerson(
        "ghjulia",
        _ins("288102A990014"),
        _traits("CASANOVA-LECCIA", "GHJULIA", _F, "19881005", place="2A990"),
        "Née en Corse (2A). Pas encore de dossier.",
    ),
    FictionalPerson(
        "nadege",
        _NADEGE,
        _traits("SERINGA", "NADÈGE", _F, "19840611"),
        "Mère de Lilou, absente de la carte présentée. Dossier actif.",
        state=DossierState.ACTIVE,
        attached_to_mes=True,
    ),
    FictionalPerson(
        "lilou",
        _ins("2120499901088"),
        _traits("SERINGA", "LILOU", _F, "20120417"),
        "Mineure, seule sur la carte de sa mère. Pas encore de dossier.",
        insured=_NADEGE.matricule,
    ),
    FictionalPerson(
        "fatma",
        _ins("2421999901026"),
        _traits("KALMIA", "FATMA", _F, "19421901"),
        "Date de naissance hors calendrier (mois 19). Pas encore de dossier.",
    ),
    FictionalPerson(
        "camille-1968",
        _ins("2680699901095"),
        _traits("TOURNESOL", "CAMILLE", _F, "19680609"),
        "Porte le même nom et le même prénom qu’une autre personne. Pas encore de dossier.",
    ),
    FictionalPerson(
        "camille-1986",
        _ins("1860699901096"),
        _traits("TOURNESOL", "CAMILLE", _M, "19860609"),
        "Porte le même nom et le même prénom qu’une autre personne. Dossier actif, refuse les accès en urgence.",
        state=DossierState.ACTIVE,
        file={"centre_15": False, "break_glass": False, "mobile": "0612345678", "city": "Villeneuve-l’Exemple"},
    ),
    FictionalPerson(
        "ambroise",
        _ins("1381299901011"),
        _traits("EDELWEISS", "AMBROISE", _M, "19381224"),
        "Personne décédée. Dossier fermé, qui ne se réactive pas.",
        state=DossierState.CLOSED,
        closed_on="20240130",
        close_reason="DECES",
        deceased=True,
    ),
    FictionalPerson(
        "theodule",
        _ins("1470999901029"),
        _traits("ABSINTHE", "THÉODULE", _M, "19470930"),
        "L’INSi ne trouve aucune identité.",
        insi=InsiOutcome.NONE,
    ),
    FictionalPerson(
        "jeanne",
        _ins("2580199901038"),
        _traits("MYRTILLE", "JEANNE", _F, "19580117"),
        "L’INSi trouve plusieurs identités.",
        insi=InsiOutcome.SEVERAL,
    ),
    FictionalPerson(
        "solange",
        _ins("2930899901054"),
        _traits("FOUGÈRE", "SOLANGE", _F, "19930812"),
        "Son numéro a été remplacé : la carte porte encore l’ancien. Pas encore de dossier.",
        former=(_ins("2930899902016"),),
    ),
    FictionalPerson(
        "hortense",
        _ins("2580399901045"),
        _traits("SAUGE-VERVEINE", "HORTENSE", _F, "19580308", "SAUGE"),
        "Dossier actif et fourni. Le Dr Brindille y est autorisé et médecin traitant.",
        state=DossierState.ACTIVE,
        authorised=frozenset({BRINDILLE, OFFICINAL}),
        treating=BRINDILLE,
        attached_to_mes=True,
        file={"street": "3 allée des Simples", "postcode": "99000", "city": "Villeneuve-l’Exemple"},
    ),
    FictionalPerson(
        "basile",
        _ins("1110599901072"),
        _traits("ROMARIN", "BASILE", _M, "20110505"),
        "Mineur de plus de 12 ans. Dossier actif, avec un document que ses représentants légaux ne voient pas.",
        state=DossierState.ACTIVE,
        authorised=frozenset({BRINDILLE}),
        attached_to_mes=True,
        file={"representative": "ROMARIN Mélisse", "representative_given": "Mélisse"},
    ),
    FictionalPerson(
        "firmin",
        _ins("1460199901083"),
        _traits("CHICORÉE", "FIRMIN", _M, "19460119"),
        "Dossier actif. Le Dr Brindille y est autorisé ; le Dr Gabarit est médecin traitant et voit ce qui est masqué.",
        state=DossierState.ACTIVE,
        authorised=frozenset({BRINDILLE, GABARIT}),
        treating=GABARIT,
    ),
)


def person(key: str) -> FictionalPerson:
    """Someone of the cast.

    :raises KeyError: nobody has this key.
    """
    for candidate in PEOPLE:
        if candidate.key == key:
            return candidate
    raise KeyError(key)


def _on_card(key: str, name: str = "", number: Nir | None = None) -> CardHolder:
    someone = person(key)
    traits = someone.traits
    nir = number or someone.insured or someone.ins.matricule
    return CardHolder(name or traits.birth_name, traits.first_given_name, traits.birth_date.raw, nir.value)


def _own_card(key: str) -> FamilyCard:
    someone = person(key)
    return FamilyCard(key, f"{someone.traits.birth_name} {someone.traits.first_given_name}", (_on_card(key),))


VITALE_CARDS: tuple[FamilyCard, ...] = (
    FamilyCard(
        "famille-corniche",
        "Famille CORNICHE (4 personnes, jumelles)",
        (_on_card("odile", "LAVANDIN"), _on_card("gaspard"), _on_card("capucine"), _on_card("clementine")),
    ),
    _own_card("ernest"),
    _own_card("apolline"),
    _own_card("maxence"),
    _own_card("blaise"),
    _own_card("ghjulia"),
    FamilyCard("lilou", "SERINGA Lilou, seule sur la carte de sa mère", (_on_card("lilou"),)),
    _own_card("fatma"),
    _own_card("camille-1968"),
    _own_card("camille-1986"),
    _own_card("ambroise"),
    _own_card("theodule"),
    _own_card("jeanne"),
    FamilyCard(
        "solange",
        "FOUGÈRE SOLANGE (ancien numéro)",
        (_on_card("solange", number=person("solange").former[0].matricule),),
    ),
    _own_card("hortense"),
    _own_card("basile"),
    _own_card("firmin"),
)
