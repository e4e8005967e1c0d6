"""Submissions: documents and their signature (TD2.1/2.2, ITI-41), and changes to what is filed (TD3.3, ITI-57)."""

from __future__ import annotations

import copy
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from lxml import etree

from dmp_desktop.domain import oids, terminology
from dmp_desktop.domain.document import (
    AssociationKind,
    DocumentAuthor,
    DocumentEntry,
    DocumentStatus,
    Submission,
    Visibility,
    new_oid,
)
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.domain.identity import Identity
from dmp_desktop.domain.oids import NS_LCM, NS_RIM, NS_XDSB
from dmp_desktop.domain.professional import Signer
from dmp_desktop.domain.terminology import Code
from dmp_desktop.errors import UserError
from dmp_desktop.sync import cda, mtom, xades, xds, xds_entry
from dmp_desktop.sync.cda import Custodian
from dmp_desktop.sync.cda_content import EmptyDocument
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import ClockDrift, IdentityNotRetrieved, UnsendableValue
from dmp_desktop.sync.soap import element, node
from dmp_desktop.sync.xds import RIM, Ids

PROVIDE_SERVICE: Final = "repository"
PROVIDE_ACTION: Final = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
PROVIDE_ANSWER_ACTION: Final = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse"
UPDATE_SERVICE: Final = "registry"
UPDATE_ACTION: Final = "urn:ihe:iti:2010:UpdateDocumentSet"
UPDATE_ANSWER_ACTION: Final = "urn:ihe:iti:2010:UpdateDocumentSet-Response"
_SET: Final = "SubmissionSet01"
_SIGNATURE: Final = "Signature01"
_OBJECT_TYPE: Final = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:Association"


class DocumentTooLarge(UserError):
    """A document, or a submission, beyond what is sent. ``facts``: ``megabytes`` and ``limit`` (millions of bytes)."""

    code = "document-too-large"


