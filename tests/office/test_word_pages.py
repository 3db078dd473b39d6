"""The Word file laid out by LibreOffice: pages, captions beside their figures, no broken field."""

from __future__ import annotations

import subprocess

import pytest
from pypdf import PdfReader

from bgest_analysis.report.charts.render import render_figures
from bgest_analysis.report.word.render import render_word
from tests.lib.report_samples import DOSSIER, STYLE

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("word")
    document = folder / "dossier.docx"
    document.write_bytes(render_word(DOSSIER, "it", render_figures(DOSSIER.sections, "it", STYLE)))
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(folder), str(document)], check=True, capture_output=True
    )
    return [" ".join(p.extract_text().split()) for p in PdfReader(folder / "dossier.pdf").pages]


def test_captions_stand_on_the_page_of_their_source_line(pages: list[str]) -> None:
    for caption in ("Tabella 1. Tabella di prova t1", "Figura 1. Figura di prova f1"):
        bodies = [page for page in pages[2:] if caption in page]
        assert len(bodies) == 1
        assert "Fonte: Fonte inventata" in bodies[0]


def test_no_field_is_broken_and_numbers_are_filled(pages: list[str]) -> None:
    text = " ".join(pages)
    assert "rror" not in text.replace("Errato", "")
    assert "Si vedano Tabella 1, Figura 1, paragrafo 2.2, paragrafo 1 e [1]." in text
    assert "2.2.1 Dettagli" in text
    assert f"Pagina {len(pages)} di {len(pages)}" in pages[-1]


def test_the_cover_has_no_running_head_and_the_rest_has(pages: list[str]) -> None:
    assert "Pagina" not in pages[0]
    assert "Progetto co-finanziato" in pages[0]
    assert all("Pagina" in page for page in pages[1:])
