"""The attestation: everything it must say, on one page, whoever the person is."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
import segno
from helpers import print_papers as p
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_desktop.config import StructureSettings
from dmp_desktop.domain import oids
from dmp_desktop.domain.dossier import AccessChoice, Representative, RepresentativeQuality
from dmp_desktop.domain.identifiers import Ins, Nir
from dmp_desktop.domain.identity import BirthDate, Identity, InsStatus, ProofDocument, Sex, Traits
from dmp_desktop.printing.attestation import attestation
from dmp_desktop.printing.papers import OpeningPaper


def test_everything_the_person_must_read_is_there() -> None:
    """Holder, confirmation, structure, opener, consent, choices, rights, connection, data contact, keeping."""
    said = p.text(attestation(p.opened()))
    for item in (
        "Attestation d’ouverture d’un Dossier Médical Partagé",
        "LAVANDIN-GENÊT",
        "CORNICHE",
        "Odile, Marie",
        "23/05/1979",
        "Code INSEE 99350",
        "Féminin",
        "OUV-2026-0414-0027",
        "Ouverture confirmée par le DMP le 14 avril 2026 à 09:13 (heure de Paris)",
        "Fait à Villeneuve-l’Exemple, le 14 avril 2026",
        "Cabinet des Trois-Tilleuls",
        "4 rue de l’Exemple",
        "499700000017001",
        "Dr Aurore Brindille",
        "Médecin, médecine générale",
        "N° RPPS 99700000017",
        "Mme LAVANDIN-GENÊT Odile, informée des finalités du dossier, de ses modalités d’accès, de clôture et de "
        "destruction, a consenti ce jour à son ouverture.",
        "texte 2026-11",
        "Centre 15 : oui",
        "Bris de glace : oui",
        "Professionnels autorisés : aucun pour l’instant",
        "gratuit et n’est pas obligatoire",
        "sans effet sur vos remboursements",
        "vous pouvez en bloquer",
        "masquer ou supprimer",
        "chaque accès et son motif",
        "changez ces choix",
        "demandez sa destruction",
        "Les assureurs, mutuelles, employeurs et banques n’y ont pas accès",
        "monespacesante.fr",
        "code à usage unique",
        "3422",
        "Pour exercer vos droits sur vos données : Cabinet des Trois-Tilleuls",
        "Conservez ce document",
        "Imprimé le 14 avril 2026 à 09:14",
    ):
        assert item in said


def test_the_matricule_is_printed_only_when_asked() -> None:
    """The paper travels: without an explicit wish no byte of it holds the matricule, with it the number is grouped."""
    without = attestation(p.opened())
    assert p.NIR not in p.squashed(p.text(without))
    assert p.NIR.encode() not in p.every_byte(without)
    asked = p.text(attestation(p.opened(with_matricule=True)))
    assert "2 79 05 99 350 042" in asked


def test_the_traits_of_insi_replace_those_of_the_card_when_they_came_later() -> None:
    """An opening captured without INSi is attested under the identity the store knows."""
    card = dataclasses.replace(p.ODILE, ins=None, traits=p.ODILE.card.provisional())
    resolved = Identity(p.ODILE.traits, InsStatus.RETRIEVED, Ins(Nir(p.NIR), oids.INS_NIR_TEST))
    said = p.text(attestation(p.opened(card, resolved=resolved, with_matricule=True)))
    assert "LAVANDIN-GENÊT" in said
    assert "informée" in said
    assert "2 79 05 99 350 042" in said


def test_a_reactivation_says_so() -> None:
    """Title, confirmation and consent speak of the reactivation, never of an opening."""
    said = p.text(attestation(p.opened(dataclasses.replace(p.ODILE, reactivation=True))))
    assert "Attestation de réactivation d’un Dossier Médical Partagé" in said
    assert "Réactivation confirmée par le DMP" in said
    assert "a consenti ce jour à sa réactivation" in said
    assert "ouverture" not in said.lower()


@pytest.mark.parametrize(
    ("sex", "agreed"), [(Sex.FEMALE, "informée des"), (Sex.MALE, "informé des"), (Sex.UNKNOWN, "informé(e) des")]
)
def test_the_sentence_agrees_with_the_sex_when_it_is_known(sex: Sex, agreed: str) -> None:
    """Never a gendered word about someone whose sex is not known."""
    traits = dataclasses.replace(p.ODILE.traits, sex=sex)
    assert agreed in p.text(attestation(p.opened(dataclasses.replace(p.ODILE, traits=traits))))


def test_a_minor_has_a_representative_who_consents() -> None:
    """Name, quality and document of the representative, prior consent, and the minor's own view."""
    said = p.text(attestation(p.opened(p.CLEMENTINE)))
    assert "LAVANDIN-GENÊT Odile (mère), informée des finalités" in said
    assert "pour Mme CORNICHE Clémentine" in said
    assert "Consentement du représentant légal recueilli préalablement" in said
    assert "d’identité : passeport" in said
    assert "L’avis de la personne mineure est recherché selon sa maturité" in said


