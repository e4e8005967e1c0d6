"""Birth places read from their code."""

import pytest

from dmp_desktop.services.places import place_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("30189", "Nîmes (30)"),
        ("2A004", "Ajaccio (2A)"),
        ("97411", "Saint-Denis (974)"),
        ("99901", "Villeneuve-l’Exemple (99)"),
        ("99350", "Étranger (code 99350)"),
        ("00000", "Code INSEE 00000"),
        ("", ""),
    ],
)
def test_a_code_is_read_as_people_say_it(code: str, name: str) -> None:
    """A name with its department; an unknown code stays itself."""
    assert place_name(code) == name
