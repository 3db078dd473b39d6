"""The PDF: tagged, PDF/UA-1, the same bytes, every text literal."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from bgest_analysis.report.charts.render import render_figures
from bgest_analysis.report.dossier import Section
from bgest_analysis.report.pdf.render import render_pdf
from bgest_analysis.text.messages import Message
from tests.lib.report_samples import DOSSIER, STYLE, columns, paragraph, table

FIGURES = render_figures(DOSSIER.sections, "it", STYLE)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "dossier.pdf"
    path.write_bytes(render_pdf(DOSSIER, "it", FIGURES))
    return path


def test_the_same_bytes_twice(pdf: Path) -> None:
    assert render_pdf(DOSSIER, "it", FIGURES) == pdf.read_bytes()


def test_it_declares_pdf_ua_and_its_language(pdf: Path) -> None:
    reader = PdfReader(pdf)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in reader.xmp_metadata.stream.get_data()  # type: ignore[union-attr]
    assert reader.trailer["/Root"]["/Lang"] == "it-IT"  # type: ignore[index]
    # "Suspects false" is what PDF/UA-1 asks; poppler 22 calls it of the wrong type, and errs.
    marks = {key: value.value for key, value in reader.trailer["/Root"]["/MarkInfo"].items()}  # type: ignore[index]
    assert marks == {"/Marked": True, "/Suspects": False}
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (
        "Profilo di prova",
        "Gruppo di valutazione",
    )


def test_text_is_literal_and_numbered_as_elsewhere(pdf: Path) -> None:
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(pdf).pages).split())
    for words in (
        "<script>alert(1)</script> #x $a$ @b [[t1]] abc =1+1",
        "Tabella 1. Tabella di prova t1",
        "Figura 2. Figura di prova f2",
        "2.2.1 Dettagli",
        "Si vedano Tabella 1, Figura 1, paragrafo 2.2, paragrafo 1 e [1].",
        "Analisi non ancora disponibile",
        "esecuzione-1",
    ):
        assert words in text


def test_a_wide_table_lies_on_its_side_and_the_next_page_stands(pdf: Path) -> None:
    boxes = [page.mediabox for page in PdfReader(pdf).pages]
    flat = [box.width > box.height for box in boxes]
    assert flat.count(True) == 1
    assert flat[-1] is False


@pytest.mark.parametrize("words", range(60, 361, 60))
def test_a_caption_is_on_the_page_where_its_table_starts(words: int) -> None:
    rows: list[tuple[object, ...]] = [(f"riga{i}riga " + "parola " * 40, i) for i in range(18)]
    long = table("lunga", columns(("a", "Testo", "text"), ("n", "Numero", "int")), rows)
    opening = paragraph("prima", "testo " * words)
    section = Section("01_territorio", Message("Prova"), (opening, long))
    dossier = replace(DOSSIER, sections=(section,))
    pages = PdfReader(io.BytesIO(render_pdf(dossier, "it", {}))).pages
    texts = [page.extract_text() for page in pages]
    captioned = [text for text in texts if "Tabella 1. Tabella di prova lunga" in text]
    assert len(captioned) == 1
    assert "riga0riga" in captioned[0]


@pytest.mark.poppler
def test_poppler_finds_it_tagged_with_alternative_texts(pdf: Path) -> None:
    info = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in info
    raw = pdf.read_bytes()
    reader = PdfReader(pdf)
    alts = [
        o.get("/Alt")
        for o in map(reader.get_object, range(1, len(reader.xref[0]) + 1))
        if isinstance(o, dict)
    ]
    assert len(raw) > 10_000
    assert {"Descrizione della figura f1", "Descrizione della figura f2"} <= set(alts)
