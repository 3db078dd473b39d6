"""What a column and a table are; the tables themselves stand in one module a subject."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

VERSION = 1


class Origin(StrEnum):
    """Where a table's figures come from; carried along the lineage."""

    PUBBLICA = "pubblica"
    PROGETTO = "progetto"
    SINTETICA = "sintetica"


class Type(StrEnum):
    """The type of a column, named for people; ``PANDAS`` has the pandas dtype."""

    STR = "str"
    INT = "int"
    DATE = "date"
    DEC = "dec"
    BOOL = "bool"
    CAT = "cat"
    LIST = "lista"  # codes joined by "|"


PANDAS = {
    Type.STR: "str",
    Type.INT: "Int64",
    Type.DATE: "datetime64[us]",
    Type.DEC: "Float64",
    Type.BOOL: "boolean",
    Type.CAT: "str",
    Type.LIST: "str",
}


class Personal(StrEnum):
    """What a column tells of a person, and so where it may go."""

    NO = "no"
    PSEUDONIMO = "pseudonimo"  # keyed pseudonym, made while reading
    QUASI = "quasi_identificativo"  # year of birth, nationality, comune…
    PARTICOLARE = "particolare"  # art. 9 GDPR: health, vulnerability
    DIRETTO = "identificativo"  # never in a tidy table
    LIBERO = "testo_libero"  # never in a tidy table


@dataclass(frozen=True)
class Told:
    """A count column of another ``ind_`` table; ``only`` names the rows that matter."""

    table: str
    column: str
    only: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Column:
    """A column, defined once: one name, one meaning.

    Parameters
    ----------
    name, type
        Name as in domain.md 8, unit last (``_minuti``, ``_eur``, ``_pct``).
    title_it, title_en
        Headings for people.
    unit
        Unit in words, ``""`` for codes and names.
    description
        One Italian sentence.
    codes
        Name of the code list the values come from.
    minimum, maximum
        Range of numbers, inclusive.
    pattern
        Regular expression that whole values keep.
    personal
        What it tells of a person.
    count
        It counts persons (or cases of persons): small values are protected.
    rests_on
        The count column this statistic rests on; hidden when that is.
    part_of
        The count column of the same row that this count is a part of: what is left of it is
        protected like a count, though nobody prints it.
    cumulates
        The key column along which this count cumulates: each step is protected like a count.
    increment_of
        The cumulated count of which this one is the step.
    told_by
        Counts of another table from which this statistic is computed; hidden where one of
        those with the same keys is: it would be one more equation about them.
    """

    name: str
    type: Type
    title_it: str
    title_en: str
    unit: str = ""
    description: str = ""
    codes: str = ""
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    personal: Personal = Personal.NO
    count: bool = False
    rests_on: str = ""
    part_of: str = ""
    cumulates: str = ""
    increment_of: str = ""
    told_by: tuple[Told, ...] = ()

    @property
    def dtype(self) -> str:
        return PANDAS[self.type]


class Layer(StrEnum):
    """Where on the way of the data a table stands; the prefix of its full name."""

    TIDY = "tidy"
    IND = "ind"
    RIS = "ris"


@dataclass(frozen=True)
class Table:
    """A table: its columns by name, its key, what one row is.

    Parameters
    ----------
    name
        Without the layer's prefix, e.g. ``popolazione``.
    layer
        ``tidy``, ``ind`` or ``ris``.
    grain_it, grain_en
        What one row is.
    columns, key
        Columns in order; those that identify a row.
    optional
        Columns that may be missing in a row.
    about_people
        Its counts are of persons and are protected when the origin is not public.
    source
        Publisher or kind of file.
    """

    name: str
    layer: Layer
    title_it: str
    title_en: str
    grain_it: str
    grain_en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    optional: frozenset[str] = frozenset()
    about_people: bool = False
    source: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.layer}_{self.name}"

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)