def test_a_person_under_curatorship_consents_with_help() -> None:
    """The curator assists; the person herself consents, and nobody calls her a minor."""
    curator = Representative("GABARIT", "Lucien", RepresentativeQuality.CURATOR, ProofDocument.IDENTITY_CARD, True)
    said = p.text(attestation(p.opened(dataclasses.replace(p.ODILE, representative=curator))))
    assert "Mme LAVANDIN-GENÊT Odile, avec l’assistance de GABARIT Lucien (curateur ou curatrice)" in said
    assert "mineure" not in said


def test_a_consent_of_another_day_is_dated() -> None:
    """An opening confirmed the day after never says « ce jour » of the consent."""
    said = p.text(attestation(p.opened(confirmed_at=datetime(2026, 4, 15, 6, 0, tzinfo=UTC))))
    assert "a consenti le 14 avril 2026 à son ouverture" in said
    assert "ce jour" not in said


def test_a_day_ends_at_midnight_in_paris() -> None:
    """22:30 in UTC on 31 December is the first of January for the person."""
    said = p.text(attestation(p.opened(confirmed_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))))
    assert "confirmée par le DMP le 1er janvier 2027 à 00:30" in said


def test_choices_refused_are_refused_in_words() -> None:
    """« non » is written, not only a box left empty."""
    consent = dataclasses.replace(p.ODILE.consent, centre_15=False, break_glass=False)
    said = p.text(attestation(p.opened(dataclasses.replace(p.ODILE, consent=consent))))
    assert "Centre 15 : non" in said
    assert "Bris de glace : non" in said


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (AccessChoice.THIS_PROFESSIONAL, "Professionnels autorisés : Dr Aurore Brindille."),
        (AccessChoice.STRUCTURE, "les professionnels de la structure Cabinet des Trois-Tilleuls"),
        (AccessChoice.TREATING, "Dr Aurore Brindille, comme médecin traitant"),
    ],
)
def test_authorised_professionals_are_named(choice: AccessChoice, words: str) -> None:
    """Whoever the person chose stands on the paper."""
    assert words in p.text(attestation(p.opened(dataclasses.replace(p.ODILE, access=choice))))


def test_desk_staff_are_named_with_their_function_and_who_answers() -> None:
    """A receptionist has no RPPS number: function and responsible professional instead."""
    said = p.text(attestation(p.opened(author=p.DESK, role="accueil", responsible="Dr Aurore Brindille")))
    assert "Solène Papier Fonction Accueil Sous la responsabilité de Dr Aurore Brindille" in said
    assert "RPPS" not in said


def test_the_structure_is_known_by_its_finess_or_siret() -> None:
    """The prefix of the national identifier becomes the name of the register."""
    structure = dataclasses.replace(p.STRUCTURE, identifier="1990000017")
    assert "FINESS : 990000017" in p.text(attestation(p.opened(structure=structure)))


def test_a_paper_without_a_confirmation_cannot_be_made() -> None:
    """The moment of the confirmation has no default."""
    fields = {field.name: field for field in dataclasses.fields(OpeningPaper)}
    assert fields["confirmed_at"].default is dataclasses.MISSING
    with pytest.raises(TypeError):
        OpeningPaper(p.ODILE, p.DOCTOR, p.STRUCTURE, printed_at=p.PRINTED)  # type: ignore[call-arg]


def test_the_code_holds_the_reference_and_nothing_else() -> None:
    """Each module of the drawn QR code is the one of the reference alone."""
    picture = p.image(attestation(p.opened()), 600)
    left, top = int(picture.width * 0.78), int(picture.height * 0.875)
    corner = picture.crop((left, top, picture.width, picture.height))
    x0, y0, x1, y1 = p.ink_box(corner)
    expected = [[bool(cell) for cell in row] for row in segno.make(p.ODILE.reference, error="m", micro=False).matrix]
    module = (x1 - x0) / len(expected)
    assert (y1 - y0) / len(expected) == pytest.approx(module, abs=0.2)
    drawn = [
        [
            corner.getpixel((int(x0 + (column + 0.5) * module), int(y0 + (row + 0.5) * module))) < 128
            for column in range(len(expected))
        ]
        for row in range(len(expected))
    ]
    assert drawn == expected


