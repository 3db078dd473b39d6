"""What is generated from the schema is what the schema says now."""

from pathlib import Path

import pytest

from bgest_analysis.schema.dictionary import dictionary_entries, render_markdown
from bgest_analysis.schema.registry import TABLES

DOCS = Path(__file__).resolve().parents[1] / "docs"
REMEDY = "run: python -m tools.docs.make_dictionary"


@pytest.mark.parametrize(("language", "page"), [("it", "dizionario.md"), ("en", "dictionary.md")])
def test_data_dictionary_is_in_sync(language, page):
    committed = (DOCS / page).read_text(encoding="utf-8").splitlines()

    assert render_markdown(TABLES.values(), language).splitlines() == committed, REMEDY


def test_data_dictionary_has_every_column_once_a_table():
    entries = dictionary_entries(TABLES.values(), "it")
    named = {(entry.table, entry.column) for entry in entries}
    italian = (DOCS / "dizionario.md").read_text(encoding="utf-8")

    assert len(named) == len(entries) == sum(len(table.columns) for table in TABLES.values())
    assert all(f"`{entry.column}`" in italian for entry in entries)
    assert all(f"## `{table.full_name}`" in italian for table in TABLES.values())
