"""The index of people: who answers to what is typed, in the order of the lists, within a keystroke.

What costs in an encrypted file is the number of rows read to sort them. Here nothing is sorted: a person's row number
is their place in the order (first letters of the names, packed), and the full-text index answers in row order, with
lists of their own for the beginnings of words. A search reads what it shows.

The ends of people's numbers are kept as keyed hashes: the file is encrypted already, but no digits of a number stand
in an index, where a diagnostic or a dump of terms would show them. It protects from nobody who holds the file's key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from dmp_desktop.cache.database import Database
from dmp_desktop.cache.rows import moment, read_identity
from dmp_desktop.domain.dossier import Authorisation, DossierState
from dmp_desktop.domain.identifiers import Ins, Nir
from dmp_desktop.domain.identity import BirthDate, Identity, InsStatus, Sex
from dmp_desktop.domain.people import ENDINGS, PersonFound, Word, expressions, sort_key, terms, typed

_VERSION: Final = b"1"
"""Of the terms: another one has the index made again at the next opening."""

_LETTERS: Final = 13
"""27 to the 13th fits in the 63 bits of a row number."""

_COLUMNS = (
    "p.rank, p.dossier, p.birth_name, p.used_name, p.given_name, p.sex, p.birth_date, p.status, p.seen_at, p.words,"
    " d.state, d.authorisation, d.answered_at,"
    " EXISTS (SELECT 1 FROM events WHERE events.dossier = p.dossier AND kind IN ('opening', 'reactivation')"
    " AND events.state NOT IN ('confirmed', 'refused')) AS opening"
)
_JOIN = "LEFT JOIN dossiers AS d ON d.dossier = p.dossier AND d.professional = ?"


class PeopleIndex:
    """Search among the people kept in the store. Cache lane.

    :param pepper: keys the hashes of the ends of numbers.
    """

    def __init__(self, database: Database, pepper: bytes) -> None:
        self._database = database
        self._pepper = pepper

    # -- writing ------------------------------------------------------------------------------------------------------

    def put(self, dossier: str, identity: Identity, seen_at: str) -> None:
        """Index one person, in the current transaction: with the row it stands for, or not at all.

        :param seen_at: as stored.
        """
        database, traits = self._database, identity.traits
        words = " ".join(terms(traits))
        given = traits.used_given_name or traits.first_given_name
        shown = (traits.birth_name, traits.used_name, given, traits.sex.value, traits.birth_date.raw)
        number = identity.ins.matricule if identity.ins else None
        old = database.row("SELECT * FROM people WHERE dossier = ?", (dossier,))
        if old is not None:
            same = (words, *shown) == (old["words"], *(old[column] for column in _SHOWN))
            if same and not (identity.ins and old["status"] == InsStatus.PROVISIONAL.value):
                database.execute(
                    "UPDATE people SET seen_at = ?, status = ? WHERE rank = ?",
                    (seen_at, identity.status.value, old["rank"]),
                )
                return
            database.execute("DELETE FROM people WHERE rank = ?", (old["rank"],))
        rank = self._free(_packed(sort_key(traits.birth_name, given, traits.birth_date)), dossier)
        database.execute(
            "INSERT INTO people (rank, dossier, birth_name, used_name, given_name, sex, birth_date, status, seen_at,"
            " words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (rank, dossier, *shown, identity.status.value, seen_at, words),
        )
        for ending in self._endings(number) if number else ():
            database.execute("INSERT OR IGNORE INTO people_numbers VALUES (?, ?)", (ending, rank))

    def complete(self) -> None:
        """Index everyone kept by an earlier version of the program, once."""
        database = self._database
        row = database.row("SELECT value FROM meta WHERE name = 'people-index'")
        if row is not None and row["value"] == _VERSION:
            return
        with database.transaction():
            database.execute("DELETE FROM people")
            for kept in database.rows("SELECT dossier, identity, identified_at FROM patients"):
                self.put(kept["dossier"], read_identity(kept["identity"]), kept["identified_at"])
            database.execute("INSERT OR REPLACE INTO meta VALUES ('people-index', ?)", (_VERSION,))

    # -- searching ----------------------------------------------------------------------------------------------------

    def find(self, text: str, professional: str, limit: int = 50) -> tuple[PersonFound, ...]:
        """Who answers to what is typed: those with such a family name first, then the others, at most ``limit``.

        :param professional: PS_IdNat of whoever looks: what the store said of a dossier, it said to them.
        """
        words = typed(text)
        family, anywhere = expressions(words)
        first = _found(self._matching(family, professional, limit))
        if len(first) == limit:
            return first
        rows = self._matching(anywhere, professional, limit + len(first)) + self._by_number(words, professional)
        known = {person.dossier for person in first}
        return (*first, *(person for person in _found(rows) if person.dossier not in known))[:limit]

    def latest(self, professional: str, limit: int = 50) -> tuple[PersonFound, ...]:
        """Whoever was identified here last, the latest first."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM people AS p {_JOIN} ORDER BY p.seen_at DESC LIMIT ?",  # noqa: S608 - constants
            (professional, limit),
        )
        return tuple(_person(row) for row in rows)

    def of(self, dossiers: Iterable[str], professional: str) -> dict[str, PersonFound]:
        """These people, by the key of their dossier; those not known here are left out."""
        found: dict[str, PersonFound] = {}
        for dossier in dict.fromkeys(dossiers):
            row = self._database.row(
                f"SELECT {_COLUMNS} FROM people AS p {_JOIN} WHERE p.dossier = ?",  # noqa: S608 - constants
                (professional, dossier),
            )
            if row is not None:
                found[dossier] = _person(row)
        return found

    def with_number(self, number: Nir, professional: str) -> tuple[PersonFound, ...]:
        """Whoever has that number as their INS here."""
        return _found(self._ranked(self._digest(number.body), professional))

    def with_ins(self, dossiers: Iterable[str]) -> dict[str, Ins]:
        """The INS of these dossiers, for those that have one."""
        found = {}
        for dossier in dossiers:
            row = self._database.row("SELECT identity FROM patients WHERE dossier = ?", (dossier,))
            identity = read_identity(row["identity"]) if row else None
            if identity is not None and identity.ins is not None:
                found[dossier] = identity.ins
        return found

    # -- inside -------------------------------------------------------------------------------------------------------

    def _matching(self, wanted: str, professional: str, limit: int) -> list[Any]:
        if not wanted:
            return []
        return self._database.rows(
            f"SELECT {_COLUMNS} FROM people_words JOIN people AS p ON p.rank = people_words.rowid {_JOIN}"  # noqa: S608 - constants
            " WHERE people_words MATCH ? ORDER BY people_words.rowid LIMIT ?",
            (professional, wanted, limit),
        )

    def _by_number(self, words: tuple[Word, ...], professional: str) -> list[Any]:
        """Those whose number ends so, and who answer to the other words too."""
        found = []
        for at, word in enumerate(words):
            digits = word.whole or word.ending
            if digits:
                others = (*words[:at], *words[at + 1 :])
                rows = self._ranked(self._digest(digits), professional)
                found += [row for row in rows if _answers(row["words"], others)]
        return found

    def _ranked(self, ending: bytes, professional: str) -> list[Any]:
        return self._database.rows(
            f"SELECT {_COLUMNS} FROM people_numbers AS n JOIN people AS p ON p.rank = n.rank {_JOIN}"  # noqa: S608 - constants
            " WHERE n.ending = ? ORDER BY n.rank LIMIT 500",
            (professional, ending),
        )

    def _free(self, rank: int, dossier: str) -> int:
        """That place, or one near it: whoever shares the first letters is spread over the last of them.

        The order of those who share them all is made exact once they are read (:func:`_found`).
        """
        chance, place, spread = int(dossier[:15], 16), rank, 27
        while self._database.row("SELECT 1 FROM people WHERE rank = ?", (place,)) is not None:
            place = rank + 1 + chance % spread
            spread *= 3
        return place

    def _endings(self, number: Nir) -> tuple[bytes, ...]:
        texts = [number.body, *(text[-n:] for text in (number.body, number.value) for n in ENDINGS)]
        return tuple(self._digest(text) for text in texts)

    def _digest(self, digits: str) -> bytes:
        return hmac.new(self._pepper, f"ending\0{digits}".encode(), hashlib.sha256).digest()[:8]


