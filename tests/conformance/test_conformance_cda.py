"""Every CDA written passes the official schema and the CI-SIS schematrons, with no assertion failed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from helpers import documents_world as world
from helpers import wire_world
from helpers.documents_schematron import Schematrons
from lxml import etree
from saxonche import PySaxonProcessor

from dmp_desktop.domain import terminology
from dmp_desktop.domain.document import MediaType, NewDocument, Replaced
from dmp_desktop.domain.identity import BirthDate, Identity, Sex
from dmp_desktop.domain.terminology import Code
from dmp_desktop.sync import cda

_PROFILES = (
    "structurationMinimale/ASIP-STRUCT-MIN-StrucMin.sch",
    "IHE.sch",
    "CI-SIS_ModelesDeContenusCDA.sch",
    "CI-SIS_Modeles_ANS.sch",
)
_CCAM = Code("DEQP003", "1.2.250.1.213.2.5", "Électrocardiographie sur au moins 12 dérivations")


@dataclass(frozen=True)
class Judge:
    """The schema and the schematrons, ready to use."""

    xsd: etree.XMLSchema
    folder: Path
    schematrons: Schematrons

    def failed(self, document: bytes, *profiles: str) -> list[str]:
        """What is wrong with a document."""
        self.xsd.validate(etree.fromstring(document))
        found = [str(error.message) for error in self.xsd.error_log]
        for profile in profiles or _PROFILES:
            found += self.schematrons.run(self.folder / profile, document).failed
        return found


@pytest.fixture(scope="module")
def judge(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """The reference copied to a folder where compiled sheets may stand beside their schema."""
    folder = tmp_path_factory.mktemp("cda")
    for part in ("schematrons", "jeuxDeValeurs", "xsd"):
        shutil.copytree(reference / "cda" / part, folder / part, copy_function=shutil.copyfile)
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
    xsd = etree.XMLSchema(etree.parse(str(folder / "xsd/cda/CDA_extended.xsd")))
    with PySaxonProcessor(license=False) as saxon:
        yield Judge(xsd, folder / "schematrons/profils", Schematrons(saxon))


def _bytes(document: NewDocument, identity: Identity = world.ODILE, *, by_desk: bool = False) -> bytes:
    file = cda.write(document, identity, world.DESK if by_desk else world.DOCTOR, world.CUSTODIAN)
    return b"".join(file.chunks())


def _variants() -> dict[str, tuple[NewDocument, Identity, bool]]:
    plain, odile = world.document(), world.ODILE
    traits = odile.traits
    return {
        "pdf": (plain, odile, False),
        "text": (
            world.document(body=world.content(b"Vu ce jour.\nTension 13/8.", MediaType.TEXT)),
            odile,
            False,
        ),
        "jpeg": (world.document("52040-3", body=world.content(b"\xff\xd8\xff\xe0", MediaType.JPEG)), odile, False),
        "replacement": (world.document(replaces=Replaced("urn:uuid:0", "1.2.3", "1.2.2", 3)), odile, False),
        "acts": (world.document(events=(_CCAM, Code("I10", "2.16.840.1.113883.6.3", "HTA"))), odile, False),
        "orders": (world.document(orders=(("1.2.250.1.999.7", "A&B^1"), ("1.2.250.1.999.8", ""))), odile, False),
        "without-end": (replace(plain, service_stop=None), odile, False),
        "by-reception": (world.document(by_desk=True), odile, True),
        "corsican": (plain, world.GHJULIA, False),
        "month-19": (plain, replace(odile, traits=replace(traits, birth_date=BirthDate("19421901"))), False),
        "birth-name-alone": (plain, replace(odile, traits=replace(traits, used_name="")), False),
        "unknown-sex": (plain, replace(odile, traits=replace(traits, sex=Sex.UNKNOWN)), False),
        "characters": (world.document(title="Bilan <« é ’ & œ »>"), odile, False),
    }


@pytest.mark.parametrize("kind", _variants())
def test_a_document_passes_everything(judge: Judge, kind: str) -> None:
    """Schema, structuration minimale and the other profiles: nothing failed, whatever the document holds."""
    document, identity, by_desk = _variants()[kind]
    assert judge.failed(_bytes(document, identity, by_desk=by_desk)) == []


@pytest.mark.parametrize(
    ("profession", "speciality", "label"),
    [
        ("10", "SM26", "Médecin - Qualifié en Médecine Générale (SM)"),
        ("21", "A", "Pharmacien titulaire d'officine"),
        ("60", "", "Infirmier"),
        ("10", "SM99", "Médecin - Nouvelle spécialité"),
    ],
)
def test_every_kind_of_author_passes(judge: Judge, profession: str, speciality: str, label: str) -> None:
    """A profession and a speciality of JDV_J01 under their published label; an unknown one under the card's."""
    person = replace(
        wire_world.BRINDILLE,
        profession=profession,
        profession_label="Médecin",
        speciality=speciality,
        speciality_label="Nouvelle spécialité" if speciality == "SM99" else "",
    )
    author = cda.author_of(person, wire_world.SITUATION)
    assert author.speciality is not None
    assert author.speciality.label == label
    data = b"".join(cda.write(world.document(), world.ODILE, author, world.CUSTODIAN).chunks())
    if speciality != "SM99":
        assert judge.failed(data) == []


def test_every_type_of_document_passes(judge: Judge) -> None:
    """Each type that may be chosen today is known to the structuration minimale."""
    for value, concept in terminology.table(terminology.TYPE).concepts.items():
        if concept.renewed_as or value == "E1762":
            continue
        assert judge.failed(_bytes(world.document(value)), _PROFILES[0]) == [], value


def test_the_schematron_checks(judge: Judge) -> None:
    """The check itself checks: without title, setId and versionNumber, three assertions fail."""
    root = etree.fromstring(_bytes(world.document()))
    for tag in ("title", "setId", "versionNumber"):
        found = root.find(f"{{urn:hl7-org:v3}}{tag}")
        assert found is not None
        root.remove(found)
    failed = judge.schematrons.run(judge.folder / _PROFILES[0], etree.tostring(root)).failed
    assert len(failed) == 3


def test_the_official_example_passes_here_too(judge: Judge, reference: Path) -> None:
    """The official N1 model gives nothing failed with this engine: what it says of ours can be believed."""
    data = (reference / "cda/examples/DOC_NON_STRUCTURE_CDA-R2-N1.xml").read_bytes()
    outcome = judge.schematrons.run(judge.folder / _PROFILES[0], data)
    assert outcome.failed == ()
    assert outcome.fired > 80


def test_what_leaves_is_what_is_signed(judge: Judge) -> None:
    """The bytes are canonical: their digest is the one that canonicalising them gives, and the size is as announced."""
    file = cda.write(world.document(), world.ODILE, world.DOCTOR, world.CUSTODIAN)
    data = b"".join(file.chunks())
    canonical = etree.tostring(etree.fromstring(data), method="c14n", with_comments=True)
    measured = file.measure()
    assert measured.sha256 == hashlib.sha256(canonical).digest()
    assert measured.sha1 == hashlib.sha1(canonical, usedforsecurity=False).digest()
    assert len(data) == file.size
