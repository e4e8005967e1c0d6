"""Why the sandbox says no.

The complete table of the real store's codes stands in a guide that is not public (SEL-MP-037). Codes and texts marked
*published* were seen in public sources; the others are the sandbox's own, in the same manner, and prove nothing about
the real store. As of November 2026.
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

    # published
    INVALID_CERTIFICATE = "DMPInvalidCertificate"
    ACCESS_DENIED = "DMPAccessDeniedByRightsService"
    OTHER_PATIENT = "XDSPatientIdDoesNotMatch"
    # the sandbox's own
    MALFORMED = "DMPMalformedMessage"
    ADDRESSING = "DMPInvalidAddressing"
    UNKNOWN_TRANSACTION = "DMPUnknownTransaction"
    INVALID_VIHF = "DMPInvalidVIHF"
    EXPIRED_VIHF = "DMPExpiredVIHF"
    INVALID_SIGNATURE = "DMPInvalidSignature"
    INVALID_MESSAGE = "DMPInvalidMessage"
    UNKNOWN_INS = "DMPUnknownINS"
    TRAITS_DIFFER = "DMPTraitsDoNotMatch"
    ALREADY_EXISTS = "DMPAlreadyExists"
    NOT_FOUND = "DMPNotFound"
    NOT_CLOSED = "DMPNotClosed"
    OPPOSITION = "DMPPatientOpposition"
    DECEASED = "DMPPatientDeceased"
    CONSENT_MISSING = "DMPConsentMissing"
    CARD_MISSING = "DMPCardTraitsMissing"
    REPRESENTATIVE_MISSING = "DMPRepresentativeMissing"


# Texts seen in public sources, word for word.
TEXT_CERTIFICATE = "Le certificat ayant signé le VIHF est invalide : Not a valid signature certificate"
TEXT_STRUCTURE = "Structure introuvable ou Inactive"
TEXT_NOT_LINKED = "PS et Structure non liés"
TEXT_SPECIALITY = "Aucune spécialité dans le vihf. Spécialité obligatoire pour les Médecins..."
