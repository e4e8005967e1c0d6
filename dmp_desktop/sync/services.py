"""The DMP's own services (``urn:si-dmp-habilitations``, ``urn:si-dmp-patients``): how each of them answers."""

from __future__ import annotations

from typing import Final

from lxml import etree

from dmp_desktop.sync.errors import UnexpectedAnswer, refused

_OK: Final = "dmpok"


def output_of(root: etree._Element, namespace: str, wrapper: str) -> etree._Element:
    """What a service put out, once its status is known to be good.

    :raises UnexpectedAnswer: another answer than awaited; ``RefusedByStore``: any status but ``DMPOk``.
    """
    if root.tag != f"{{{namespace}}}{wrapper}":
        raise UnexpectedAnswer("another answer than awaited", part=wrapper)
    output = root.find(f"{{{namespace}}}output")
    status = said(output, "status") if output is not None else ""
    if output is None or not status:
        raise UnexpectedAnswer("a part is missing", part="status")
    # The kit compares the status without regard to case.
    if status.lower() != _OK:
        raise refused(status[:80], said(output, "context"))
    return output


def said(parent: etree._Element, tag: str) -> str:
    """Text of a child of the parent's own namespace, on one line, bounded; ``""`` when it is missing or empty."""
    namespace = etree.QName(parent).namespace
    return " ".join((parent.findtext(f"{{{namespace}}}{tag}") or "").split())[:500]


def every(parent: etree._Element, tag: str) -> list[etree._Element]:
    """Children of the parent's own namespace."""
    return parent.findall(f"{{{etree.QName(parent).namespace}}}{tag}")
