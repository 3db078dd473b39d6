"""The HTML dossier: offline, escaped, accessible by construction, complete."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from bgest_analysis.report.charts.render import Figures, render_figures
from bgest_analysis.report.html.render import Links, render_html
from bgest_analysis.report.inline import block_html
from tests.lib.report_samples import BARS, DOSSIER, MAP, STYLE, TABLE, TERRITORIO, WIDE

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """The elements of a page, with text and parents; fails on tags that do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self.open: list[int] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}, []))
        if tag not in VOID:
            self.open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}, []))

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self.open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for place in self.open:
            self.elements[place][2].append(data)

    def all(self, tag: str) -> Iterator[tuple[dict[str, str], str]]:
        for name, attributes, text in self.elements:
            if name == tag:
                yield attributes, " ".join("".join(text).split())


@pytest.fixture(scope="module")
def figures() -> Figures:
    return render_figures(DOSSIER.sections, "it", STYLE)


@pytest.fixture(scope="module")
def html(figures: Figures) -> str:
    links = Links("../../index.html", {"en": "../../en/x.html"}, (("Word", "dossier.docx"),))
    return render_html(DOSSIER, "it", figures, links)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_policy_admits_the_pages_own_style_and_nothing_else(html: str, page: Page) -> None:
    policy = next(a["content"] for a, _ in page.all("meta") if "http-equiv" in a)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert [
        a for _, a, _ in page.elements if "style" in a or any(k.startswith("on") for k in a)
    ] == []


def test_nothing_comes_from_elsewhere(page: Page) -> None:
    places = [a[k] for _, a, _ in page.elements for k in ("src", "href", "xlink:href") if k in a]
    assert places
    assert [place for place in places if "//" in place or place.startswith("javascript")] == []
    assert {tag for tag, _, _ in page.elements} & {"script", "link", "iframe", "object"} == set()


def test_hostile_text_is_text(html: str) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt; #x $a$ @b [[t1]]" in html
    assert "\u202e" not in html
    assert "\x07" not in html


def test_language_headings_and_landmarks(page: Page) -> None:
    assert next(page.all("html"))[0]["lang"] == "it"
    assert [text for _, text in page.all("h1")] == ["Profilo di prova"]
    assert [text for _, text in page.all("h2")][1:4] == [
        "1 Sintesi",
        "2 Il territorio",
        "3 Effetti",
    ]
    assert [text for _, text in page.all("h3")] == ["2.1 Residenti", "2.2 Confronti"]
    assert [text for _, text in page.all("h4")] == ["2.2.1 Dettagli"]
    assert len(list(page.all("main"))) == 1


def test_tables_have_captions_scopes_and_italian_numbers(page: Page) -> None:
    captions = [text for _, text in page.all("caption")]
    assert captions[0] == "Tabella 1. Tabella di prova t1"
    assert all(a.get("scope") in {"col", "row"} for a, _ in page.all("th"))
    cells = [text for _, text in page.all("td")]
    assert {"41.234", "13,8%", "−0,20", "1.234,50 €", "<5", "n.p.", "n.d."} <= set(cells)
    regions = [a for tag, a, _ in page.elements if tag == "div" and a.get("role") == "region"]
    assert all(a["tabindex"] == "0" and a["aria-labelledby"] for a in regions)


def test_identifiers_are_unique_and_links_lead_somewhere(page: Page) -> None:
    ids = [a["id"] for _, a, _ in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    inner = [a["href"][1:] for a, _ in page.all("a") if a["href"].startswith("#")]
    assert inner
    assert set(inner) <= set(ids)
    labels = [i for _, a, _ in page.elements for i in a.get("aria-labelledby", "").split()]
    assert set(labels) <= set(ids)


def test_references_read_as_links_and_unknown_ones_stay(page: Page) -> None:
    links = [text for _, text in page.all("a")]
    assert {"Tabella 1", "Figura 1", "paragrafo 2.2", "paragrafo 1", "[1]"} <= set(links)
    assert any("Errato: [[zz]]." in text for _, text in page.all("p"))


def test_synthetic_data_are_marked_on_the_page_and_on_what_they_touch(page: Page) -> None:
    marked = [a["id"] for _, a, _ in page.elements if "synthetic" in a.get("class", "")]
    assert marked == [TERRITORIO.anchor("t2"), TERRITORIO.anchor("f2")]
    badges = [text for a, text in page.all("span") if a.get("class") == "badge"]
    assert badges == ["DATI SINTETICI: non citare"] * 2
    assert any(a.get("class") == "banner" for a, _ in page.all("aside"))


def test_what_is_missing_and_where_it_comes_from_is_said(page: Page) -> None:
    text = " ".join(text for _, text in page.all("main"))
    lines = [line for _, line in page.all("p")]
    place = lines.index("Analisi non ancora disponibile")
    assert lines[place + 1] == "Serve il registro."
    for words in ("Fonte: Fonte inventata", "n = 12.345", "esecuzione-1", "ab" * 32, "anno 2023"):
        assert words in text
    assert "Gruppo di valutazione (2026). Profilo di prova. Un sottotitolo." in text


def test_figures_stand_in_the_page_with_their_data(page: Page) -> None:
    figures_of = [text for _, text in page.all("figcaption")]
    assert figures_of == ["Figura 1. Figura di prova f1", "Figura 2. Figura di prova f2"]
    assert sum(a.get("role") == "img" for a, _ in page.all("svg")) == 2
    assert len(list(page.all("summary"))) == 4


def test_english_page_has_no_italian_label() -> None:
    html = render_html(DOSSIER, "en", render_figures(DOSSIER.sections, "en", STYLE))
    assert "<b>Table 1.</b>" in html
    assert "41,234" in html
    for word in ("Tabella 1", "Fonte:", "Attenzione<", "Indice", "Colophon</b>", "DATI SINTETICI"):
        assert word not in html


@pytest.mark.parametrize("block", [TABLE, WIDE, MAP, BARS, *TERRITORIO.body])
def test_a_block_shows_in_a_notebook(block: object) -> None:
    html = block_html(block, "it", STYLE)  # type: ignore[arg-type]
    Page(html)
    assert "<script" not in html
    assert "bgest-block" in html


def test_a_figure_without_style_shows_its_data_in_a_notebook() -> None:
    html = block_html(MAP, "it")
    assert "<svg" not in html
    assert "12,0%" in html
