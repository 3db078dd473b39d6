"""The same cells in HTML, Word, PDF and Excel: every table is taken out of each and compared."""

from __future__ import annotations

import io
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from bgest_analysis.blocks import Block, Kind
from bgest_analysis.report.charts.render import Figures, render_figures
from bgest_analysis.report.excel import write_excel
from bgest_analysis.report.grids import lay_out
from bgest_analysis.report.html.render import render_html
from bgest_analysis.report.pdf.render import render_pdf
from bgest_analysis.report.printable import printable
from bgest_analysis.report.word.render import render_word
from bgest_analysis.text.formats import format_value
from tests.lib.report_samples import DOSSIER, STYLE

Rows = list[list[str]]
LANGUAGES = ("it", "en")
TABLES = [block for _, block in DOSSIER.items() if block.kind is Kind.TABLE]
FIGURES = [block for _, block in DOSSIER.items() if block.kind is Kind.FIGURE]


def squeezed(text: str) -> str:
    """Return a text without the spaces that a format may add, move or change."""
    return re.sub(r"\s+", "", text)


def expected(block: Block, language: str) -> Rows:
    """Return heads and cells as the renderers were given them."""
    assert block.grid is not None
    table = lay_out(block.grid, language)
    rows = [table.heads, *([cell.text for cell in row] for row in table.rows)]
    return [[squeezed(printable(text)) for text in row] for row in rows]


class Tables(HTMLParser):
    """The tables of a page, as rows of text, with their captions."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[list[str], Rows]] = []
        self.inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append(([], []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][1][-1].append("")
        if tag in {"td", "th", "caption"}:
            self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data: str) -> None:
        if self.inside == "caption":
            self.tables[-1][0].append(data)
        elif self.inside:
            self.tables[-1][1][-1][-1] += squeezed(data)


def of_html(html: str) -> dict[str, Rows]:
    return {squeezed("".join(caption)): rows for caption, rows in Tables(html).tables}


def of_word(data: bytes) -> list[Rows]:
    return [
        [[squeezed(cell.text) for cell in row.cells] for row in table.rows]
        for table in Document(io.BytesIO(data)).tables
    ]


def of_pdf(path: Path) -> list[Rows]:
    """Return the tables of a tagged PDF, from its structure tree."""
    command = ["pdfinfo", "-struct-text", str(path)]
    tree = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    tables: list[Rows] = []
    depth = -1  # of the table being read
    for line in tree.splitlines():
        word, indent = line.strip(), len(line) - len(line.lstrip())
        if re.match(r"Table\b", word):
            tables.append([])
            depth = indent
        elif indent <= depth:
            depth = -1
        elif depth >= 0:
            _read_structure(tables[-1], word)
    return tables


def _read_structure(rows: Rows, word: str) -> None:
    if word == "TR":
        rows.append([])
    elif re.match(r"T[DH]\b", word):
        rows[-1].append("")
    elif word.startswith('"'):
        rows[-1][-1] += squeezed(word[1:-1])


def of_excel(path: Path, blocks: list[Block], language: str, word: str) -> list[Rows]:
    book = load_workbook(path)
    found = []
    for number, block in enumerate(blocks, start=1):
        assert block.grid is not None
        heads = [squeezed(column.title.render(language)) for column in block.grid.columns]
        page = book[f"{word} {number}"]
        lines = [[cell.value for cell in row[: len(heads)]] for row in page.iter_rows()]
        start = [[squeezed(str(v)) for v in line] for line in lines].index(heads)
        formats = [column.format for column in block.grid.columns]
        body = lines[start + 1 : start + 1 + len(block.grid.rows)]
        found.append(
            [
                heads,
                *(
                    [shown(*pair, language) for pair in zip(line, formats, strict=True)]
                    for line in body
                ),
            ]
        )
    return found


def shown(value: object, spec: str, language: str) -> str:
    text = value if isinstance(value, str) else format_value(value, spec, language)
    return squeezed(text)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def figures(language: str) -> Figures:
    return render_figures(DOSSIER.sections, language, STYLE)


def test_html(language: str, figures: Figures) -> None:
    found = of_html(render_html(DOSSIER, language, figures))
    word = {"it": ("Tabella", "Datidellafigura:Figura"), "en": ("Table", "Dataofthefigure:Figure")}
    for number, block in enumerate(TABLES, start=1):
        caption = f"{word[language][0]}{number}.{squeezed(block.text.render(language))}"
        assert found[caption] == expected(block, language)
    for number, block in enumerate(FIGURES, start=1):
        assert found[f"{word[language][1]}{number}"] == expected(block, language)


def test_word(language: str, figures: Figures) -> None:
    found = of_word(render_word(DOSSIER, language, figures))
    assert found[:-1] == [expected(block, language) for block in TABLES]


@pytest.mark.poppler
def test_pdf(language: str, figures: Figures, tmp_path: Path) -> None:
    path = tmp_path / "dossier.pdf"
    path.write_bytes(render_pdf(DOSSIER, language, figures))
    found = of_pdf(path)
    assert found[:-1] == [expected(block, language) for block in TABLES]


def test_excel(language: str, tmp_path: Path) -> None:
    path = tmp_path / "tabelle.xlsx"
    write_excel(DOSSIER, language, path)
    words = {"it": ("Tabella", "Figura"), "en": ("Table", "Figure")}[language]
    for blocks, word in ((TABLES, words[0]), (FIGURES, words[1])):
        assert of_excel(path, blocks, language, word) == [expected(b, language) for b in blocks]


def test_excel_holds_numbers_as_numbers_and_hidden_cells_as_words(tmp_path: Path) -> None:
    path = tmp_path / "tabelle.xlsx"
    write_excel(DOSSIER, "it", path)
    page = load_workbook(path)["Tabella 1"]
    rows = [[cell.value for cell in row[:4]] for row in page.iter_rows()]
    assert ["Ambito Alfa", 41234, 0.1378, -0.204] in rows
    assert ["Distretto", "<5", "n.p.", 0] in rows
