"""Why the sandbox says no.

The complete table of the real store's codes stands in a guide that is not public (SEL-MP-037). What is published is
used: codes of the official C# kit (v2.06.01) and of homologation records, codes of the standards below the interface
(WS-Security 1.1 §12, WS-Addressing 1.0, IHE ITI). The others are the sandbox's own, in the same manner, and prove
nothing about the real store. As of November 2026.
"""

from __future__ import annotations

from dmp_desktop.errors import RefusedByStore


class Refusal(RefusedByStore):
    """The sandbox refuses a message: told as a SOAP fault, or inside the answer where the interface has a place for it.

    Its text is French, as the real store's, and holds no identity.
    """

    code = "sandbox-refusal"


class Code:
    """The codes the sandbox answers."""

    # official kit, homologation records, PDT-INF-527
    FOUND = "DMPFound"
    CLOSED = "DMPClosed"
    INVALID_CERTIFICATE = "DMPInvalidCertificate"
    ACCESS_DENIED = "DMPAccessDeniedByRightsService"
    # IHE ITI
    NO_DOSSIER = "XDSUnknownPatientId"
    OTHER_PATIENT = "XDSPatientIdDoesNotMatch"
    UNKNOWN_DOCUMENT = "XDSDocumentUniqueIdError"
    DUPLICATE = "XDSDuplicateUniqueIdInRegistry"
    METADATA = "XDSRegistryMetadataError"
    METADATA_UPDATE = "XDSMetadataUpdateError"
    METADATA_VERSION = "XDSMetadataVersionError"
    MISSING_DOCUMENT = "XDSMissingDocument"
    HASH_DIFFERS = "XDSNonIdenticalHash"
    REPLACEMENT = "XDSReplaceFailed"
    REPOSITORY = "XDSRepositoryError"
    UNKNOWN_REPOSITORY = "XDSUnknownRepositoryId"
    UNKNOWN_QUERY = "XDSUnknownStoredQuery"
    MISSING_PARAMETER = "XDSStoredQueryMissingParam"
    PARAMETER_COUNT = "XDSStoredQueryParamNumber"
    TOO_MANY = "XDSTooManyResults"
    # WS-Addressing
    ADDRESSING = "MessageAddressingHeaderRequired"
    UNKNOWN_TRANSACTION = "ActionNotSupported"
    # WS-Security
    NO_VIHF = "InvalidSecurity"
    INVALID_VIHF = "FailedAuthentication"
    INVALID_SIGNATURE = "FailedCheck"
    EXPIRED_VIHF = "MessageExpired"
    # the sandbox's own
    MALFORMED = "DMPMalformedMessage"
    INVALID_MESSAGE = "DMPInvalidMessage"
    UNKNOWN_INS = "DMPUnknownINS"
    TRAITS_DIFFER = "DMPTraitsDoNotMatch"
    OPPOSITION = "DMPPatientOpposition"
    DECEASED = "DMPPatientDeceased"
    CONSENT_MISSING = "DMPConsentMissing"
    CARD_MISSING = "DMPCardTraitsMissing"
    REPRESENTATIVE_MISSING = "DMPRepresentativeMissing"
    CLOSE_REASON = "DMPUnknownCloseReason"
    ACCOUNT_EXISTS = "DMPPatientAccessExists"
    NO_ACCOUNT = "DMPPatientAccessUnknown"
    CHANNEL_EXISTS = "DMPChannelExists"
    NO_CHANNEL = "DMPChannelUnknown"
    SIGNATURE_MISSING = "DMPSignatureMissing"
    SIGNATURE_INVALID = "DMPSignatureInvalid"
    CONTENT_DIFFERS = "DMPMetadataDoNotMatchDocument"
    NOT_CONFORM = "CISIS_StructurationCommuneCDAr2"
    AUTHOR_INSTITUTION = "DMPAuthorInstitution"
    VISIBILITY = "DMPVisibilityForbidden"
    TOO_BIG = "DMPDocumentTooBig"


# Texts seen in public sources, word for word.
TEXT_CERTIFICATE = "Le certificat ayant signé le VIHF est invalide : Not a valid signature certificate"
TEXT_STRUCTURE = "Structure introuvable ou Inactive"
TEXT_NOT_LINKED = "PS et Structure non liés"
TEXT_INSTITUTION = "Aucun AuthorInstitution ne correspond à l'utilisateur du VIHF [Authentification Indirecte]"
TEXT_LEGAL_PERSON = "Erreur d'authentification de la personne morale"
TEXT_SPECIALITY = "Aucune spécialité dans le vihf. Spécialité obligatoire pour les Médecins..."
