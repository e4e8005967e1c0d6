"""The command of integrators, against the real sandbox: one transaction, shown without the people in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.clocks import HandClock
from helpers.sandbox_world import sandbox, sandbox_clock, sandbox_pki_folder

from dmp_desktop.domain.events import AuthorisationAct
from dmp_desktop.sandbox import people
from dmp_desktop.sandbox.pki import KeyUse, OrganisationUse
from dmp_desktop.sandbox.sandbox import Sandbox
from dmp_desktop.services import wire

__all__ = ["sandbox", "sandbox_clock", "sandbox_pki_folder"]

BRINDILLE = people.profile("brindille")
ERNEST = people.person("ernest")


@pytest.fixture
def keys(sandbox: Sandbox, sandbox_pki_folder: Path) -> Iterator[list[str]]:
    """The options that point at the sandbox, with the keys of Dr Brindille."""
    for use in KeyUse:
        sandbox.pki.issue(BRINDILLE.professional, use)
    situation = BRINDILLE.situations[0]
    yield [
        "--keys", str(sandbox_pki_folder), "--as", BRINDILLE.professional.id.value,
        "--structure", situation.structure.value, "--sector", situation.sector,
        "--url", sandbox.base_url, "--authority", str(sandbox.authority), "--ins-oid", sandbox.ins_oid,
        "--software-oid", "1.2.250.1.999.1.1",
    ]  # fmt: skip


def _named(said: str) -> list[str]:
    identities = [
        ERNEST.ins.value, ERNEST.traits.birth_name, *ERNEST.traits.given_names, ERNEST.traits.birth_date.raw,
        BRINDILLE.professional.family, BRINDILLE.professional.given, BRINDILLE.professional.id.value,
    ]  # fmt: skip
    return [word for word in identities if word.lower() in said.lower()]


def test_one_transaction_is_shown(
    keys: list[str], sandbox_clock: HandClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """TD0.2: request and answer whole, nobody named, the outcome in a line."""
    assert wire.main(["TD0.2", "--ins", ERNEST.ins.value, *keys], sandbox_clock) == 0
    said = capsys.readouterr().out
    assert _named(said) == []
    assert said.count("Envelope") == 4
    assert "TEST_EXST" in said and "RATTACHEMENT_ENS" in said and "→ https://127.0.0.1" in said
    assert said.rstrip().endswith("rattaché à Mon espace santé : oui")


def test_the_patient_is_read_from_the_standard_input(
    keys: list[str],
    sandbox_clock: HandClock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that no number stays in the history of a shell; an authorisation is given on demand."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{ERNEST.ins.value}\n"))
    assert wire.main(["TD0.3", "--action", AuthorisationAct.ADD.value, *keys], sandbox_clock) == 0
    said = capsys.readouterr()
    assert "Fait le " in said.out and "AJOUT" in said.out
    assert _named(said.out + said.err) == []


def test_a_refusal_is_shown_and_told(
    keys: list[str], sandbox_clock: HandClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """A structure that is not the professional's: the store's fault, its code, status 1."""
    keys[keys.index("--structure") + 1] = "10B9999999"
    assert wire.main(["TD0.2", "--ins", ERNEST.ins.value, *keys], sandbox_clock) == 1
    said = capsys.readouterr().out
    assert "Fault" in said and "Échec : assertion-refused" in said
    assert _named(said) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("--as", "899799999999"), "keys-not-found"),
        (("--structure", "x"), "bad-identifier"),
        (("--authority", "nowhere.pem"), "store-not-configured"),
    ],
)
def test_what_is_missing_is_told_before_anything_leaves(
    keys: list[str],
    sandbox_clock: HandClock,
    capsys: pytest.CaptureFixture[str],
    change: tuple[str, str],
    code: str,
) -> None:
    """Keys, numbers, authority: the stable code of the trouble."""
    keys[keys.index(change[0]) + 1] = change[1]
    assert wire.main(["TD0.2", "--ins", ERNEST.ins.value, *keys], sandbox_clock) == 1
    said = capsys.readouterr().out
    assert f"Échec : {code}" in said
    assert "Envelope" not in said


@pytest.mark.parametrize("more", [["INDIRECTE"], ["INDIRECTE_RENFORCEE", "--declared", "CONF_EXI_PGSSIS"]])
def test_a_structure_may_speak(
    keys: list[str],
    sandbox: Sandbox,
    sandbox_clock: HandClock,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    more: list[str],
) -> None:
    """Both indirect modes, with a seal and a certificate in PEM files; the person is described."""
    situation, person = BRINDILLE.situations[0], BRINDILLE.professional
    for use, option in ((OrganisationUse.SIGN, "--signature"), (OrganisationUse.AUTH_CLI, "--channel")):
        issued = sandbox.pki.issue_organisation(situation.structure, situation.name, use)
        path = tmp_path / f"{use.value}.pem"
        path.write_bytes(issued.certificate.read_bytes() + issued.key.read_bytes())
        keys += [option, str(path)]
    described = ["--family", person.family, "--given", person.given, "--profession", "10", "--speciality", "SM26"]
    arguments = ["TD0.2", "--ins", ERNEST.ins.value, *keys, *described, "--identity", *more]
    assert wire.main(arguments, sandbox_clock) == 0
    said = capsys.readouterr().out
    assert f">{more[0]}<" in said
    assert _named(said) == []


def test_bris_de_glace_without_motive_does_not_leave(
    keys: list[str], sandbox_clock: HandClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """The motive is compulsory here too, and is masked."""
    arguments = ["TD0.2", "--ins", ERNEST.ins.value, "--mode", "bris_de_glace", *keys]
    assert wire.main(arguments, sandbox_clock) == 1
    assert "motive-missing" in capsys.readouterr().out
    assert wire.main([*arguments, "--motive", "Malaise inexpliqué"], sandbox_clock) in {0, 1}
    assert "Malaise" not in capsys.readouterr().out
