"""One person speaking: their keys, what the program says of itself, and the assertions already signed."""

from __future__ import annotations

import uuid
from datetime import timedelta

from lxml import etree

from dmp_desktop import __version__
from dmp_desktop.config import StoreSettings
from dmp_desktop.domain.clock import Clock
from dmp_desktop.domain.habilitations import NORMAL_ACCESS, Access
from dmp_desktop.domain.identifiers import Ins
from dmp_desktop.sync import insi, soap, vihf
from dmp_desktop.sync.credentials import Credentials
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.errors import StoreNotConfigured
from dmp_desktop.sync.hl7v3 import Frame


class Speaker:
    """Turns a body into a message of the person signed in. Asks their card to sign when no assertion is still good.

    :raises StoreNotConfigured: the file of the homologation number cannot be read.
    """

    def __init__(self, credentials: Credentials, store: StoreSettings, clock: Clock, disputed: Disputed) -> None:
        self.credentials = credentials
        self._clock = clock
        self._disputed = disputed
        self._since = clock.now()
        self._software = vihf.Software(store.software_oid, store.software_name, __version__, _homologation(store))
        self._billing_id = store.insi_billing_id or credentials.situation.structure.value
        self._instance = str(uuid.uuid4())
        self._vihf = vihf.AssertionCache()
        self._insi = vihf.AssertionCache()

    def frame(self) -> Frame:
        """Identity and time of a new HL7 message."""
        return Frame.new(self._software, self._clock.now(), self._disputed)

    def to_dmp(
        self,
        url: str,
        action: str,
        body: etree._Element,
        ins: Ins | None,
        access: Access = NORMAL_ACCESS,
        *,
        fresh: bool = False,
    ) -> soap.Request:
        """A message to the DMP about ``ins``, or about nobody.

        :param fresh: with an assertion made now, even when one is still good: what it goes with was signed just before.
        """
        now = self._clock.now()
        assertion = None if fresh else self._vihf.get(ins, access, now)
        if assertion is None:
            assertion = vihf.dmp_assertion(
                self.credentials,
                self._software,
                ins,
                access=access,
                signed_in_at=self._since,
                now=now,
                disputed=self._disputed,
            )
            self._vihf.put(ins, access, assertion, now + self._validity, now)
        return soap.dmp_request(
            to=url,
            action=action,
            assertion=assertion,
            body=body,
            qualified=self._disputed.must_understand_qualified,
        )

    def to_insi(self, action: str, body: etree._Element) -> soap.Request:
        """A message to INSi. Its assertion is reused too: it names no patient, and is stale after 20 minutes only."""
        now = self._clock.now()
        assertion = self._insi.get(None, NORMAL_ACCESS, now)
        if assertion is None:
            assertion = vihf.insi_assertion(self.credentials, self._billing_id, now=now)
            self._insi.put(None, NORMAL_ACCESS, assertion, now + self._validity, now)
        sender = insi.Sender(self._software, self.credentials.professional.id.value, self._instance)
        return soap.insi_request(action=action, contexts=insi.contexts(sender, now), assertion=assertion, body=body)

    def forget(self) -> None:
        """Drop the assertions: the card left, or one of them was refused."""
        self._vihf.clear()
        self._insi.clear()

    @property
    def _validity(self) -> timedelta:
        return timedelta(minutes=self._disputed.assertion_minutes)


def _homologation(store: StoreSettings) -> str:
    """The homologation number, secret (EX_GEN-1490): it lives in a file of its own, or nowhere."""
    if store.homologation_file is None:
        return ""
    try:
        return store.homologation_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise StoreNotConfigured("homologation number", field="homologation_file") from None
