"""What is shown of a message names nobody, and still shows the message."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers import wire_answers, wire_dossiers, wire_world
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_desktop.domain.habilitations import Access, AccessMode
from dmp_desktop.services.wire_mask import identities, masked, shape
from dmp_desktop.sync import soap, vihf
from dmp_desktop.sync.disputed import Disputed
from dmp_desktop.sync.hl7v3 import Frame
from dmp_desktop.sync.hl7v3_administration import change_request

FRAME = Frame.new(wire_world.SOFTWARE, wire_world.NOW, Disputed())
ASKED = wire_answers.Asked("urn:uuid:1", FRAME.message, FRAME.query, wire_world.ODILE.value, wire_world.ODILE.oid)
SOMEBODY = [
    "LAVANDIN", "GENÊT", "CORNICHE", "ODILE", "GASPARD", "19790523", "0601020304", "exemple.example", "Tilleuls",
    "99000", "Villeneuve", wire_world.ODILE.value, "BRINDILLE", "AURORE", "899700000017", "499700000017001",
    "HOMOLOGATION-FICTIVE", "inconscient",
]  # fmt: skip


def _request() -> bytes:
    body = change_request(FRAME, wire_dossiers.FULL, wire_world.credentials())
    assertion = vihf.dmp_assertion(
        wire_world.credentials(),
        wire_world.SOFTWARE,
        wire_world.ODILE,
        access=Access(AccessMode.BREAK_GLASS, "Patient inconscient"),
        signed_in_at=wire_world.NOW,
        now=wire_world.NOW,
        disputed=Disputed(),
    )
    return soap.dmp_request(to="https://store/patients", action="urn:x", assertion=assertion, body=body).content


ANSWERS = {
    "request": _request(),
    "data": wire_answers.envelope(ASKED, "urn:x", wire_dossiers.administrative(ASKED)),
    "dossiers": wire_answers.envelope(
        ASKED, "urn:x", wire_dossiers.dossiers(wire_dossiers.dossier_line(wire_world.ODILE.value, wire_world.ODILE.oid))
    ),
    "account": wire_answers.envelope(ASKED, "urn:x", wire_dossiers.account()),
    "professionals": wire_answers.envelope(
        ASKED, "urn:x", wire_dossiers.professionals(wire_dossiers.professional_line())
    ),
    "search": wire_answers.envelope(ASKED, "urn:x", wire_dossiers.matches(ASKED, wire_dossiers.match())),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_nobody_is_named(name: str) -> None:
    """Names, numbers, dates, contacts, addresses, the professional, a motive, secrets: only their shape."""
    said = masked(ANSWERS[name])
    assert [word for word in [*SOMEBODY, "corni42", "p4 ss"] if word.lower() in said.lower()] == []
    bare = re.sub(r'xmlns(:\w+)?="[^"]*"|[0-9a-f-]{36}|\w+UV\d\d|\.\d+', "", said)
    assert [number for number in re.findall(r"\d{6,}", bare) if set(number) != {"9"}] == []


def test_the_message_still_shows() -> None:
    """Elements, codes, tables, states, the length of what is hidden."""
    said = masked(ANSWERS["request"])
    for kept in (
        'code="MODIF_DATA"', 'codeSystem="1.2.250.1.213.1.1.4.11"', 'extension="PRPA_IN201314UV02"', 'qualifier="SP"',
        ">3.0<", ">DIRECTE<", "SA07^1.2.250.1.71.4.2.4", 'code="bris_de_glace"', ">urn:x<", "xxxxxxxx-xxxxx",
        "99999999",
    ):  # fmt: skip
        assert kept in said, kept
    assert [etree.QName(e).localname for e in etree.fromstring(said).iter()] == [
        etree.QName(e).localname for e in etree.fromstring(ANSWERS["request"]).iter()
    ]


def test_a_sentence_of_the_store_keeps_its_meaning() -> None:
    """The words of a refusal stay, a name or a number in it goes: one known from the request, one in capitals."""
    words = identities(ANSWERS["data"])
    fault = wire_answers.fault(
        ASKED, "Sender", "DMPErreur", "Structure introuvable pour Odile Corniche, née MIRABELLE, dossier 279 du DMP"
    )
    said = masked(fault, words)
    assert "Structure introuvable pour xxxxx xxxxxxxx, née xxxxxxxxx, dossier 999 du DMP" in said
    assert "e:DMPErreur" in said


@pytest.mark.parametrize(
    "content", [b"", b"<html>Odile", b"<!DOCTYPE a [<!ENTITY b 'Odile'>]><a>&b;</a>", b"\xff\xfe<a"]
)
def test_what_is_no_message_is_not_shown(content: bytes) -> None:
    """A web page, an entity, nothing: its size alone."""
    assert masked(content) == f"({len(content)} octets qui ne sont pas un message XML)"


@settings(max_examples=150, deadline=None)
@given(
    name=st.text(st.characters(categories=["Lu", "Ll"]), min_size=4, max_size=20),
    place=st.sampled_from(["text", "tail", "attribute", "unknown", "comment", "instruction", "sentence"]),
)
def test_a_name_shows_nowhere(name: str, place: str) -> None:
    """Wherever a message may carry one, the interface's own words included in no place where a name could stand."""
    known = f"<family xmlns='urn:hl7-org:v3'>{name}</family>"
    held = {
        "text": "",
        "tail": f"<given xmlns='urn:hl7-org:v3'/>{name}",
        "attribute": f"<telecom xmlns='urn:hl7-org:v3' value='tel:{name}'/>",
        "unknown": f"<nouveau surnom='{name}'>{name}</nouveau>",
        "comment": f"<!-- {name} -->",
        "instruction": f"<?quelque {name}?>",
        "sentence": f"<context>Refus pour {name}</context>",
    }[place]
    assert name not in masked(f"<a>{known}{held}</a>".encode())


def test_a_number_hides_nowhere_among_codes() -> None:
    """A matricule where a code stands, a short code beside it."""
    said = masked(b"<a><b code='N2790599000123' status='IN2790599'/><b code='G15_10/SM26'/></a>")
    assert "2790599" not in said
    assert 'code="G15_10/SM26"' in said


def test_a_shape_is_the_same_length() -> None:
    """Letters, digits, punctuation; something long is told by its length."""
    assert shape("2B Cazé-1") == "9x xxxx-9"
    assert shape("x" * 500) == "(500 caractères)"


def test_official_messages_name_nobody(reference: Path) -> None:
    """Every published example: none of the texts of its names remains."""
    for path in sorted((reference / "dmp/messages").glob("*.xml")):
        content = path.read_bytes()
        said = masked(content)
        if said.startswith("("):
            continue
        for tag in ("family", "given", "birthTime", "lastName", "firstName", "NomNaissance", "Prenom"):
            root = etree.fromstring(said)
            for element in root.iter():
                if isinstance(element.tag, str) and etree.QName(element).localname == tag:
                    assert not re.search(r"[A-WYZa-wyz0-8]", element.text or ""), (path.name, tag)
