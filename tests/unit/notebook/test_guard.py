"""Rows about persons are not displayed by accident."""

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from bgest_analysis.notebook import guard

ROWS = pd.DataFrame({"destinatario_id": ["dda7e4c545c44d439ffa"], "minuti_frontali": [60]})
COUNTS = pd.DataFrame({"area": ["BSE"], "persone": [12]})


@pytest.fixture
def shell(monkeypatch):
    found = InteractiveShell()
    monkeypatch.setattr(guard, "get_ipython", lambda: found)
    guard.guard_display("it")
    return found


def test_a_table_of_persons_is_described_not_shown(shell):
    data, _ = shell.display_formatter.format(ROWS)
    assert set(data) >= {"text/plain", "text/html"}
    assert all("dda7e4c5" not in text for text in data.values())
    assert "1 righe, 2 colonne" in data["text/plain"]


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
