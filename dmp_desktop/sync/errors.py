"""What can go wrong between this post and the central store, by whose turn it is.

The store's own refusals are kept with their code and text (:class:`dmp_desktop.errors.RefusedByStore`); the codes met
in the official kit, in its examples and in published homologation records get a leaf of their own, the others stay as
they came: the complete list is in a guide that is not public.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dmp_desktop.errors import BadAnswer, FlowError, RefusedByStore, ServiceUnavailable

# -- the surroundings failed ------------------------------------------------------------------------------------------


class StoreUnreachable(ServiceUnavailable):
    """No connection could be made: nothing was sent."""

    code = "store-unreachable"


class StoreTimeout(ServiceUnavailable):
    """The request left and no answer came in time: the store may have acted or not."""

    code = "store-timeout"


class ConnectionCut(ServiceUnavailable):
    """The connection was cut under way: the store may have acted or not."""

    code = "connection-cut"


class StoreUnavailable(ServiceUnavailable):
    """The store says that it is not able to answer now. ``facts["status"]`` is the HTTP status, if there was one."""

    code = "store-unavailable"


class TlsRefused(ServiceUnavailable):
    """The secure connection could not be agreed: nothing was sent."""

    code = "tls-refused"


class ServerNotTrusted(TlsRefused):
    """Whoever answered is not certified by the configured authority, or bears another name: nothing was sent."""

    code = "server-not-trusted"


class StoreNotConfigured(ServiceUnavailable):
    """An address or the authority is missing from the settings. ``facts["field"]`` names it."""

    code = "store-not-configured"


class ClockDrift(ServiceUnavailable):
    """The post's clock is too far from the store's (EX_GEN-1460). ``facts["seconds"]``: ours minus the store's."""

    code = "clock-drift"


# -- an answer that cannot be trusted ---------------------------------------------------------------------------------


class MalformedAnswer(BadAnswer):
    """Not XML we accept: broken, too big, too deep, or with a document type."""

    code = "malformed-answer"


class EmptyAnswer(BadAnswer):
    """An answer without a content."""

    code = "empty-answer"


class TruncatedAnswer(BadAnswer):
    """The answer stopped before its end."""

    code = "truncated-answer"


class HtmlAnswer(BadAnswer):
    """A web page instead of a message: a proxy or a portal stands in between."""

    code = "html-answer"


class HttpError(BadAnswer):
    """An HTTP error that carries no message of the store. ``facts["status"]``."""

    code = "http-error"


class UnexpectedAnswer(BadAnswer):
    """Well-formed, but not the message that was awaited, or without a part it must have. ``facts["part"]``."""

    code = "unexpected-answer"


class WrongMessage(BadAnswer):
    """The answer is to another message than ours."""

    code = "wrong-message"


class WrongPatient(BadAnswer):
    """The answer is about another person."""

    code = "wrong-patient"


class WrongPlatform(BadAnswer):
    """The answer comes from a platform of another nature (test and production never mix, EX_GEN-1430)."""

    code = "wrong-platform"


# -- an act asked at the wrong moment ---------------------------------------------------------------------------------


class NotSignedIn(FlowError):
    """Nobody's card is open: direct mode has no one to speak for."""

    code = "not-signed-in"


class AuthorMismatch(FlowError):
    """The event belongs to another person, or to another of their practice situations, than the one signed in."""

    code = "author-mismatch"


class SecondRoleMissing(FlowError):
    """A doctor or a pharmacist whose card gives no speciality: the store refuses such an assertion."""

    code = "second-role-missing"


class AuthenticationNotDeclared(FlowError):
    """« Indirecte renforcée » without the primary method of authentication, or this method in another mode."""

    code = "authentication-not-declared"


class AdministeredElsewhere(FlowError):
    """A dossier attached to Mon espace santé is administered there, by the person alone (PDT-INF-526 note 10)."""

    code = "administered-elsewhere"


class NoSuchPage(FlowError):
    """A page of the Web-PS that needs a patient was asked without one, or the settings hold no address of it."""

    code = "no-such-page"


class NothingToSearch(FlowError):
    """A search without INS needs at least a name."""

    code = "nothing-to-search"


class KeyFileUnreadable(FlowError):
    """A key file cannot be opened: missing, of another kind, or locked by another passphrase."""

    code = "key-file-unreadable"


class IdentityNotRetrieved(FlowError):
    """The event has no INS yet."""

    code = "identity-not-retrieved"


class CardWithoutNumber(FlowError):
    """INSi by Vitale needs the number of the insured, which this card did not give: search by traits."""

    code = "card-without-number"


