"""Every layout is cleaned by somebody, and none breaks on a header alone or on rubbish."""

import pytest

from bgest_analysis.clean.official.check import FAMILIES, clean_official
from bgest_analysis.read.layout import Layout, layouts
from bgest_analysis.read.official import read_text_table
from tests.lib.official_samples import places, table

TITLES = {
    "istat_p3": "Cittadini stranieri 2023",
    "istat_p2": "Bilancio 2023",
    "istat_strasa_comuni": "Stranieri residenti 2023",
    "istat_strasa_province": "Stranieri residenti 2023",
    "istat_posas_comuni": "Popolazione residente 2023",
    "istat_posas_province": "Popolazione residente 2023",
    "istat_popstrcit_excel": "Paese di cittadinanza | Territorio: Bergamo | Tempo: 2023",
}
RUBBISH = ("", "x", "-1", "016001", "2023", "1.234", "=1+1", "\u202e9", "'", "999999999999999999")


def cleaned(layout: Layout, rows: list[list[str]]):
    title = f'"{TITLES[layout.code]}"\n' if layout.code in TITLES else ""
    text = title + table(layout.expected(), rows)
    raw = read_text_table(text.encode(), "f.csv", "f_2023.csv")
    assert raw.layout == layout.code
    return clean_official(raw, places())


@pytest.mark.parametrize("layout", layouts(), ids=lambda entry: entry.code)
def test_a_header_alone_gives_empty_tables(layout: Layout) -> None:
    found = cleaned(layout, [])

    assert found.accounting.rows_in == 0
    assert found.tables
    assert all(len(frame) == 0 for frame in found.tables.values())
    assert all({"fonte_file", "fonte_riga"} <= set(frame) for frame in found.tables.values())


@pytest.mark.parametrize("layout", layouts(), ids=lambda entry: entry.code)
def test_rows_of_rubbish_are_all_found_again(layout: Layout) -> None:
    width = len(layout.expected())
    rows = [
        [RUBBISH[(row + column) % len(RUBBISH)] for column in range(width)]
        for row in range(len(RUBBISH))
    ]

    found = cleaned(layout, rows)

    accounting = found.accounting
    assert accounting.rows_in == len(rows)
    assert len(found.quarantine) == accounting.quarantined
    assert accounting.tidy + accounting.quarantined + sum(accounting.dropped.values()) == len(rows)


def test_each_family_has_a_layout_and_each_layout_a_family() -> None:
    assert {layout.family for layout in layouts()} == set(FAMILIES)