def test_a_long_double_name_breaks_after_its_hyphen() -> None:
    """Names are never cut in the middle of a word when a hyphen offers a place."""
    traits = dataclasses.replace(p.ODILE.traits, birth_name="LAVANDIN-GENÊT-ROCHEBRUNE-CORNICHE-MIRABELLE")
    said = p.text(attestation(p.opened(dataclasses.replace(p.ODILE, traits=traits))))
    assert said.replace("- ", "-").count("LAVANDIN-GENÊT-ROCHEBRUNE-CORNICHE-MIRABELLE") == 2


def test_a_letter_the_font_lacks_is_a_question_mark() -> None:
    """Never an empty box nor a letter silently dropped."""
    traits = dataclasses.replace(p.ODILE.traits, used_name="CORN\u4e00CHE")
    assert "CORN?CHE" in p.text(attestation(p.opened(dataclasses.replace(p.ODILE, traits=traits))))


def test_a_corrupt_value_does_not_push_the_rest_off_the_page() -> None:
    """Thousands of characters where a name should be: cut with an ellipsis, and the paper is whole."""
    traits = dataclasses.replace(p.ODILE.traits, birth_name="LAVANDIN" * 1000)
    pdf = attestation(p.opened(dataclasses.replace(p.ODILE, traits=traits)))
    assert p.page_count(pdf) == 1
    assert "…" in p.text(pdf)


_words = st.text(max_size=220)
_traits = st.builds(
    Traits,
    birth_name=_words,
    given_names=st.lists(_words, max_size=6).map(tuple),
    sex=st.sampled_from(Sex),
    birth_date=st.one_of(st.just("19871900"), st.just("20160902"), st.text(max_size=8)).map(BirthDate),
    birth_place=st.text(max_size=5),
    used_name=_words,
    used_given_name=_words,
)
_structures = st.builds(
    StructureSettings, name=_words, address=st.lists(_words, max_size=12).map(tuple), identifier=_words
)
_representatives = st.none() | st.builds(
    Representative,
    _words,
    _words,
    st.sampled_from(RepresentativeQuality),
    st.sampled_from(ProofDocument),
    st.booleans(),
)


@settings(max_examples=40, deadline=None)
@given(
    traits=_traits,
    structure=_structures,
    representative=_representatives,
    role=_words,
    responsible=_words,
    place=_words,
    choice=st.sampled_from(AccessChoice),
    reactivation=st.booleans(),
    demonstration=st.booleans(),
)
def test_one_page_whatever_the_names(
    traits: Traits,
    structure: StructureSettings,
    representative: Representative | None,
    role: str,
    responsible: str,
    place: str,
    choice: AccessChoice,
    reactivation: bool,
    demonstration: bool,
) -> None:
    """Long, empty, unprintable or hostile values: still one archivable page, and its foot is there."""
    opening = dataclasses.replace(
        p.ODILE, traits=traits, representative=representative, access=choice, reactivation=reactivation
    )
    author = dataclasses.replace(p.DESK, display_name=responsible, structure_name=structure.name)
    paper = p.opened(
        opening,
        author=author,
        structure=structure,
        role=role,
        responsible=responsible,
        birth_place=place,
        with_matricule=True,
        demonstration=demonstration,
    )
    pdf = attestation(paper)
    assert p.page_count(pdf) == 1
    assert "Conservez ce document" in p.text(pdf)


def test_the_longest_real_values_stay_legible() -> None:
    """Every field long at once, a representative, the matricule: whole, and no letter of the text under 7 points."""
    traits = Traits(
        "DE LAVANDIN-ROCHEBRUNE-CORNICHE-GENÊT",
        ("Marie-Apolline", "Anne-Gwénaëlle", "Clémentine-Rose", "Philippine"),
        Sex.UNKNOWN,
        BirthDate("19871900"),
        "",
        "DE CORNICHE-VILLENEUVE-SAINT-GEORGES",
    )
    guardian = Representative(
        "VAN DER LAVANDIN-ROCHEBRUNE", "Jean-Baptiste-Emmanuel", RepresentativeQuality.OTHER_PARENT,
        ProofDocument.IDENTITY_CARD, True,
    )  # fmt: skip
    structure = StructureSettings(
        "Maison de santé pluriprofessionnelle des Trois-Tilleuls et du Grand-Chêne réunis",
        ("Bâtiment B, 2e étage", "Résidence de l’Exemple", "124 bis avenue de l’Exemple", "99000 Villeneuve CEDEX 9"),
        "1990000017",
    )
    opening = dataclasses.replace(p.ODILE, traits=traits, representative=guardian, access=AccessChoice.STRUCTURE)
    pdf = attestation(p.opened(opening, structure=structure, with_matricule=True, responsible="Dr Lucien Gabarit"))
    said = p.squashed(p.text(pdf))
    for value in (traits.birth_name, traits.used_name, *traits.given_names, guardian.family, structure.name):
        assert p.squashed(value) in said
    assert min(p.letter_sizes(pdf)) >= 7