class UnsendableValue(FlowError):
    """A value holds a character that no message can carry. ``facts["part"]`` names the element, never the value."""

    code = "unsendable-value"


# -- the store said no ------------------------------------------------------------------------------------------------


class Turn(StrEnum):
    """Who can do something about a refusal."""

    DESK = "desk"
    PRACTICE = "practice"
    SUPPORT = "support"


class AlreadyOpen(RefusedByStore):
    """A dossier exists already for this person: for a creation sent again, its own echo."""

    code = "already-open"


class AlreadyClosed(RefusedByStore):
    """The dossier is closed."""

    code = "already-closed"


class NoDossier(RefusedByStore):
    """The store knows no dossier for this INS."""

    code = "no-dossier"


class PersonOpposed(RefusedByStore):
    """The person opposed the opening of a dossier."""

    code = "person-opposed"


class RightsRefused(RefusedByStore):
    """This professional may not do this act (functional rights matrix, PDT-INF-526)."""

    code = "rights-refused"


class ChannelExists(RefusedByStore):
    """The account has such a channel for its codes already: change it instead of adding one."""

    code = "channel-exists"


class SignatureRefused(RefusedByStore):
    """The assertion's signature or its certificate was refused."""

    code = "signature-refused"


class AssertionRefused(RefusedByStore):
    """The assertion itself was refused: dates, structure, speciality, link between person and structure."""

    code = "assertion-refused"


class MessageRefused(RefusedByStore):
    """The store did not understand the message: ours to mend."""

    code = "message-refused"


class DuplicateDocument(RefusedByStore):
    """Every document sent is there already: for a deposit sent again, its own echo."""

    code = "document-duplicate"


class ReplacementRefused(RefusedByStore):
    """The document to replace may not be: obsolete, deleted, of another person."""

    code = "replacement-refused"


class DocumentNotFound(RefusedByStore):
    """The store knows no such document, or does not show it to this professional."""

    code = "document-not-found"


class VersionOutdated(RefusedByStore):
    """The description of the document changed meanwhile: read it again before changing it."""

    code = "version-outdated"


class TooManyResults(RefusedByStore):
    """More documents than the store gives at once: search more narrowly."""

    code = "too-many-results"


@dataclass(frozen=True, slots=True)
class KnownRefusal:
    """A code met in the field: the leaf that names it and whose turn it is.

    :ivar source: where the code was seen; the guide that lists them all is not public.
    """

    leaf: type[RefusedByStore]
    turn: Turn
    source: str


