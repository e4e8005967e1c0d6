"""The receipt promises nothing; the leaflet is large and plain."""

from __future__ import annotations

import dataclasses
import re

import pytest
from helpers import print_papers as p
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from dmp_desktop.domain.identity import BirthDate, Sex, Traits
from dmp_desktop.printing.layout import Column, page, plain
from dmp_desktop.printing.leaflet import leaflet
from dmp_desktop.printing.papers import LeafletPaper, ReceiptPaper
from dmp_desktop.printing.receipt import receipt
from dmp_desktop.printing.texts import CURRENT, TextMissing, information

_CLAIMS = re.compile(
    r"\best (?:bien )?(?:ouvert|créé|réactivé)|a été (?:ouvert|créé|réactivé)|ouverture confirmée", re.I
)


def test_the_receipt_says_what_waits_and_what_comes_next() -> None:
    """Its name, that it is no attestation, why it waits, the demand, the consent, what happens next."""
    said = p.text(receipt(p.waiting(reason="le DMP ne répond pas")))
    for item in (
        "Récépissé provisoire",
        "Ouverture en attente de confirmation",
        "Ce papier n’est pas une attestation",
        "n’a pas encore confirmé : le DMP ne répond pas.",
        "OUV-2026-0414-0027",
        "LAVANDIN-GENÊT",
        "Solène Papier",
        "Mme LAVANDIN-GENÊT Odile a consenti à l’ouverture",
        "Le DMP peut accepter, refuser, ou répondre qu’un dossier existe déjà",
        "Après confirmation",
        "Gardez ce récépissé jusqu’à la remise de l’attestation",
    ):
        assert item in said


@pytest.mark.parametrize("reactivation", [False, True])
@pytest.mark.parametrize("opening", [p.ODILE, p.CLEMENTINE, dataclasses.replace(p.ODILE, ins=None)])
def test_the_receipt_never_claims_a_dossier(opening: p.Opening, reactivation: bool) -> None:
    """No sentence says that a dossier is open, and no confirmation can be handed to it."""
    said = p.text(receipt(p.waiting(dataclasses.replace(opening, reactivation=reactivation))))
    assert not _CLAIMS.search(said)
    assert "Attestation" not in said
    assert "confirmed_at" not in {field.name for field in dataclasses.fields(ReceiptPaper)}


def test_an_identity_read_on_the_card_alone_is_called_so() -> None:
    """While INSi has not answered, the paper claims neither sex nor place, and tells of the check to come."""
    opening = dataclasses.replace(p.ODILE, ins=None, traits=p.ODILE.card.provisional())
    said = p.text(receipt(p.waiting(opening)))
    assert "Lue sur la carte Vitale" in said
    assert "Sexe" not in said
    assert "vérifiée auprès de l’Assurance Maladie" in said


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=220), st.text(max_size=220), st.text(max_size=300))
def test_the_receipt_is_one_page_whatever_the_names(family: str, given_name: str, reason: str) -> None:
    """One page for any value."""
    traits = Traits(family, (given_name,), Sex.UNKNOWN, BirthDate("19871900"))
    assert p.page_count(receipt(p.waiting(dataclasses.replace(p.ODILE, traits=traits), reason=reason))) == 1


def test_the_leaflet_is_one_page_in_large_print() -> None:
    """The whole text of its version, in letters of 16 points or more save the imprint."""
    pdf = leaflet(LeafletPaper(p.STRUCTURE, CURRENT, p.PRINTED))
    said = p.squashed(p.text(pdf))
    text = information()
    for line in (text.title, text.lead, *(line for section in text.sections for line in section.lines)):
        assert p.squashed(line) in said
    assert p.page_count(pdf) == 1
    sizes = p.letter_sizes(pdf)
    assert min(size for size in sizes if size > 8.5) >= 16


def test_the_information_text_is_known_by_its_version() -> None:
    """The version read is the version asked; what is spoken ends with the question."""
    text = information(CURRENT)
    assert text.version == CURRENT
    assert text.spoken[-1].endswith("?")


def test_an_unknown_version_is_told_by_its_name() -> None:
    """A consent may name a version this program does not have."""
    with pytest.raises(TextMissing) as caught:
        information("1999-01")
    assert caught.value.facts["version"] == "1999-01"


def test_a_question_mark_never_begins_a_line() -> None:
    """No-break spaces of the texts hold on paper, at whatever width."""

    def draw(canvas: Canvas) -> None:
        for number in range(40):
            column = Column(canvas, 20, 800 - number * 20, 40 + number * 2)
            column.text(plain("Besoin\u202f? Aide\u00a0: le 3422\u202f; oui\u202f?"), "label")

    lines = [line.strip() for line in p.raw_text(page("Essai", (200, 842), draw)).splitlines()]
    assert any(line.endswith("Aide :") for line in lines)
    assert not [line for line in lines if line[:1] in {"?", ":", ";"}]
