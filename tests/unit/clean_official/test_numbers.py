import pandas as pd
import pytest

from bgest_analysis.clean.official.numbers import parse_counts


def parsed(*cells: str) -> list[int | None]:
    values = parse_counts(pd.Series(cells, dtype="str")).values
    return [None if pd.isna(value) else int(value) for value in values]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("0", "12", "1234"), [0, 12, 1234]),
        (("269.0", "12"), [269, 12]),
        (("269,00",), [269]),
        (("1.234", "12", "999", "2.000.000"), [1234, 12, 999, 2000000]),
        (("1.234", "5678"), [None, 5678]),
        (("1.234", "0.5"), [None, None]),
        (("1.234", "269.0"), [None, 269]),
        (("-3", "+4"), [-3, 4]),
        (("1.5", "2,5", "1e3"), [None, None, None]),
        (("12 3", "١٢", "0x10", "12a"), [None, None, None, None]),
        (("", "..", "n.d.", ":"), [None] * 4),
        ((), []),
    ],
)
def test_counts(cells: tuple[str, ...], expected: list[int | None]) -> None:
    assert parsed(*cells) == expected


@pytest.mark.parametrize(
    ("cell", "mask"),
    [
        ("", "missing"),
        ("n.d.", "missing"),
        ("1.5", "not_whole"),
        ("2,5", "not_whole"),
        ("dieci", "not_number"),
        ("1 000", "not_number"),
        ("--", "not_number"),
    ],
)
def test_what_is_no_count_is_told_apart(cell: str, mask: str) -> None:
    counts = parse_counts(pd.Series([cell, "7"], dtype="str"))

    assert getattr(counts, mask).tolist() == [True, False]
    assert counts.bad.tolist() == [True, False]


def test_thousands_are_said_only_of_the_cells_that_have_them() -> None:
    counts = parse_counts(pd.Series(["1.234", "56"], dtype="str"))

    assert counts.thousands.tolist() == [True, False]
    assert not counts.bad.any()
