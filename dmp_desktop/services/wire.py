"""``dmp-desktop wire TD3.1 …``: one transaction with the configured store, shown without the people in it.

For integrators and for support: what leaves and what comes back, element by element, to be compared with the interface
or sent with a report. Keys come from files; nothing is kept. What writes into a dossier is not offered, save the
professional's own authorisation (TD0.3): the program does the rest, with the consents that go with it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dmp_desktop.config import Settings, StoreSettings
from dmp_desktop.domain.clock import Clock, SystemClock
from dmp_desktop.domain.events import AuthorisationAct
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access, AccessMode, IdentityMode, ListedBy, PatientQuery
from dmp_desktop.domain.identifiers import Ins, Nir, Secret, StructureId
from dmp_desktop.domain.professional import Professional, Situation
from dmp_desktop.errors import DmpError, RefusedByStore
from dmp_desktop.services import wire_keys
from dmp_desktop.services.wire_mask import identities, masked
from dmp_desktop.sync.credentials import PGSSI_S, Authentication, Credentials, structure_credentials
from dmp_desktop.sync.errors import KeyFileUnreadable
from dmp_desktop.sync.gateway import Gateway
from dmp_desktop.sync.keyfiles import load

_FAILED: Final = 1
_STANDARD_INPUT: Final = "-"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a transaction needs."""

    gateway: Gateway
    ins: Ins | None
    access: Access
    options: argparse.Namespace

    @property
    def patient(self) -> Ins:
        """The patient of a transaction about one: :func:`main` made sure of them."""
        assert self.ins is not None  # noqa: S101
        return self.ins


@dataclass(slots=True)
class _Exchanges:
    """A witness that keeps what it saw until it is shown, once everything that must be hidden is known."""

    seen: list[tuple[str, bytes]] = field(default_factory=list, repr=False)

    def sent(self, url: str, content: bytes) -> None:
        """A message left."""
        self.seen.append((f"→ {url}", content))

    def received(self, status: int, content: bytes) -> None:
        """An answer came."""
        self.seen.append((f"← HTTP {status}", content))

    def text(self, words: set[str]) -> str:
        """All of it, masked."""
        known = words.union(*(identities(content) for _, content in self.seen))
        return "\n\n".join(f"{title}\n{masked(content, known)}" for title, content in self.seen)


def _existence(asked: _Asked) -> str:
    answer = asked.gateway.access.existence(asked.patient, asked.access)
    attached = "oui" if answer.attached_to_mes else "non"
    return (
        f"État : {answer.state} ; autorisation : {answer.authorisation.value or 'non dite'} ; "
        f"rattaché à Mon espace santé : {attached}"
    )


def _authorise(asked: _Asked) -> str:
    act, treating = AuthorisationAct(asked.options.action), asked.options.treating
    return f"Fait le {asked.gateway.access.set_authorisation(asked.patient, act, treating).at:%d/%m/%Y %H:%M} UTC"


def _dossiers(asked: _Asked) -> str:
    return f"{len(asked.gateway.access.authorised_dossiers(ListedBy(asked.options.listed_by)))} dossier(s)"


def _search(asked: _Asked) -> str:
    return f"{asked.gateway.access.search(PatientQuery((_read(asked.options.name, 'Nom : '),))).total} personne(s)"


def _data(asked: _Asked) -> str:
    return f"État : {asked.gateway.administration.data(asked.patient, asked.access).state}"


def _professionals(asked: _Asked) -> str:
    return f"{len(asked.gateway.access.professionals(asked.patient))} professionnel(s)"


def _documents(asked: _Asked) -> str:
    return f"{len(asked.gateway.documents.find(asked.patient, access=asked.access))} document(s)"


def _retrieve(asked: _Asked) -> str:
    """Found first: a document is asked for by its description."""
    every = asked.gateway.documents.find(asked.patient, access=asked.access)
    wanted = [entry for entry in every if entry.unique_id == asked.options.document]
    if not wanted:
        return "Aucun document de cet identifiant parmi ceux en vigueur : rien n’a été demandé."
    found = asked.gateway.documents.retrieve(asked.patient, wanted, asked.access)
    return f"{len(found.documents)} document(s) reçu(s), {len(found.refused)} refusé(s)"


