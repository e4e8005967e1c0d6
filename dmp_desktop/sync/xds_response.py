"""What a registry or a repository says it did (ebRS 3.0): success, refusals, warnings."""

from __future__ import annotations

from typing import Final

from lxml import etree

from dmp_desktop.domain.oids import NS_RS
from dmp_desktop.errors import DmpError, RefusedByStore
from dmp_desktop.sync.errors import DuplicateDocument, MessageRefused, StoreUnavailable, UnexpectedAnswer, refused

RESPONSE: Final = f"{{{NS_RS}}}RegistryResponse"
SUCCESS: Final = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
FAILURE: Final = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
PARTIAL: Final = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"
_BUSY: Final = frozenset(
    {"XDSRegistryBusy", "XDSRepositoryBusy", "XDSRegistryOutOfResources", "XDSRepositoryOutOfResources"}
)


def check(response: etree._Element, *, partial: bool = False) -> tuple[RefusedByStore, ...]:
    """Refuse anything but a success.

    :param partial: a part of what was asked may be missing; what is missing is then told.
    :returns: refusals of a partial success; warnings of a success are left out, they change nothing.
    :raises RefusedByStore: the most telling of its errors, with the texts of all.
    :raises StoreUnavailable: it is busy.
    :raises UnexpectedAnswer: no status, or a failure without a reason.
    """
    status = response.get("status", "")
    errors = [_error(found) for found in response.iterfind(f"{{{NS_RS}}}RegistryErrorList/{{{NS_RS}}}RegistryError")]
    serious = [error for error, severe in errors if severe]
    if status == SUCCESS and not serious:
        return ()
    if status == PARTIAL and partial:
        return tuple(error for error in serious if isinstance(error, RefusedByStore))
    if not serious:
        raise UnexpectedAnswer("neither a success nor a refusal", part="status")
    raise _most_telling(serious)


def _error(found: etree._Element) -> tuple[DmpError, bool]:
    code = found.get("errorCode", "").rpartition(":")[2].strip()[:80]
    text = " ".join((found.get("codeContext") or found.text or "").split())[:500]
    severe = not found.get("severity", "").endswith(":Warning")
    if code in _BUSY:
        return StoreUnavailable("the store is busy", store_code=code), severe
    return refused(code, text), severe


def _most_telling(errors: list[DmpError]) -> DmpError:
    refusals = [error for error in errors if isinstance(error, RefusedByStore)]
    if len(refusals) < len(errors):
        return next(error for error in errors if not isinstance(error, RefusedByStore))
    # A duplicate is the echo of a former sending only when nothing else was refused.
    others = [error for error in refusals if not isinstance(error, DuplicateDocument)] or refusals
    known = [error for error in others if type(error) not in {RefusedByStore, MessageRefused}] or others
    chosen = known[0]
    texts = list(dict.fromkeys(error.store_text for error in refusals if error.store_text))
    return type(chosen)(chosen.store_code, " / ".join(texts)[:500])
