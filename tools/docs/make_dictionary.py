"""Write ``docs/dizionario.md`` and ``docs/dictionary.md`` from the schema.

Usage: ``python -m tools.docs.make_dictionary``
"""

from __future__ import annotations

from pathlib import Path

from bgest_analysis.schema.dictionary import render_markdown
from bgest_analysis.schema.registry import TABLES

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {"it": "dizionario.md", "en": "dictionary.md"}


def main() -> None:
    """Write both pages."""
    for language, name in PAGES.items():
        text = render_markdown(TABLES.values(), language)
        (DOCS / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
