"""Messages shown without the people in them: words of the interface stay, of all the rest only the shape does.

It is a list of what may be read, not of what must be hidden: an element or an attribute this software has never met is
masked. Letters become ``x`` and digits ``9``, so that a length or a misplaced character still shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

from dmp_desktop.domain.oids import NS_SAML, NS_SOAP
from dmp_desktop.errors import BadAnswer
from dmp_desktop.sync import xmlsafe

_OID: Final = re.compile(r"[0-2](\.\d{1,12}){2,}")
_URI: Final = re.compile(r"urn:(?!oid:|uuid:)[A-Za-z][\w.:\-]{1,120}|https?://[\w.:\-]+(/[\w.#\-]*)*")
_UUID: Final = re.compile(r"(urn:uuid:|_|cid:)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WORD: Final = re.compile(r"[A-Za-z$][A-Za-z0-9_:.\-/]{0,59}")
_SECTOR: Final = re.compile(r"[A-Z0-9_]{2,40}\^[0-9.]+")
_SHORT_NUMBER: Final = re.compile(r"\d{1,4}(\.\d{1,3})?|true|false")
_LONG_NUMBER: Final = re.compile(r"\d{6}")
_INTERACTION: Final = re.compile(r"[A-Z]{4}_[A-Z]{2}\d{6}UV\d{2}")
_LONG: Final = 400
_ACRONYMS: Final = frozenset("CDA CPE CPS CPX DMP INS INSI OTP SOAP TLS VIHF XDS XML".split())  # noqa: SIM905

# Attributes whose value is a word of the interface.
_ATTRIBUTES: Final = frozenset(
    "Algorithm Format ITSVersion Name Version acceptAckCode associationType classCode classificationScheme code "  # noqa: SIM905
    "codeSystem contextConductionInd determinerCode errorCode identificationScheme lang mediaType mimeType moodCode "
    "mustUnderstand name nil nodeRepresentation nullFlavor objectType qualifier returnComposedObjects returnType root "
    "schemaLocation severity status type typeCode use".split()
)
# Those among them that are identifiers or addresses, never a bare word.
_STRICT: Final = frozenset({"Algorithm", "Format", "codeSystem", "root", "schemaLocation"})
# Elements whose text is a word of the interface.
_TEXTS: Final = frozenset(
    "Action AuthnContextClassRef AuthnContextDecl CodeCR action dateType mode role semanticsText softwareName "  # noqa: SIM905
    "specificRight status type".split()
)
# Attributes of the assertion that say nothing of a person. The homologation number is secret (EX_GEN-1490).
_ASSERTION: Final = frozenset(
    "Authentification_Mode Authentification_mode LPS_ID LPS_Nom LPS_Version Ressource_URN Secteur_Activite "  # noqa: SIM905
    "VIHF_Version urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code".split()
)
# Sentences of the store, as texts and as attributes: kept for their meaning, cleared of whatever may name someone.
_SENTENCES: Final = frozenset({"Erreur", "LibelleCR", "Text", "context", "text"})
_SENTENCE_ATTRIBUTES: Final = frozenset({"codeContext"})
# Elements whose ``value`` is a number or a yes-or-no that says nothing of a person.
_COUNTED: Final = frozenset({"deceasedInd", "resultCurrentQuantity", "resultRemainingQuantity", "resultTotalQuantity"})


def masked(content: bytes, words: Iterable[str] = ()) -> str:
    """A message, indented, without the people in it.

    :param words: words known to name someone: from the other half of the exchange, from a certificate.
    """
    root = _parsed(content)
    if root is None:
        return f"({len(content)} octets qui ne sont pas un message XML)"
    hidden = {word.lower() for word in words} | identities(content)
    for element in root.iter():
        _mask(element, hidden)
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")


def identities(content: bytes) -> frozenset[str]:
    """Words of a message that may name someone: those of every text and value that :func:`masked` hides."""
    root = _parsed(content)
    found: set[str] = set()
    for element in root.iter() if root is not None else ():
        if etree.QName(element).localname in _SENTENCES:
            continue
        said = [str(value) for name, value in element.attrib.items() if not _open(element, str(name))]
        said += [element.tail or "", "" if _text_open(element) else element.text or ""]
        found.update(word.lower() for text in said for word in re.findall(r"\w{3,}", text))
    return frozenset(found)


def shape(text: str) -> str:
    """``2790599…`` as ``9999999…``, ``Lavandin`` as ``xxxxxxxx``; something long as its length alone."""
    if len(text) > _LONG:
        return f"({len(text)} caractères)"
    return "".join("9" if c.isdigit() else "x" if c.isalpha() else c for c in text)


def _parsed(content: bytes) -> etree._Element | None:
    try:
        return xmlsafe.parse(content)
    except BadAnswer:
        return None


def _mask(element: etree._Element, hidden: set[str]) -> None:
    for name, value in element.attrib.items():
        if etree.QName(str(name)).localname in _SENTENCE_ATTRIBUTES:
            element.set(name, _cleared(str(value), hidden))
        elif not _open(element, str(name)):
            element.set(name, shape(str(value)))
    if element.tail:
        element.tail = shape(element.tail)
    if element.text and not _text_open(element):
        sentence = etree.QName(element).localname in _SENTENCES
        element.text = _cleared(element.text, hidden) if sentence else shape(element.text)


def _open(element: etree._Element, attribute: str) -> bool:
    """Whether an attribute may be read as it is."""
    name, value = etree.QName(attribute).localname, str(element.get(attribute, ""))
    if not value or _UUID.fullmatch(value) or _identifier(value):
        return True
    if name == "value":
        return etree.QName(element).localname in _COUNTED and bool(_SHORT_NUMBER.fullmatch(value))
    if name not in _ATTRIBUTES or name in _STRICT:
        return False
    return bool(_WORD.fullmatch(value)) and not _numbered(value)


def _text_open(element: etree._Element) -> bool:
    """Whether a text may be read as it is."""
    text, name = (element.text or "").strip(), etree.QName(element)
    if not text or _UUID.fullmatch(text) or _identifier(text.strip("()'")):
        return True
    known = name.localname in _TEXTS or name.text == f"{{{NS_SOAP}}}Value"
    if name.localname == "AttributeValue" and name.namespace == NS_SAML:
        parent = element.getparent()
        known = parent is not None and parent.get("Name") in _ASSERTION
    if not known or _numbered(text.partition("^")[0]):
        return False
    return any(pattern.fullmatch(text) for pattern in (_WORD, _SECTOR, _SHORT_NUMBER))


def _identifier(text: str) -> bool:
    """An OID, the name of an interaction, or an address that holds no number of anybody."""
    known = _OID.fullmatch(text) or _INTERACTION.fullmatch(text)
    return bool(known or (_URI.fullmatch(text) and not _numbered(text)))


def _numbered(text: str) -> bool:
    """Whether it holds a number long enough to be somebody's, the names of interactions set apart."""
    return bool(_LONG_NUMBER.search(_INTERACTION.sub("", text)))


def _cleared(sentence: str, hidden: set[str]) -> str:
    """A sentence of the store without digits, capitals nor words that name someone in this exchange."""

    def word(found: re.Match[str]) -> str:
        said = found.group()
        named = said.lower() in hidden or any(c.isdigit() for c in said)
        shouted = len(said) > 1 and said.isupper() and said not in _ACRONYMS
        return shape(said) if named or shouted else said

    return re.sub(r"\w+", word, sentence)
