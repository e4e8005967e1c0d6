"""TD0.4 and TD1.5: the dossiers one may read; a person's account and the channel of its codes.

TD1.5 was taken out of the published WSDL on 11/06/2024: its messages follow the official examples (v02.05.00). A
national store may not answer it any more; nothing of the opening rests on it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lxml import etree

from dmp_desktop.domain.administration import ChannelAct, CodeChannel, WebAccount
from dmp_desktop.domain.dossier import Confirmation
from dmp_desktop.domain.habilitations import AuthorisedDossier, ListedBy
from dmp_desktop.domain.identifiers import BadIdentifier, Ins, Nir, PsId, Secret
from dmp_desktop.domain.identity import BirthDate
from dmp_desktop.domain.oids import NS_PATIENTS
from dmp_desktop.sync.errors import UnexpectedAnswer
from dmp_desktop.sync.hl7v3 import moment, stamp
from dmp_desktop.sync.services import every, output_of, said
from dmp_desktop.sync.soap import element, node

_POINT: Final = "urn:si-dmp-patients:PatientSpecificEndPoint"
LIST_ACTION: Final = f"{_POINT}:patientList"
LIST_ANSWER_ACTION: Final = f"{_POINT}:patientListResponse"
ACCOUNT_ACTION: Final = f"{_POINT}:createPatientAccess"
ACCOUNT_ANSWER_ACTION: Final = f"{_POINT}:createPatientAccessResponse"
CHANNEL_ACTION: Final = f"{_POINT}:patientOTPUpdate"
CHANNEL_ANSWER_ACTION: Final = f"{_POINT}:patientOTPUpdateResponse"


def _request(name: str) -> etree._Element:
    return element(f"{{{NS_PATIENTS}}}{name}", {None: NS_PATIENTS})


def dossiers_request(by: ListedBy, since: datetime | None, owner: PsId | None) -> etree._Element:
    """``patientList``.

    :param owner: another professional of the same structure, whom desk staff ask for.
    """
    root = _request("patientList")
    if since is not None:
        node(root, "startDate", stamp(since))
    node(root, "dateType", by.value)
    if owner is not None:
        node(root, "psOwnerId", owner.value)
    return root


def read_dossiers(root: etree._Element) -> tuple[AuthorisedDossier, ...]:
    """Dossiers, in the store's order.

    :raises RefusedByStore: any status but ``DMPOk``.
    """
    output = output_of(root, NS_PATIENTS, "patientListResponse")
    return tuple(_dossier(line) for line in every(output, "patientlistData"))


def _dossier(line: etree._Element) -> AuthorisedDossier:
    ins, others = _numbers(line)
    return AuthorisedDossier(
        ins=ins,
        birth_name=said(line, "patronymicalName"),
        used_name=said(line, "lastName"),
        given_name=said(line, "firstName"),
        civility=said(line, "civility"),
        birth_date=BirthDate(said(line, "dateOfBirth")),
        treating=said(line, "MT") in {"true", "1"},
        message=said(line, "message") in {"true", "1"},
        last_access=moment(said(line, "lastAccessDate")),
        last_update=moment(said(line, "lastUpdateDate")),
        last_addition=moment(said(line, "lastAddDate")),
        other_ids=others,
    )


def _numbers(line: etree._Element) -> tuple[Ins | None, tuple[tuple[str, str], ...]]:
    """The INS, and every other number, one that cannot be an INS included."""
    ins: Ins | None = None
    others: list[tuple[str, str]] = []
    for number in every(line, "patientIdentifier"):
        value, domain = said(number, "nationalId"), said(number, "nationalIdType")
        try:
            ins = Ins(Nir(value), domain)
        except BadIdentifier:
            others.append((domain, value))
    return ins, tuple(others)


def account_request(channel: CodeChannel) -> etree._Element:
    """``createPatientAccess``: the person is the VIHF's."""
    root = _request("createPatientAccess")
    node(root, "type", channel.kind.value)
    node(root, "canal", channel.value)
    return root


def read_account(root: etree._Element) -> WebAccount:
    """The secrets of the new account: the only time they are told.

    :raises RefusedByStore: any status but ``DMPOk``.
    """
    output = output_of(root, NS_PATIENTS, "createPatientAccessResponse")
    # As they are: a secret may hold blanks.
    login, password = (output.findtext(f"{{{NS_PATIENTS}}}{tag}") or "" for tag in ("login", "password"))
    if not login or not password:
        raise UnexpectedAnswer("a part is missing", part="login" if not login else "password")
    return WebAccount(Secret(login), Secret(password))


def channel_request(act: ChannelAct, channel: CodeChannel) -> etree._Element:
    """``patientOTPUpdate``."""
    root = _request("patientOTPUpdate")
    node(root, "type", channel.kind.value)
    node(root, "canal", channel.value)
    node(root, "action", act.value)
    return root


def read_channel(root: etree._Element, at: datetime) -> Confirmation:
    """What the store did.

    :raises RefusedByStore: any status but ``DMPOk``.
    """
    output = output_of(root, NS_PATIENTS, "patientOTPUpdateResponse")
    return Confirmation(at, text=said(output, "context"))
