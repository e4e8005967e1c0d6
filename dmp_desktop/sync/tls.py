"""The secure channel: TLS 1.2, the four suites of the DMP, one accepted authority, the card's authentication key.

PDT-INF-579v4 (10/07/2025): programs of the desk speak TLS 1.2 only, with these suites; a CPS3 could not sign for
TLS 1.3 (no PSS). There is no way to switch the checking of the server off.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from dmp_desktop.sync.errors import ServerNotTrusted, StoreNotConfigured, TlsRefused

SUITES: Final = (
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
)
"""OpenSSL's names of the four suites of PDT-INF-579v4."""

MAX_DRIFT: Final = timedelta(minutes=2)
"""Beyond, dates of messages and assertions are not believed any more (EX_GEN-1460; strong NTP constraint)."""


def client_context(authority: Path | None, install_key: Callable[[ssl.SSLContext], None]) -> ssl.SSLContext:
    """A context that trusts ``authority`` alone and presents the key that ``install_key`` puts into it.

    :raises StoreNotConfigured: no authority in the settings, or a file that holds none.
    """
    if authority is None:
        raise StoreNotConfigured("no authority to trust", field="authority")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(":".join(SUITES))
    try:
        context.load_verify_locations(cafile=str(authority))
    except (OSError, ssl.SSLError) as error:
        raise StoreNotConfigured("the authority cannot be read", field="authority") from error
    install_key(context)
    return context


def refusal(error: BaseException) -> TlsRefused | None:
    """The TLS failure somewhere under ``error``, as ours; ``None`` when there is none."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ServerNotTrusted("the server is not certified by the configured authority", reason=cause.verify_code)
        if isinstance(cause, ssl.SSLError):
            return TlsRefused("the secure connection was refused", reason=(cause.reason or "")[:80])
        cause = cause.__cause__ or cause.__context__
    return None


def clock_drift(date_header: str | None, now: datetime) -> timedelta | None:
    """How far ``now`` is ahead of the store's clock (HTTP ``Date``), or ``None`` when the store does not tell."""
    try:
        told = parsedate_to_datetime(date_header or "")
    except ValueError:
        return None
    return now - (told if told.tzinfo is not None else told.replace(tzinfo=UTC))
