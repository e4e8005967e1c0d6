"""A family on a fictional card, and what INSi would say of it."""

from datetime import UTC, datetime

from dmp_desktop.domain import oids
from dmp_desktop.domain.identifiers import CardNature, Ins, Nir, PsId, StructureId, nir_key
from dmp_desktop.domain.identity import Beneficiary, BirthDate, InsiAnswer, InsiOutcome, Sex, Traits, VitaleReading
from dmp_desktop.domain.professional import Professional, ProfessionalKind, Situation


def nir(body: str) -> Nir:
    """A number with its key."""
    return Nir(body + nir_key(body))


ODILE = nir("2790599000123")
GASPARD = nir("1771199000456")
CAPUCINE = nir("2160999000789")
ACTIVE_AT = datetime(2026, 4, 14, 7, 12, 30, tzinfo=UTC)

FAMILY = (
    Beneficiary(1, "LAVANDIN", "ODILE", BirthDate("19790523"), ODILE, ODILE.value),
    Beneficiary(2, "CORNICHE", "GASPARD", BirthDate("19771111"), GASPARD, GASPARD.value),
    Beneficiary(3, "CORNICHE", "CAPUCINE", BirthDate("20160902"), ODILE, ODILE.value),
    Beneficiary(4, "CORNICHE", "CLEMENTINE", BirthDate("20160902"), ODILE, ODILE.value),
)


def reading(read_at: datetime, fingerprint: str = "card-a") -> VitaleReading:
    """One reading of the family's card."""
    return VitaleReading(FAMILY, fingerprint, read_at, "right", CardNature.TEST)


def found(number: Nir, name: str, given: str, born: str, sex: Sex = Sex.FEMALE) -> InsiAnswer:
    """INSi found one person."""
    traits = Traits(name, (given,), sex, BirthDate(born), "99000")
    return InsiAnswer(InsiOutcome.FOUND, ACTIVE_AT, Ins(number, oids.INS_NIR_TEST), traits, "00", "OK")


def gaspard_found() -> InsiAnswer:
    """INSi agrees with the card."""
    return found(GASPARD, "CORNICHE", "GASPARD", "19771111", Sex.MALE)


def odile_found() -> InsiAnswer:
    """INSi knows a longer birth name than the card."""
    return found(ODILE, "LAVANDIN-GENÊT", "ODILE", "19790523")


CABINET = Situation(StructureId("499700000017001"), "Cabinet des Trois-Tilleuls", "SA07")
ELSEWHERE = Situation(StructureId("10B0307377"), "Hôpital de l’Exemple", "SA01")


def doctor(ps_id: str = "899700000017", nature: CardNature = CardNature.TEST) -> Professional:
    """Dr Aurore Brindille."""
    return Professional(PsId(ps_id), "BRINDILLE", "AURORE", ProfessionalKind.CPS, nature, "10", "Médecin", "SM26")