TRANSACTIONS: Final[dict[str, tuple[Callable[[_Asked], str], str]]] = {
    "TD0.2": (_existence, "test d’existence"),
    "TD0.3": (_authorise, "autorisation du professionnel (--action, --treating)"),
    "TD0.4": (_dossiers, "dossiers autorisés (--listed-by)"),
    "TD0.5": (_search, "recherche sans INS, régulation médicale seulement (--name)"),
    "TD1.3a": (_data, "données administratives"),
    "TD1.6": (_professionals, "professionnels autorisés ou bloqués"),
    "TD3.1": (_documents, "recherche de documents"),
    "TD3.2": (_retrieve, "lecture d’un document (--document)"),
}
_ABOUT_NOBODY: Final = frozenset({"TD0.4", "TD0.5"})


def main(arguments: Sequence[str], clock: Clock | None = None) -> int:
    """Send one transaction and print the exchange; 0 when the store did it, 1 otherwise.

    :param clock: the computer's by default.
    """
    options = _parser().parse_args(arguments)
    exchanges, words = _Exchanges(), set[str]()
    status = 0
    try:
        credentials = _credentials(options)
        words |= _names(credentials)
        access = _access(options)
        ins = None
        if options.transaction not in _ABOUT_NOBODY:
            ins = Ins(Nir(_read(options.ins, "Matricule INS (15 caractères) : ").upper()), _store(options).ins_oid)
        gateway = Gateway(_store(options), clock or SystemClock(), witness=exchanges)
        try:
            gateway.sign_in(credentials)
            summary = TRANSACTIONS[options.transaction][0](_Asked(gateway, ins, access, options))
        finally:
            gateway.close()
    except DmpError as error:
        summary, status = _refusal(error), _FAILED
    sys.stdout.write("\n\n".join(filter(None, (exchanges.text(words), summary))) + "\n")
    return status


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:7} {what}" for name, (_, what) in TRANSACTIONS.items())
    parser = argparse.ArgumentParser(
        prog="dmp-desktop wire",
        description="Envoie une transaction au dépôt configuré et montre l’échange, identités masquées.\n\n" + listed,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("transaction", choices=TRANSACTIONS, metavar="TRANSACTION")
    parser.add_argument("--ins", default=_STANDARD_INPUT, help="matricule, ou - pour le lire sur l’entrée (par défaut)")
    parser.add_argument("--action", choices=[act.value for act in AuthorisationAct], default="AJOUT", help="TD0.3")
    parser.add_argument("--treating", action="store_true", help="TD0.3 : médecin traitant aussi")
    parser.add_argument("--listed-by", choices=[by.value for by in ListedBy], default="LASTDOC", help="TD0.4")
    parser.add_argument("--name", default=_STANDARD_INPUT, help="TD0.5, ou - pour le lire sur l’entrée (par défaut)")
    parser.add_argument("--document", default="", help="TD3.2 : identifiant unique (OID) du document")
    parser.add_argument("--mode", choices=[mode.value for mode in AccessMode], default="normal", help="mode d’accès")
    parser.add_argument("--motive", default="", help="motif du bris de glace")
    parser.add_argument("--secret", action="store_true", help="connexion secrète (mineur)")
    keys = parser.add_argument_group("clés (fichiers PEM ou PKCS#12)")
    keys.add_argument("--keys", type=Path, metavar="DOSSIER", help="dossier des fichiers, avec --as")
    keys.add_argument("--as", dest="person", default="", metavar="PS_IDNAT", help="à qui sont les clés du dossier")
    keys.add_argument("--signature", type=Path, metavar="FICHIER", help="clé de signature")
    keys.add_argument("--channel", type=Path, metavar="FICHIER", help="clé d’authentification (TLS)")
    keys.add_argument("--passphrase-file", type=Path, metavar="FICHIER", help="fichier qui contient la phrase de passe")
    keys.add_argument("--structure", required=True, metavar="STRUCT_IDNAT", help="structure d’exercice")
    keys.add_argument("--sector", default="SA07", help="secteur d’activité (SA07 par défaut)")
    keys.add_argument("--structure-name", default="", help="nom de la structure")
    indirect = parser.add_argument_group(
        "modes indirects (--signature et --channel sont alors le cachet et le certificat de la structure)"
    )
    indirect.add_argument("--identity", choices=[mode.value for mode in IdentityMode], default="DIRECTE")
    indirect.add_argument(
        "--declared", default="", help=f"méthode primaire, mode renforcé seulement (p. ex. {PGSSI_S})"
    )
    indirect.add_argument("--family", default="", help="nom du professionnel, désigné par --as")
    indirect.add_argument("--given", default="", help="son prénom")
    indirect.add_argument("--profession", default="", help="sa profession (G15)")
    indirect.add_argument("--speciality", default="", help="sa spécialité (R01) ou sa section (G05)")
    store = parser.add_argument_group("dépôt (sinon, les réglages du profil)")
    store.add_argument("--profile", type=Path, metavar="DOSSIER", help="dossier des réglages du poste")
    store.add_argument("--url", help="adresse, jusqu’à /services")
    store.add_argument("--authority", type=Path, metavar="FICHIER", help="autorité du serveur (PEM)")
    store.add_argument("--ins-oid", help="domaine des INS de la plateforme")
    store.add_argument("--software-oid", help="OID de ce logiciel")
    return parser


def _read(value: str, prompt: str) -> str:
    """An argument, or a line of the standard input: what names someone needs not stay in a shell's history."""
    if value != _STANDARD_INPUT:
        return value.strip()
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _store(options: argparse.Namespace) -> StoreSettings:
    settings = Settings.load(options.profile / "settings.json") if options.profile else Settings()
    given = {
        "base_url": options.url,
        "authority": options.authority,
        "ins_oid": options.ins_oid,
        "software_oid": options.software_oid,
    }
    return replace(settings.store, **{name: value for name, value in given.items() if value is not None})


def _credentials(options: argparse.Namespace) -> Credentials:
    word = _passphrase(options.passphrase_file)
    situation = Situation(StructureId(options.structure), options.structure_name, options.sector)
    if options.signature and options.channel:
        keys = wire_keys.Keys(load(options.signature, word), load(options.channel, word))
    elif options.keys:
        keys = wire_keys.in_folder(options.keys, options.person, word)
    else:
        raise wire_keys.KeysNotFound("neither a folder nor two files", use="signature")
    if options.identity == IdentityMode.DIRECT:
        return keys.credentials(situation)
    authentication = Authentication(IdentityMode(options.identity), declared=options.declared)
    person = wire_keys.described(options.person, options.family, options.given, options.profession, options.speciality)
    return structure_credentials(person, situation, authentication, seal=keys.signature, channel=keys.channel)


def _passphrase(file: Path | None) -> Secret | None:
    try:
        return Secret(file.read_text("utf-8").strip()) if file else None
    except (OSError, UnicodeDecodeError):
        raise KeyFileUnreadable("the passphrase cannot be read", reason="missing") from None


def _access(options: argparse.Namespace) -> Access:
    if options.mode == AccessMode.NORMAL and not options.secret:
        return NORMAL_ACCESS
    return Access(AccessMode(options.mode), options.motive, options.secret)


def _names(credentials: Credentials) -> set[str]:
    person: Professional = credentials.professional
    said = f"{person.family} {person.given} {credentials.situation.name}"
    return {word.strip("-’'") for word in said.replace("-", " ").split()}


def _refusal(error: DmpError) -> str:
    said = f"Échec : {error.code}"
    if isinstance(error, RefusedByStore):
        return f"{said} (le dépôt répond {error.store_code})"
    facts = " ; ".join(f"{name} : {value}" for name, value in error.facts.items())
    return f"{said} ({facts})" if facts else said
