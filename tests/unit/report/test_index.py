"""The entry page: areas, documents, what is missing, real and synthetic data apart."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re

import pytest

from bgest_analysis.report.index import (
    AnalysisRow,
    AreaEntry,
    DocumentLink,
    IndexPage,
    SourceRow,
    State,
    render_index,
)
from bgest_analysis.text.messages import Message
from tests.lib.report_samples import DOSSIER, MAP, STYLE, TABLE

NEED = Message("Serve il registro <b>interventi</b>.")


def area(id: str, name: str, *, synthetic: bool = False) -> AreaEntry:
    documents = (
        DocumentLink("it", "pagina web", f"it/{id}/dossier.html"),
        DocumentLink("en", "web page", f"en/{id}/dossier.html"),
    )
    analyses = (
        AnalysisRow("01_territorio", Message("Il territorio"), State.DONE, None, "n/01.ipynb"),
        AnalysisRow("05_effetti", Message("Effetti"), State.MISSING, NEED),
    )
    return AreaEntry(id, name, documents, analyses, synthetic)


PAGE = IndexPage(
    "Studio di prova",
    Message("Valutazione"),
    Message("Che cosa c'è"),
    dt.date(2026, 11, 3),
    (area("distretto", "Distretto"), area("AAA", "Ambito Alfa", synthetic=True)),
    (
        SourceRow("data/raw/a.csv", "Residenti", "ISTAT", "2023", "pubblica", "ab" * 32),
        SourceRow("data/raw/b.csv", "Inventati", "bgest", "2022", "sintetica", "cd" * 32),
    ),
    DOSSIER.colophon,
    TABLE,
    MAP,
    ((Message("eseguiti"), 4),),
    ((Message("Esempio"), "esempio/index.html"),),
)


@pytest.fixture(scope="module")
def html() -> str:
    return render_index(PAGE, "it", STYLE)


def test_the_script_is_admitted_by_its_hash_alone(html: str) -> None:
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;" in html
    assert "unsafe" not in html
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]+"', "", html.replace("http-equiv", ""))


def test_what_is_missing_is_said_once_with_every_area(html: str) -> None:
    assert html.count("Serve il registro &lt;b&gt;interventi&lt;/b&gt;.") == 1
    assert '<p class="where">Distretto, Ambito Alfa</p>' in html


def test_documents_by_language_and_synthetic_areas_marked(html: str) -> None:
    assert 'href="it/AAA/dossier.html" hreflang="it"' in html
    assert html.count('class="card synthetic"') == 1
    assert html.count("DATI SINTETICI: non citare") == 1


def test_synthetic_files_stand_in_their_own_table(html: str) -> None:
    real = html.index("data/raw/a.csv")
    made_up = html.index("data/raw/b.csv")
    assert real < html.index('<span class="badge">Dati sintetici</span>') < made_up


def test_sorting_uses_the_values_behind_the_cells(html: str) -> None:
    assert 'data-v="41234">41.234' in html
    assert 'data-v="">&lt;5' in html


def test_english_page() -> None:
    html = render_index(PAGE, "en", STYLE)
    for word in ("What is missing, and how to supply it", "Synthetic data", "data missing"):
        assert word in html
    assert "Che cosa manca" not in html