_SHOWN = ("birth_name", "used_name", "given_name", "sex", "birth_date")


def _packed(key: str) -> int:
    """The first letters as a number whose order is theirs; whatever is no letter comes first."""
    rank = 0
    for letter in " ".join(key.split("  ")[:2])[:_LETTERS].ljust(_LETTERS):
        rank = rank * 27 + (ord(letter) - 96 if "a" <= letter <= "z" else 0)
    return rank


def _answers(words: str, wanted: tuple[Word, ...]) -> bool:
    """Whether the terms of a person hold every word wanted, each by its beginning."""
    have = words.split()
    return all(any(term.startswith(reading) for term in have for reading in word.readings) for word in wanted)


def _found(rows: Iterable[Any]) -> tuple[PersonFound, ...]:
    people = {row["dossier"]: _person(row) for row in rows}
    return tuple(sorted(people.values(), key=lambda person: person.sort_key))


def _person(row: Any) -> PersonFound:
    return PersonFound(
        row["dossier"],
        row["birth_name"],
        row["used_name"],
        row["given_name"],
        Sex(row["sex"]),
        BirthDate(row["birth_date"]),
        InsStatus(row["status"]),
        datetime.fromisoformat(row["seen_at"]),
        DossierState(row["state"]) if row["state"] else None,
        Authorisation(row["authorisation"] or ""),
        moment(row["answered_at"]),
        bool(row["opening"]),
    )