KNOWN: Final[dict[str, KnownRefusal]] = {
    "DMPFound": KnownRefusal(AlreadyOpen, Turn.DESK, "official C# kit v2.06.01, creation test"),
    "DMPClosed": KnownRefusal(AlreadyClosed, Turn.DESK, "official C# kit v2.06.01, closing test"),
    "DMPPatientOpposition": KnownRefusal(PersonOpposed, Turn.DESK, "not published: see sync.disputed"),
    "XDSUnknownPatientId": KnownRefusal(NoDossier, Turn.DESK, "IHE ITI TF-3"),
    "XDSPatientIdDoesNotMatch": KnownRefusal(MessageRefused, Turn.SUPPORT, "IHE ITI TF-3"),
    "XDSDuplicateUniqueIdInRegistry": KnownRefusal(DuplicateDocument, Turn.DESK, "IHE ITI TF-3 §4.2.4"),
    "XDSDuplicateDocumentUniqueId": KnownRefusal(DuplicateDocument, Turn.DESK, "IHE ITI TF-3, former name"),
    "XDSNonIdenticalHash": KnownRefusal(MessageRefused, Turn.SUPPORT, "IHE ITI TF-3 §4.2.4"),
    "XDSNonIdenticalSize": KnownRefusal(MessageRefused, Turn.SUPPORT, "IHE ITI TF-3 §4.2.4"),
    "XDSReplaceFailed": KnownRefusal(ReplacementRefused, Turn.DESK, "IHE ITI TF-3 §4.2.4"),
    "XDSDocumentUniqueIdError": KnownRefusal(DocumentNotFound, Turn.DESK, "seen on the test platform"),
    "XDSMetadataVersionError": KnownRefusal(VersionOutdated, Turn.DESK, "IHE ITI TF-3 §4.2.4 (ITI-57)"),
    "XDSMetadataUpdateError": KnownRefusal(VersionOutdated, Turn.DESK, "IHE ITI TF-3 §4.2.4 (ITI-57)"),
    "XDSTooManyResults": KnownRefusal(TooManyResults, Turn.DESK, "IHE ITI TF-3 §4.2.4"),
    "XDSMissingDocument": KnownRefusal(MessageRefused, Turn.SUPPORT, "IHE ITI TF-3 §4.2.4"),
    "XDSMissingDocumentMetadata": KnownRefusal(MessageRefused, Turn.SUPPORT, "IHE ITI TF-3 §4.2.4"),
    "XDSRegistryMetadataError": KnownRefusal(MessageRefused, Turn.SUPPORT, "IHE ITI TF-3 §4.2.4"),
    "XDSRepositoryMetadataError": KnownRefusal(MessageRefused, Turn.SUPPORT, "IHE ITI TF-3 §4.2.4"),
    "XDSStoredQueryMissingParam": KnownRefusal(MessageRefused, Turn.SUPPORT, "IHE ITI TF-3 §4.2.4"),
    "XDSStoredQueryParamNumber": KnownRefusal(MessageRefused, Turn.SUPPORT, "IHE ITI TF-3 §4.2.4"),
    "XDSUnknownStoredQuery": KnownRefusal(MessageRefused, Turn.SUPPORT, "IHE ITI TF-3 §4.2.4"),
    "XDSUnknownRepositoryId": KnownRefusal(MessageRefused, Turn.SUPPORT, "IHE ITI TF-3 §4.2.4"),
    "CISIS_StructurationCommuneCDAr2": KnownRefusal(MessageRefused, Turn.SUPPORT, "EX_2.1-1071"),
    "DMPAccessDeniedByRightsService": KnownRefusal(RightsRefused, Turn.DESK, "PDT-INF-527 v1.7 §2.9"),
    "DMPInvalidCertificate": KnownRefusal(SignatureRefused, Turn.PRACTICE, "seen on the test platform"),
    "InvalidSecurity": KnownRefusal(SignatureRefused, Turn.PRACTICE, "WS-Security 1.1 §12"),
    "InvalidSecurityToken": KnownRefusal(SignatureRefused, Turn.PRACTICE, "WS-Security 1.1 §12"),
    "FailedCheck": KnownRefusal(SignatureRefused, Turn.PRACTICE, "WS-Security 1.1 §12"),
    "FailedAuthentication": KnownRefusal(AssertionRefused, Turn.PRACTICE, "WS-Security 1.1 §12"),
    "MessageExpired": KnownRefusal(AssertionRefused, Turn.PRACTICE, "WS-Security 1.1 §12"),
    "ActionNotSupported": KnownRefusal(MessageRefused, Turn.SUPPORT, "WS-Addressing 1.0 SOAP §6.4"),
    "ActionMismatch": KnownRefusal(MessageRefused, Turn.SUPPORT, "WS-Addressing 1.0 SOAP §6.4"),
    "InvalidAddressingHeader": KnownRefusal(MessageRefused, Turn.SUPPORT, "WS-Addressing 1.0 SOAP §6.4"),
    "MessageAddressingHeaderRequired": KnownRefusal(MessageRefused, Turn.SUPPORT, "WS-Addressing 1.0 SOAP §6.4"),
    "MustUnderstand": KnownRefusal(MessageRefused, Turn.SUPPORT, "SOAP 1.2 §5.4.8"),
    "VersionMismatch": KnownRefusal(MessageRefused, Turn.SUPPORT, "SOAP 1.2 §5.4.7"),
}

# Refusals known by their text only (quoted in homologation records and by an integrator of the test platform).
_BY_TEXT: Final = (
    ("Structure introuvable", AssertionRefused),
    ("PS et Structure non liés", AssertionRefused),
    ("Aucune spécialité dans le vihf", AssertionRefused),
    ("Erreur d'authentification de la personne morale", AssertionRefused),
    ("Aucun AuthorInstitution ne correspond", AssertionRefused),
    ("Type de canal OTP deja Existant", ChannelExists),
)


def refused(store_code: str, store_text: str = "") -> RefusedByStore:
    """The refusal as the most precise leaf known; an unknown code is kept in the root leaf, never guessed."""
    known = KNOWN.get(store_code)
    leaf = known.leaf if known else next((leaf for text, leaf in _BY_TEXT if text in store_text), RefusedByStore)
    return leaf(store_code, store_text)


def turn_of(error: RefusedByStore) -> Turn:
    """Whose turn it is after a refusal: the desk by default, since an unknown code must be read by someone."""
    known = KNOWN.get(error.store_code)
    if known:
        return known.turn
    return Turn.PRACTICE if isinstance(error, AssertionRefused) else Turn.DESK
