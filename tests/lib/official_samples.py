"""Miniature official files, faithful in form, invented in content, and the places they speak of."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd

from bgest_analysis.clean.official.check import clean_official
from bgest_analysis.clean.official.model import VARIAZIONI_COLUMNS, CleanedOfficial, KnownPlaces
from bgest_analysis.read.official import read_official

COMUNI = {
    "016001": "Alfa Superiore",
    "016002": "Beta sul Monte",
    "016003": "Gamma Sant'Elia",
    "016004": "Delta Calepio",
    "016005": "Epsilon",
    "016250": "Fusa con Unita",
    "016100": "Grande Ospitante",
    "012001": "Altra Provincia",
}
VARIAZIONI = (
    ("016010", "Fusa", "2014-02-04", "016250", "Fusa con Unita"),
    ("016011", "Unita", "2014-02-04", "016250", "Fusa con Unita"),
    ("016020", "Piccola Ospite", "2020-01-01", "016100", "Grande Ospitante"),
    ("016030", "Divisa", "2015-01-01", "016001", "Alfa Superiore"),
    ("016030", "Divisa", "2015-01-01", "016002", "Beta sul Monte"),
    ("016040", "Epsilon", "2016-01-01", "016005", "Epsilon"),
)
BALANCE = (
    "Popolazione censita al 1° gennaio",
    "Nati vivi",
    "Morti",
    "Saldo naturale",
    "Immigrati da altro comune",
    "Emigrati per altro comune",
    "Saldo migratorio interno",
    "Immigrati dall'estero",
    "Emigrati per l'estero",
    "Saldo migratorio con l'estero",
    "Acquisizioni della cittadinanza italiana",
    "Unità in più/meno dovute a variazioni territoriali",
    "Popolazione al 31 dicembre",
    "Iscritti in anagrafe per altri motivi",
    "Cancellati dall'anagrafe per altri motivi",
)
SEXES = ("Maschi", "Femmine", "Totale")
P3_TITLE = (
    "Cittadini stranieri: popolazione residente per sesso e bilancio demografico al 31 dicembre"
)
P2_TITLE = "Bilancio demografico e popolazione residente al 31 dicembre"
NOTE = (
    "Note: p = dato provvisorio. Il dato della popolazione censita al 1°gennaio è definitivo. "
    "v = dati in corso di validazione."
)


def places(in_scope: Iterable[str] | None = None) -> KnownPlaces:
    """Return the invented comuni, all in scope unless said otherwise."""
    return KnownPlaces(
        comuni=COMUNI,
        variazioni=pd.DataFrame(VARIAZIONI, columns=list(VARIAZIONI_COLUMNS)),
        in_scope=None if in_scope is None else frozenset(in_scope),
    )


def balance_header(*, foreign: bool) -> list[str]:
    """Return the header of P3 (or P2), with "(v)" where each file has it."""
    header = ["Codice comune", "Comune"]
    for sex in SEXES:
        for voce in BALANCE:
            if voce.startswith("Acquisizioni") and not foreign:
                continue
            validating = voce.endswith("per altri motivi")
            before, after = (" (v)", "") if foreign else ("", " (v)")
            header.append(f"{voce}{before} - {sex}{after}" if validating else f"{voce} - {sex}")
    return [*header, "Informazioni"]


def balance_row(
    code: str, name: str, males: int, females: int, *, foreign: bool, flag: str = "p"
) -> list[str]:
    """Return a row whose sums hold: one birth, one departure, two arrivals for each sex."""
    both = []
    for start in (males, females):
        values = [start, 1, 0, 1, 2, 1, 1, 0, 0, 0, 0, 0, start + 2, 0, 0]
        if not foreign:
            del values[10]
        both.append(values)
    total = [a + b for a, b in zip(*both, strict=True)]
    return [code, name, *(str(v) for values in (*both, total) for v in values), flag]


def balance_rows(*, foreign: bool) -> list[list[str]]:
    """Return five sound rows, comuni 016001 to 016005."""
    return [
        balance_row(code, COMUNI[code], 10 * n, 12 * n, foreign=foreign)
        for n, code in enumerate(sorted(COMUNI)[1:6], 1)
    ]


def balance_file(
    rows: Sequence[Sequence[str]], *, foreign: bool, year: int = 2025, note: str = NOTE
) -> str:
    """Return the text of a P3 (or P2) file: title, header, rows, note."""
    title = f"{P3_TITLE if foreign else P2_TITLE} {year}"
    lines = [f'"{title}"', _line(balance_header(foreign=foreign)), *map(_line, rows)]
    return "\n".join([*lines, f'"{note}"'] if note else lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return ";".join(
        cell
        if (cell.lstrip("-").isdigit() and not cell.startswith("0")) or cell == "0"
        else f'"{cell}"'
        for cell in cells
    )


def table(header: Sequence[str], rows: Iterable[Sequence[object]], separator: str = ";") -> str:
    """Return the text of a plain table."""
    lines = [separator.join(header), *(separator.join(map(str, row)) for row in rows)]
    return "\n".join(lines) + "\n"


def write(folder: Path, name: str, text: str, encoding: str = "utf-8-sig") -> Path:
    """Write a text file, line breaks as they are."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def write_zip(folder: Path, name: str, content: Mapping[str, bytes]) -> Path:
    """Write a zip archive."""
    path = folder / name
    path.write_bytes(zip_bytes(content))
    return path


def zip_bytes(content: Mapping[str, bytes]) -> bytes:
    """Return a zip archive as bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in content.items():
            archive.writestr(member, data)
    return out.getvalue()


def write_workbook(
    folder: Path, name: str, sheets: Mapping[str, Sequence[Sequence[object]]]
) -> Path:
    """Write a workbook, one sheet a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    path = folder / name
    book.save(path)
    return path


def clean_file(path: Path, known: KnownPlaces | None = None) -> CleanedOfficial:
    """Read and clean a file that has one table."""
    (raw,) = read_official(path, path.name)
    return clean_official(raw, known or places())


def rules(cleaned: CleanedOfficial) -> list[tuple[int | None, str, str]]:
    """Return the problems as (row, column, rule)."""
    return [(p.row, p.column, p.rule.code) for p in cleaned.log.problems()]
