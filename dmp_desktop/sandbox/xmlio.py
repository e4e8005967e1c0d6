"""Reading hostile XML, and writing ours."""

from __future__ import annotations

from lxml import etree

from dmp_desktop.domain import oids
from dmp_desktop.sandbox.refusals import Code, Refusal

MAX_BYTES = 2_000_000
MAX_DEPTH = 100

Element = etree._Element


def parse(data: bytes, limit: int = MAX_BYTES, *, comments: bool = False) -> Element:
    """The root of a message: no DTD, no entity, no network, size and depth bounded.

    :param limit: bytes; ``comments``: whether they are kept, with the processing instructions.
    :raises Refusal: when it is not such XML.
    """
    if len(data) > limit:
        raise Refusal(Code.MALFORMED, "Message trop volumineux")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=limit > MAX_BYTES,
        remove_comments=not comments,
        remove_pis=not comments,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refusal(Code.MALFORMED, "XML mal formé") from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs do not know it
        raise Refusal(Code.MALFORMED, "DTD interdite")
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise Refusal(Code.MALFORMED, "Imbrication trop profonde")
    return root


def steps(path: str, namespace: str = oids.NS_HL7) -> str:
    """``a/b`` as an ElementPath in one namespace."""
    return "/".join(step if step in {"", "."} else f"{{{namespace}}}{step}" for step in path.split("/"))


def child(node: Element, path: str, namespace: str = oids.NS_HL7) -> Element | None:
    """The first element at ``path``, or ``None``."""
    return node.find(steps(path, namespace))


def children(node: Element, path: str, namespace: str = oids.NS_HL7) -> list[Element]:
    """Every element at ``path``."""
    return node.findall(steps(path, namespace))


def need(node: Element, path: str, namespace: str = oids.NS_HL7) -> Element:
    """The first element at ``path``.

    :raises Refusal: when there is none.
    """
    found = child(node, path, namespace)
    if found is None:
        raise Refusal(Code.INVALID_MESSAGE, f"Élément absent : {path}")
    return found


def text(node: Element | None) -> str:
    """Its text, without the space around it; ``""`` when there is no element."""
    return (node.text or "").strip() if node is not None else ""


def attribute(node: Element | None, name: str) -> str:
    """One attribute, without the space around it; ``""`` when absent."""
    return str(node.get(name, "")).strip() if node is not None else ""


class Maker:
    """Writes elements of one namespace: ``hl7("id", {"root": "…"}, child, "text")``."""

    def __init__(self, namespace: str, prefix: str | None = None) -> None:
        self._namespace = namespace
        self._names: dict[str | None, str] = {prefix: namespace}

    def __call__(self, name: str, *content: dict[str, str] | Element | str | None) -> Element:
        """An element with its attributes, children and text, in order; ``None`` is left out."""
        made = etree.Element(f"{{{self._namespace}}}{name}", nsmap=self._names)  # type: ignore[arg-type]  # None is allowed
        for part in content:
            if isinstance(part, dict):
                for key, value in part.items():
                    made.set(key, value)
            elif isinstance(part, str):
                made.text = part
            elif part is not None:
                made.append(part)
        return made


def serialise(root: Element) -> bytes:
    """UTF-8, with its declaration."""
    etree.cleanup_namespaces(root, keep_ns_prefixes=["xsi"])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
