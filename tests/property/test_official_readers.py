"""Whatever stands in the cells, every row is found again, and cleaning does not depend on order."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bgest_analysis.clean.official.check import clean_official
from bgest_analysis.clean.official.numbers import parse_counts
from bgest_analysis.errors import UnknownLayout, UnsafeInput
from bgest_analysis.read.official import read_text_table
from tests.lib.official_samples import balance_file, balance_row, places

LIGHT = settings(derandomize=True, deadline=None, max_examples=25)
HEAVY = settings(derandomize=True, deadline=None, max_examples=300)
CODES = st.sampled_from(
    [
        "016001",
        "16001",
        "016002",
        "016010",
        "016011",
        "016999",
        "058091",
        "",
        "Totale",
        "x",
        "999999",
    ]
)
NUMBERS = st.one_of(
    st.integers(0, 3000).map(str),
    st.sampled_from(["", "-1", "1.5", "1.234", "269.0", "n.d.", "?", "1e9", "٣"]),
)
ROWS = st.lists(
    st.tuples(
        CODES,
        st.sampled_from(["2023", "2012", "23", "", "2023-01-01"]),
        NUMBERS,
        NUMBERS,
        st.sampled_from(["definitivo", "provvisorio", "boh"]),
    ),
    max_size=12,
)
HEADER = "cod_istat,anno,residenti,stranieri,stato_dato"


def accounts_hold(rows) -> None:
    text = "\n".join([HEADER, *(",".join(row) for row in rows)]) + "\n"
    raw = read_text_table(text.encode(), "p.csv", "p.csv")
    cleaned = clean_official(raw, places())
    count = cleaned.accounting
    written = [row for row in rows if any(cell.strip() for cell in row)]
    assert count.rows_in == len(written)
    assert count.tidy + count.quarantined + sum(count.dropped.values()) == count.rows_in
    assert len(cleaned.quarantine) == count.quarantined
    table = cleaned.tables["popolazione"]
    assert table["n"].notna().all()
    assert table["n"].ge(0).all()
    assert set(table["cod_istat"]) <= set(places().comuni)
    assert not table.duplicated(["cod_istat", "anno", "cittadinanza"]).any()
    told = {problem.row for problem in cleaned.log.problems()}
    assert set(cleaned.quarantine["riga"]) <= told


def order_does_not_matter(rows, seed: int) -> None:
    def tidy(ordered) -> list[tuple[object, ...]]:
        text = "\n".join([HEADER, *(",".join(row) for row in ordered)]) + "\n"
        cleaned = clean_official(read_text_table(text.encode(), "p.csv", "p.csv"), places())
        table = cleaned.tables["popolazione"].drop(columns=["fonte_riga"])
        return sorted(map(tuple, table.astype(str).to_numpy().tolist()))

    shuffled = pd.Series(rows, dtype=object).sample(frac=1, random_state=seed).tolist()
    assert tidy(rows) == tidy(shuffled)


def any_bytes_are_read_or_refused(content: bytes) -> None:
    said = "x.csv"
    try:
        raw = read_text_table(content, "x.csv", "x.csv")
    except (UnknownLayout, UnsafeInput) as refusal:
        said = str(refusal)
    else:
        clean_official(raw, places())
    assert "x.csv" in said


def one_damaged_cell_is_contained(row: int, column: int, value: str) -> None:
    rows = [
        balance_row(code, "Nome", 10, 12, foreign=True) for code in ("016001", "016002", "016003")
    ]
    rows[row][column] = value
    text = balance_file(rows, foreign=True)
    cleaned = clean_official(read_text_table(text.encode(), "p.csv", "P3_2025.csv"), places())
    others = {"016001", "016002", "016003"} - {("016001", "016002", "016003")[row]}
    found = set(cleaned.tables["popolazione"]["cod_istat"])
    doubled = column == 0 and value in others
    assert doubled or others <= found


def parsing_again_changes_nothing(cells: list[str]) -> None:
    once = parse_counts(pd.Series(cells, dtype="str")).values
    written = once.map(lambda n: "" if pd.isna(n) else str(int(n))).astype("str")
    again = parse_counts(pd.Series(written.tolist(), dtype="str")).values
    assert once.fillna(-999_999).tolist() == again.fillna(-999_999).tolist()


BYTES = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(lambda text: (HEADER + "\n" + text).encode("utf-8", "replace")),
    st.text(alphabet=';,"\n\r0169 ax', max_size=200).map(
        lambda text: (HEADER.replace(",", ";") + "\n" + text).encode()
    ),
)
CELL = (
    st.integers(0, 2),
    st.integers(0, 47),
    st.sampled_from(["", "0", "5", "-4", "1.5", "1.234", "016002", "x", "Totale"]),
)


@given(ROWS)
@LIGHT
def test_accounts_hold(rows) -> None:
    accounts_hold(rows)


@given(ROWS, st.integers(0, 99))
@LIGHT
def test_order_does_not_matter(rows, seed: int) -> None:
    order_does_not_matter(rows, seed)


@given(BYTES)
@LIGHT
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    any_bytes_are_read_or_refused(content)


@given(*CELL)
@LIGHT
def test_one_damaged_cell_is_contained(row: int, column: int, value: str) -> None:
    one_damaged_cell_is_contained(row, column, value)


@given(st.lists(NUMBERS, max_size=8))
@LIGHT
def test_parsing_again_changes_nothing(cells: list[str]) -> None:
    parsing_again_changes_nothing(cells)


@pytest.mark.full
@given(ROWS, st.integers(0, 99))
@HEAVY
def test_many_tables(rows, seed: int) -> None:
    accounts_hold(rows)
    order_does_not_matter(rows, seed)


@pytest.mark.full
@given(BYTES)
@HEAVY
def test_many_files(content: bytes) -> None:
    any_bytes_are_read_or_refused(content)


@pytest.mark.full
@given(*CELL)
@HEAVY
def test_many_damages(row: int, column: int, value: str) -> None:
    one_damaged_cell_is_contained(row, column, value)
