"""Points on which the published sources differ or are silent, in one place, each with its date and its reason.

The normative guide (SEL-MP-037, « DMPi ») is not public. What is settled here was read in 2026 (packages of messages
v02.05.00 and of C# code v2.06.01, ANS mappings of July 2026, two open clients). The defaults are the strictest reading;
each becomes a plain constant the day the guide says so.

Settled without a choice: signatures and digests are SHA-256. The examples of 2019 show SHA-1, INSi's show SHA-256, and
an integrator signs in SHA-256 against the test platform; the cards sign both, and SHA-1 no longer holds. The author's
speciality in TD1.x is written as in the kit (``G15_10/SM26``, table JDV_J01): the example of TD1.4 writes the OID of a
table in place of the code, an obvious slip.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Disputed:
    """One reading of the disputed points.

    :ivar vihf_version: ``3.0`` in the official examples and in DRIMbox, ``4.0`` in the ANS mapping of 2026. The
        examples are the interface's own.
    :ivar authentication_attribute: ``Authentification_mode`` in the official examples, ``Authentification_Mode`` in two
        other sources. Same reason.
    :ivar motive_attribute: where the motive of a bris de glace travels. Not published anywhere (November 2026): an
        attribute of its own beside the purpose of use, whose code alone is certain. Unconfirmed.
    :ivar must_understand_qualified: the examples write ``mustUnderstand`` without a namespace, which means nothing in
        SOAP 1.2 (§5.2.3 asks for the qualified attribute). The standard is followed.
    :ivar processing_code: ``P`` in the kit and in every answer, ``D`` in the example requests of the test platform.
    :ivar not_found: ``queryResponseCode`` of TD0.2 when there is no dossier: ``NF`` in the kit's test and in an open
        client.
    :ivar no_dossier_codes: refusal codes that mean the same.
    :ivar opposed_codes: refusal codes of TD0.2 that mean that the person opposed. Unconfirmed: not published anywhere.
    :ivar insi_none, insi_several: ``CodeCR`` of INSi for "no identity" and "several identities". Unconfirmed.
    :ivar assertion_minutes: how long an assertion is valid. Optional in the ANS mapping; kept short, and long enough
        for one patient at the desk (a card takes about a second to sign).
    :ivar signature_manifest_sha1: the documents' digests in the manifest of a submission's signature are SHA-1, as in
        the example of 2019, instead of SHA-256. The signature itself is SHA-256 in both cases.
    :ivar document_bytes, submission_bytes: largest content of one document and of one submission. Unconfirmed: the
        store's own limits are not published; these keep a mistake (a video, a whole folder) from leaving.
    :ivar both_hidden_allowed: server parameter ``cumul-invisible_patient-masque_ps``: whether a document may be hidden
        from the professionals and from the person at once. Seen false; how parameters reach clients is not published.
    """

    vihf_version: str = "3.0"
    authentication_attribute: str = "Authentification_mode"
    motive_attribute: str = "Motif_Acces"
    must_understand_qualified: bool = True
    processing_code: str = "P"
    not_found: str = "NF"
    no_dossier_codes: frozenset[str] = frozenset({"XDSUnknownPatientId"})
    opposed_codes: frozenset[str] = frozenset({"DMPPatientOpposition"})
    insi_none: frozenset[str] = frozenset({"01"})
    insi_several: frozenset[str] = frozenset({"02"})
    assertion_minutes: int = 15
    signature_manifest_sha1: bool = False
    document_bytes: int = 40_000_000
    submission_bytes: int = 60_000_000
    both_hidden_allowed: bool = False
