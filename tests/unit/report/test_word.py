"""The Word dossier, opened again: real tables, fields with results, alternative texts."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from bgest_analysis.report.charts.render import render_figures
from bgest_analysis.report.grids import lay_out
from bgest_analysis.report.widths import column_widths, font_size, is_wide
from bgest_analysis.report.word.render import render_word
from tests.lib.report_samples import DOSSIER, STYLE, TABLE, WIDE


@pytest.fixture(scope="module")
def data() -> bytes:
    return render_word(DOSSIER, "it", render_figures(DOSSIER.sections, "it", STYLE))


@pytest.fixture(scope="module")
def word(data: bytes) -> WordDocument:
    return Document(io.BytesIO(data))


@pytest.fixture(scope="module")
def xml(data: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()


def instructions(xml: str) -> list[str]:
    return [text.strip() for text in re.findall(r"<w:instrText[^>]*>([^<]*)<", xml)]


def test_the_same_bytes_twice(data: bytes) -> None:
    assert render_word(DOSSIER, "it", render_figures(DOSSIER.sections, "it", STYLE)) == data
    names = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert {info.date_time for info in names} == {(1980, 1, 1, 0, 0, 0)}
    assert names[0].filename == "[Content_Types].xml"


def test_properties_name_the_authors_and_nobody_else(word: WordDocument) -> None:
    properties = word.core_properties
    assert (properties.title, properties.author) == ("Profilo di prova", "Gruppo di valutazione")
    assert properties.last_modified_by == "Gruppo di valutazione"
    assert properties.created.isoformat()[:10] == "2026-11-03"
    assert properties.comments == ""


def test_tables_are_real_with_repeated_heads_and_italian_numbers(word: WordDocument) -> None:
    table = word.tables[0]
    assert [cell.text for cell in table.rows[0].cells][:3] == ["Ambito", "Residenti", "Incidenza"]
    assert [cell.text for cell in table.rows[1].cells] == [
        "Ambito Alfa",
        "41.234",
        "13,8%",
        "−0,20",
        "1.234,50\xa0€",
        "01/01/2023",
        "2023",
    ]
    assert [cell.text for cell in table.rows[3].cells][1:3] == ["<5", "n.p."]
    for made in word.tables:
        assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert made._tbl.tblPr.find(qn("w:tblCaption")) is not None


def test_captions_are_fields_with_their_results_and_bookmarks(xml: str) -> None:
    found = instructions(xml)
    assert found.count("SEQ Tabella \\* ARABIC") == 2
    assert found.count("SEQ Figura \\* ARABIC") == 2
    assert 'TOC \\o "1-3" \\h \\z \\u' in found
    assert 'TOC \\h \\z \\c "Tabella"' in found
    names = re.findall(r'w:bookmarkStart w:id="\d+" w:name="([^"]+)"', xml)
    assert len(names) == len(set(names))
    referred = [text.split()[1] for text in found if text.startswith("REF ")]
    anchors = re.findall(r'<w:hyperlink w:anchor="([^"]+)"', xml)
    assert referred
    assert set(referred) | set(anchors) <= set(names)
    assert xml.count('w:fldCharType="begin"') == xml.count('w:fldCharType="end"')


def test_cross_references_already_read_right(word: WordDocument) -> None:
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert (
        "Si vedano Tabella 1, Figura 1, paragrafo 2.2, paragrafo 1 e [1]. Errato: [[zz]]." in texts
    )


def test_contents_are_filled_in_and_word_does_not_ask_to_update(
    data: bytes, word: WordDocument
) -> None:
    lines = [
        p.text for p in word.paragraphs if p.style.name.lower().startswith(("toc", "table of"))
    ]
    assert lines[:3] == ["1  Sintesi", "2  Il territorio", "2.1  Residenti"]
    assert "Tabella 1.  Tabella di prova t1" in lines
    settings = zipfile.ZipFile(io.BytesIO(data)).read("word/settings.xml").decode()
    assert "updateFields" not in settings
    assert 'w:name="compatibilityMode"' in settings


def test_headings_are_words_own_numbered_list(word: WordDocument) -> None:
    headings = [p for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert [p.text for p in headings][:5] == [
        "Sintesi",
        "Il territorio",
        "Residenti",
        "Confronti",
        "Dettagli",
    ]
    numbering = word.part.numbering_part.element.xml
    assert 'w:lvlText w:val="%1.%2.%3"' in numbering
    for level in (1, 2, 3):
        assert word.styles[f"Heading {level}"].element.pPr.find(qn("w:numPr")) is not None


def test_pictures_fit_and_have_alternative_text(word: WordDocument) -> None:
    shapes = word.inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == [
        "Descrizione della figura f1",
        "Descrizione della figura f2",
    ]
    assert all(shape.width.cm <= 16.01 and shape.height.cm <= 17.01 for shape in shapes)


def test_a_wide_table_gets_a_page_on_its_side(word: WordDocument) -> None:
    assert TABLE.grid is not None
    assert WIDE.grid is not None
    assert not is_wide(lay_out(TABLE.grid, "it"))
    wide = lay_out(WIDE.grid, "it")
    assert is_wide(wide)
    assert sum(column_widths(wide, 24.7, font_size(wide, 24.7))) <= 24.71
    sides = [section.orientation for section in word.sections]
    assert sides == [0, 1, 0]


def test_synthetic_origin_and_language_are_marked(data: bytes, word: WordDocument) -> None:
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert text.count("DATI SINTETICI: non citare") == 2
    assert "DATI SINTETICI: numeri generati" in text
    assert "DATI SINTETICI" in word.sections[0].header.paragraphs[0].text
    assert 'w:val="it-IT"' in zipfile.ZipFile(io.BytesIO(data)).read("word/styles.xml").decode()


def test_hostile_text_is_text(word: WordDocument) -> None:
    cell = word.tables[1].rows[1].cells[0].text
    assert cell == "<script>alert(1)</script> #x $a$ @b [[t1]] abc =1+1"


def test_an_institutions_template_keeps_its_styles_and_cover(tmp_path: Path) -> None:
    template = tmp_path / "modello.docx"
    own = Document()
    own.add_paragraph("Copertina dell'istituzione")
    own.styles["Heading 1"].font.name = "Georgia"
    own.save(str(template))
    made = Document(
        io.BytesIO(
            render_word(DOSSIER, "it", render_figures(DOSSIER.sections, "it", STYLE), template)
        )
    )
    assert made.paragraphs[0].text == "Copertina dell'istituzione"
    assert made.styles["Heading 1"].font.name == "Georgia"
    assert "Il territorio" in [p.text for p in made.paragraphs if p.style.name == "Heading 1"]


def test_english_words_and_numbers() -> None:
    dossier = replace(DOSSIER, sections=(DOSSIER.sections[1],))
    data = render_word(dossier, "en", render_figures(dossier.sections, "en", STYLE))
    made = Document(io.BytesIO(data))
    captions = [p.text for p in made.paragraphs if p.style.name == "Caption"]
    assert captions[0] == "Table 1. Tabella di prova t1"
    assert made.tables[0].rows[1].cells[1].text == "41,234"
