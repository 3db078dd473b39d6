"""Rows about persons are not displayed by accident."""

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from bgest_analysis.notebook import guard

ROWS = pd.DataFrame({"destinatario_id": ["dda7e4c545c44d439ffa"], "minuti_frontali": [60]})
COUNTS = pd.DataFrame({"area": ["BSE"], "persone": [12]})


GUARDED = (pd.DataFrame, pd.Series, pd.Index, pd.MultiIndex)


@pytest.fixture
def shell(monkeypatch):
    for kind in GUARDED:
        for method in {"__repr__", "__str__", "_repr_html_"} & set(dir(kind)):
            monkeypatch.setattr(kind, method, getattr(kind, method))
    found = InteractiveShell()
    monkeypatch.setattr(guard, "get_ipython", lambda: found)
    guard.guard_display("it")
    return found


def test_a_table_of_persons_is_described_not_shown(shell):
    data, _ = shell.display_formatter.format(ROWS)
    assert set(data) >= {"text/plain", "text/html"}
    assert all("dda7e4c5" not in text for text in data.values())
    assert "1 righe, 2 colonne" in data["text/plain"]


BY_PERSON = ROWS.set_index("destinatario_id")
SHAPES = {
    "column": ROWS["destinatario_id"],
    "row": ROWS.iloc[0],
    "turned": ROWS.T,
    "index of a table": BY_PERSON,
    "column of an indexed table": BY_PERSON["minuti_frontali"],
    "counted": ROWS["destinatario_id"].value_counts(),
    "index": BY_PERSON.index,
    "two levels": BY_PERSON.set_index("minuti_frontali", append=True).index,
    "grouped": ROWS.groupby("destinatario_id").agg(["sum", "max"]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_of_it_is_displayed_or_printed(shell, capsys, shape):
    data, _ = shell.display_formatter.format(SHAPES[shape])
    print(SHAPES[shape], f"{SHAPES[shape]!r}")
    written = [*data.values(), capsys.readouterr().out]
    assert all("dda7e4c5" not in text for text in written)
    assert all("righe su persone" in text for text in written)


def test_guarding_twice_changes_nothing(shell):
    before = pd.Series.__repr__
    guard.guard_display("en")
    assert pd.Series.__repr__ is before


def test_columns_and_rows_of_counts_are_shown_as_usual(shell, capsys):
    print(COUNTS["persone"], COUNTS.iloc[0], COUNTS.columns)
    assert "righe su persone" not in capsys.readouterr().out


def test_a_table_of_counts_is_shown_as_usual(shell):
    data, _ = shell.display_formatter.format(COUNTS)
    assert "BSE" in data["text/plain"]
    assert "<td>12</td>" in data["text/html"]


def test_the_columns_come_from_the_schema():
    assert {"destinatario_id", "mediatore_id"} <= guard.personal_columns()
    assert not {"area", "ambito_id", "sesso"} & guard.personal_columns()


def test_outside_a_notebook_nothing_happens(monkeypatch):
    monkeypatch.setattr(guard, "get_ipython", lambda: None)
    guard.guard_display("it")
    assert "dda7e4c5" in repr(ROWS)
