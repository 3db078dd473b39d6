"""Write ``read/layouts/territori_sdmx.csv`` and ``codici_storici.csv``.

The first has ISTAT's area codes of every province, the second the codes that comuni had before
their province was split or renamed.

Usage: ``python tools/letture/make_territori.py --fjan FILE --elenco FILE``

ISTAT's SDMX files name provinces by an old NUTS code (``ITC46``), or by ``IT`` and the province
number where none existed (``IT108``). The match is found in the figures themselves: in the file
of foreign residents (29_316, FJAN) the comuni of a province add up, year by year, to exactly
one area. The codes of NUTS 2021 and 2024 are taken from ISTAT's list of comuni.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
FOLDER = HERE / "src" / "bgest_analysis" / "read" / "layouts"
CODE, OLDER_CODES = 4, (15, 16, 17, 18)
Series = dict[str, Counter[str]]


def read_series(path: Path) -> tuple[Series, Series]:
    """Return figures by year: of provinces (summed from comuni) and of areas."""
    provinces: Series = defaultdict(Counter)
    areas: Series = defaultdict(Counter)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code, year, n = row["REF_AREA"], row["TIME_PERIOD"], int(float(row["OBS_VALUE"]))
            if code.isdigit():
                provinces[code[:3]][year] += n
            elif len(code) == 5:
                areas[code][year] += n
    return provinces, areas


def match_areas(provinces: Series, areas: Series) -> dict[str, str]:
    """Return the one area whose figures equal the province's in all years."""
    found = {}
    for province, series in sorted(provinces.items()):
        same = [code for code, other in areas.items() if other == series]
        if len(same) != 1:
            raise SystemExit(f"province {province}: {len(same)} areas have its figures")
        found[province] = same[0]
    return found


def read_names(path: Path) -> dict[str, tuple[str, str, set[str]]]:
    """Return name, car plate and NUTS codes of each province from the list of comuni."""
    found: dict[str, tuple[str, str]] = {}
    codes: dict[str, list[Counter[str]]] = defaultdict(lambda: [Counter(), Counter()])
    with path.open(encoding="latin-1", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    for row in rows[1:]:
        found.setdefault(row[2], (row[11].strip(), row[14]))
        codes[row[2]][0][row[22]] += 1
        codes[row[2]][1][row[25]] += 1
    # a few comuni changed province after the codes were given: the most common code counts
    nuts = {key: {c.most_common(1)[0][0] for c in pair} for key, pair in codes.items()}
    return {key: (*names, nuts[key]) for key, names in found.items()}


def read_older_codes(path: Path) -> dict[str, str]:
    """Return the codes comuni of today had under older provinces -> code of today."""
    with path.open(encoding="latin-1", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    today = {row[CODE] for row in rows}
    found: dict[str, str] = {}
    for row in rows:
        for old in {row[column].strip().zfill(6) for column in OLDER_CODES} - {row[CODE]}:
            if old in today or found.setdefault(old, row[CODE]) != row[CODE]:
                raise SystemExit(f"{old} means more than one comune")
    return found


def write_table(name: str, header: list[str], rows: list[tuple[str, ...]]) -> None:
    """Write one small table, sorted."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(sorted(rows))


def main() -> None:
    """Read the two files of ISTAT and write the two tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fjan", type=Path, required=True)
    parser.add_argument("--elenco", type=Path, required=True)
    options = parser.parse_args()
    areas = match_areas(*read_series(options.fjan))
    names = read_names(options.elenco)
    owner: dict[str, str] = {}
    lines: list[tuple[str, ...]] = []
    for province, sdmx in areas.items():
        name, plate, nuts = names[province]
        for code in sorted({sdmx, *nuts}):
            if owner.setdefault(code, province) != province:
                raise SystemExit(f"{code} means both {owner[code]} and {province}")
            lines.append((code, province, plate, name))
    write_table("territori_sdmx.csv", ["area", "cod_provincia", "sigla", "nome"], lines)
    older = list(read_older_codes(options.elenco).items())
    write_table("codici_storici.csv", ["cod_storico", "cod_istat"], older)


if __name__ == "__main__":
    main()