class SecretNotKept(UserError):
    """In a secret connection, only documents hidden from the legal representatives are sent (EX_0.1-1100)."""

    code = "secret-not-kept"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who submits.

    :ivar source_id: OID of this software at this practice (``XDSSubmissionSet.sourceId``).
    """

    author: DocumentAuthor
    custodian: Custodian
    signer: Signer = field(repr=False)
    source_id: str


@dataclass(frozen=True, slots=True)
class Provided:
    """A deposit ready to leave: the body of its envelope and the parts beside it."""

    body: etree._Element = field(repr=False)
    attachments: tuple[mtom.Attachment, ...]


def check(submission: Submission, disputed: Disputed, *, secret: bool = False) -> None:
    """Whether a submission may leave as far as can be told without reading it; said before anything is sent.

    :param secret: the connection is hidden from a minor's legal representatives.
    :raises EmptyDocument, DocumentTooLarge, ForbiddenVisibility, SecretNotKept, UnsendableValue: it may not.
    """
    total = 0
    for document in submission.documents:
        total += document.content.size
        if not document.content.size:
            raise EmptyDocument("no content")
        if not document.title.strip():
            raise UnsendableValue("a document without a title", part="title")
        if document.content.size > disputed.document_bytes:
            raise _too_large(document.content.size, disputed.document_bytes)
        document.visibility.check(both_allowed=disputed.both_hidden_allowed)
        if secret and not document.visibility.from_representatives:
            raise SecretNotKept("a document the representatives would see")
    if not submission.documents:
        raise EmptyDocument("no document")
    if total > disputed.submission_bytes:
        raise _too_large(total, disputed.submission_bytes)


def provide(submission: Submission, identity: Identity, sender: Sender, at: datetime, disputed: Disputed) -> Provided:
    """The deposit of ``submission``. Reads each content once, and asks the card for one signature.

    :param at: aware; time of submission and of signature. The assertion that goes with it must not be older.
    :raises UserError: see :meth:`.cda_content.CdaFile.measure`; :func:`check` was called before.
    :raises ClockDrift: a document bears a later time than now: the clock was set back since.
    """
    ins = _ins(identity)
    body = element(f"{{{NS_XDSB}}}ProvideAndRegisterDocumentSetRequest", _prefixes())
    objects = node(node(body, f"{{{NS_LCM}}}SubmitObjectsRequest"), f"{RIM}RegistryObjectList")
    ids, attachments, signed = Ids(), [], []
    _add_set(
        objects,
        ids,
        submission.unique_id,
        submission.title,
        submission.comments,
        ins,
        sender,
        at,
        submission.content_type,
    )
    links: list[tuple[AssociationKind, str, str]] = []
    for position, document in enumerate(submission.documents, 1):
        owner = f"Document{position:02d}"
        if document.created_at > at:
            late = round((document.created_at - at).total_seconds())
            raise ClockDrift("a document dated later than now", seconds=-late)
        file = cda.write(document, identity, sender.author, sender.custodian)
        measured = file.measure()
        digest = measured.sha1 if disputed.signature_manifest_sha1 else measured.sha256
        signed.append(xades.Signed(document.unique_id, digest))
        author = cda.author_for(document, sender.author)
        xds_entry.add_document(
            objects, ids, owner, file.root, author, comments=document.comments, visibility=document.visibility
        )
        attachments.append(mtom.Attachment(f"{owner}@dmp-desktop", file.size, file.chunks))
        links.append((AssociationKind.HAS_MEMBER, _SET, owner))
        if document.replaces is not None:
            links.append((AssociationKind.REPLACES, owner, document.replaces.entry_uuid))
    signature = xades.sign(
        submission.unique_id, signed, sender.signer, at, manifest_sha1=disputed.signature_manifest_sha1
    )
    _add_signature(objects, ids, submission, ins, sender, at)
    attachments.append(mtom.Attachment(f"{_SIGNATURE}@dmp-desktop", len(signature), lambda: iter([signature])))
    links += [(AssociationKind.HAS_MEMBER, _SET, _SIGNATURE), (AssociationKind.SIGNS, _SIGNATURE, _SET)]
    for kind, source, target in links:
        _associate(objects, ids, kind, source, target, {"SubmissionSetStatus": "Original"})
    for attachment in attachments:
        mtom.document(body, attachment.name.partition("@")[0], attachment.name)
    return Provided(body, tuple(attachments))


def change_status(
    entry_uuid: str, original: DocumentStatus, new: DocumentStatus, ins: Ins, sender: Sender, at: datetime
) -> etree._Element:
    """TD3.3c/d: delete, archive, take out of the archive. The target is the description, by its entryUUID."""
    body, objects, ids = _update(ins, sender, at)
    states = {"OriginalStatus": original.value, "NewStatus": new.value}
    _associate(objects, ids, AssociationKind.UPDATE_STATUS, _SET, entry_uuid, states)
    return body


def change_visibility(
    filed: etree._Element, entry: DocumentEntry, visibility: Visibility, ins: Ins, sender: Sender, at: datetime
) -> etree._Element:
    """TD3.3a/b: the whole description filed anew, its confidentiality alone changed.

    :param filed: the ExtrinsicObject exactly as the store gave it: what this software does not know is kept.
    """
    body, objects, ids = _update(ins, sender, at)
    changed = copy.deepcopy(filed)
    objects.append(changed)
    owner = f"urn:uuid:{uuid.uuid4()}"
    changed.set("id", owner)
    changed.set("lid", entry.logical_id)
    for version in changed.findall(f"{RIM}VersionInfo"):
        changed.remove(version)
    hidden = {code for code in terminology.table(terminology.CONFIDENTIALITY).concepts if code not in {"N", "R", "V"}}
    for held in xds.classifications(changed).get(oids.XDS_ENTRY_CONFIDENTIALITY, []):
        if held.get("nodeRepresentation") in hidden:
            changed.remove(held)
    classified = xds.classifications(changed)
    last = classified.get(oids.XDS_ENTRY_CONFIDENTIALITY) or changed.findall(f"{RIM}Classification")
    for code in xds_entry.confidentiality(visibility)[1:]:
        xds.add_code(changed, ids, oids.XDS_ENTRY_CONFIDENTIALITY, owner, code)
        # The schema wants classifications together, before the identifiers.
        last[-1].addnext(changed[-1])
    # Its parts are new objects too: their former identifiers belong to the former description.
    for tag, prefix, attribute in (
        ("Classification", "cla", "classifiedObject"),
        ("ExternalIdentifier", "ei", "registryObject"),
    ):
        for part in changed.findall(f"{RIM}{tag}"):
            part.set("id", ids.next(prefix))
            part.set(attribute, owner)
    states = {"SubmissionSetStatus": "Original", "PreviousVersion": str(entry.version)}
    _associate(objects, ids, AssociationKind.HAS_MEMBER, _SET, owner, states)
    return body


def _update(ins: Ins, sender: Sender, at: datetime) -> tuple[etree._Element, etree._Element, Ids]:
    body = element(f"{{{NS_LCM}}}SubmitObjectsRequest", {"lcm": NS_LCM, None: NS_RIM})
    objects, ids = node(body, f"{RIM}RegistryObjectList"), Ids()
    _add_set(objects, ids, new_oid(sender.source_id), "Modification des propriétés", "", ins, sender, at, None)
    return body, objects, ids


def _add_set(
    objects: etree._Element,
    ids: Ids,
    unique_id: str,
    title: str,
    comments: str,
    ins: Ins,
    sender: Sender,
    at: datetime,
    content_type: Code | None,
) -> None:
    package = node(objects, f"{RIM}RegistryPackage", None, id=_SET)
    xds.add_slot(package, "submissionTime", [xds.utc(at)])
    xds.add_text(package, "Name", title)
    xds.add_text(package, "Description", comments)
    xds.add_author(package, ids, oids.XDS_SET_AUTHOR, _SET, sender.author)
    xds.add_code(package, ids, oids.XDS_SET_CONTENT_TYPE, _SET, content_type or _usual_content_type(sender))
    node(
        package,
        f"{RIM}Classification",
        None,
        id=ids.next("cla"),
        classificationNode=oids.XDS_SET,
        classifiedObject=_SET,
    )
    for scheme, name, value in (
        (oids.XDS_SET_PATIENT_ID, "patientId", xds.patient_id(ins)),
        (oids.XDS_SET_SOURCE_ID, "sourceId", sender.source_id),
        (oids.XDS_SET_UNIQUE_ID, "uniqueId", unique_id),
    ):
        xds.add_identifier(package, ids, scheme, _SET, f"XDSSubmissionSet.{name}", value)


def _usual_content_type(sender: Sender) -> Code:
    """What led to the submission: the sector of the practice (JDV_J59 holds those of ambulatory care)."""
    table = terminology.table(terminology.CONTENT_TYPE)
    known = table.concept(sender.custodian.sector)
    return known.code if known else table.require("07")


def _add_signature(
    objects: etree._Element, ids: Ids, submission: Submission, ins: Ins, sender: Sender, at: datetime
) -> None:
    facility = terminology.table(terminology.FACILITY).code(sender.custodian.sector, oids.SECTOR)
    practice = terminology.table(terminology.PRACTICE).require(submission.documents[0].practice)
    xds_entry.add_signature(
        objects, ids, _SIGNATURE, submission.signature_id, at, ins, sender.author, facility, practice
    )


def _associate(
    objects: etree._Element, ids: Ids, kind: AssociationKind, source: str, target: str, states: dict[str, str]
) -> None:
    link = node(
        objects,
        f"{RIM}Association",
        None,
        id=ids.next("assoc"),
        objectType=_OBJECT_TYPE,
        associationType=kind.value,
        sourceObject=source,
        targetObject=target,
    )
    for name, value in states.items():
        xds.add_slot(link, name, [value])


def _prefixes() -> dict[str | None, str]:
    return {"xdsb": NS_XDSB, "lcm": NS_LCM, None: NS_RIM}


def _ins(identity: Identity) -> Ins:
    if identity.ins is None or not identity.may_send:
        raise IdentityNotRetrieved("nothing may be sent about this identity")
    return identity.ins


def _too_large(size: int, limit: int) -> DocumentTooLarge:
    return DocumentTooLarge("beyond what is sent", megabytes=-(-size // 1_000_000), limit=limit // 1_000_000)
