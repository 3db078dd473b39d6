"""Dossier and entry page in a real browser: quiet, offline, narrow, by keyboard, legible."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from bgest_analysis.report.charts.render import render_figures
from bgest_analysis.report.html.render import Links, render_html
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
from tests.lib.axe import axe_faults
from tests.lib.browser import Browser
from tests.lib.report_samples import DOSSIER, HOSTILE, MAP, STYLE, TABLE

pytestmark = pytest.mark.browser

CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


def area(id: str, name: str, state: State) -> AreaEntry:
    documents = (
        DocumentLink("it", "pagina web", f"it/{id}/dossier.html"),
        DocumentLink("en", "web page", f"en/{id}/dossier.html"),
    )
    note = None if state is State.DONE else Message(HOSTILE)
    rows = (
        AnalysisRow("01_territorio", Message("Il territorio"), State.DONE, None, "n/01.ipynb"),
        AnalysisRow("05_effetti", Message("Effetti"), state, note),
    )
    return AreaEntry(id, name, documents, rows, synthetic=id == "BBB")


INDEX = IndexPage(
    "Studio di prova",
    Message("Valutazione"),
    Message("Che cosa c'è"),
    dt.date(2026, 11, 3),
    (
        area("distretto", "Distretto", State.DONE),
        area("AAA", "Ambito Alfa", State.MISSING),
        area("BBB", "Ambito Beta", State.FAILED),
    ),
    (
        SourceRow("data/raw/a.csv", "Residenti", "ISTAT", "2023", "pubblica", "ab" * 32),
        SourceRow("data/raw/b.csv", "Inventati", "bgest", "2022", "sintetica", "cd" * 32),
    ),
    DOSSIER.colophon,
    TABLE,
    MAP,
    ((Message("eseguiti"), 4),),
    ((Message("Esempio"), "esempio/index.html"),),
    ("Fondo di prova",),
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pagine con spazi è")
    links = Links("../../index.html", {"en": "x.html"}, (("Word", "dossier.docx"),))
    made = {
        "dossier": render_html(DOSSIER, "it", render_figures(DOSSIER.sections, "it", STYLE), links),
        "index": render_index(INDEX, "it", STYLE),
    }
    paths = {name: folder / f"{name}.html" for name in made}
    for name, html in made.items():
        paths[name].write_text(html, encoding="utf-8")
    return paths


@pytest.mark.parametrize("name", ["dossier", "index"])
def test_quiet_and_offline(browser: Browser, pages: dict[str, Path], name: str) -> None:
    browser.console()
    browser.requests()
    browser.open(pages[name])
    assert browser.console() == []
    asked = [url for url in browser.requests() if not url.startswith("data:")]
    assert asked == [pages[name].as_uri()]
    assert browser.run("return document.querySelectorAll('main script, main iframe').length") == 0


@pytest.mark.parametrize("name", ["dossier", "index"])
@pytest.mark.parametrize("width", [320, 390, 640, 1280])  # 640: 1280 at 200%
def test_no_sideways_scrolling(
    browser: Browser, pages: dict[str, Path], name: str, width: int
) -> None:
    browser.open(pages[name], width)
    assert browser.run("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["dossier", "index"])
def test_every_text_has_enough_contrast(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    browser.open(pages[name])
    browser.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    seen, weak = browser.run(CONTRAST)
    assert seen > 50
    assert weak == []


@pytest.mark.npm
@pytest.mark.parametrize("name", ["dossier", "index"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(
    browser: Browser, pages: dict[str, Path], name: str, width: int
) -> None:
    kept, faults = axe_faults(browser, pages[name], width)
    assert kept > 20
    assert faults == []


@pytest.mark.npm
def test_axe_sees_a_fault(browser: Browser, pages: dict[str, Path], tmp_path: Path) -> None:
    html = pages["index"].read_text(encoding="utf-8")
    spoiled = tmp_path / "guasta.html"
    spoiled.write_text(html.replace('<html lang="it"', "<html"), encoding="utf-8")
    assert [fault.split(":")[0] for fault in axe_faults(browser, spoiled)[1]] == [
        "serious html-has-lang"
    ]


@pytest.mark.parametrize("name", ["dossier", "index"])
def test_every_control_has_a_name_and_is_large_enough(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    browser.open(pages[name])
    small = browser.run(
        "return [...document.querySelectorAll('button, select, summary')]"
        ".filter(e => e.getClientRects().length && (e.offsetHeight < 24 || e.offsetWidth < 24))"
        ".map(e => e.outerHTML)"
    )
    assert small == []
    browser.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    controls = browser.driver.find_elements(By.CSS_SELECTOR, "a, button, select, summary")
    assert controls
    assert [c.get_attribute("outerHTML") for c in controls if not c.accessible_name] == []


@pytest.mark.parametrize("name", ["dossier", "index"])
def test_the_first_tab_is_the_way_to_the_content(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    browser.open(pages[name])
    browser.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    first = browser.driver.switch_to.active_element
    assert first.text == "Vai al contenuto"
    assert first.rect["x"] >= 0
    first.send_keys(Keys.ENTER)
    assert browser.driver.switch_to.active_element.get_attribute("id") == "contenuto"


def test_focus_is_seen_on_every_stop(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["index"])
    unseen = []
    for _ in range(browser.run("return document.querySelectorAll('a, button, select').length")):
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        focused = browser.driver.switch_to.active_element
        if focused.value_of_css_property("outline-style") == "none":
            unseen.append(focused.get_attribute("outerHTML"))
    assert unseen == []


def test_hostile_words_are_words(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["dossier"])
    heads = browser.driver.find_elements(By.CSS_SELECTOR, "tbody th")
    assert any("<script>alert(1)</script>" in head.text for head in heads)


def test_a_map_says_its_values_under_the_pointer(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["index"])
    titles = browser.run(
        "return [...document.querySelectorAll('svg g > title')].map(t => t.textContent)"
    )
    assert titles == ["990001: 12,0%", "990002: 5,5%", "990003: <5", "990004: n.d."]


def visible(browser: Browser, selector: str) -> list[str]:
    found = browser.driver.find_elements(By.CSS_SELECTOR, selector)
    return [item.text.split("\n")[0] for item in found if item.is_displayed()]


def test_filters_show_what_was_asked_for(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["index"])
    selects = {
        s.get_attribute("data-filter"): Select(s)
        for s in browser.driver.find_elements(By.CSS_SELECTOR, "[data-filter]")
    }
    assert len(visible(browser, "#righe tbody tr")) == 6
    selects["area"].select_by_value("AAA")
    assert visible(browser, ".card h3") == ["Ambito Alfa"]
    assert len(visible(browser, "#righe tbody tr")) == 2
    selects["analisi"].select_by_value("05_effetti")
    assert len(visible(browser, "#righe tbody tr")) == 1
    assert browser.driver.find_element(By.ID, "trovati").text == "1 righe mostrate"
    selects["lingua"].select_by_value("en")
    assert [line[:7] for line in visible(browser, ".card [data-lingua]")] == ["English"]
    selects["area"].select_by_value("")
    assert len(visible(browser, ".card h3")) == 3


def test_tables_sort_by_value_with_hidden_cells_last(
    browser: Browser, pages: dict[str, Path]
) -> None:
    browser.open(pages["index"])
    table = browser.driver.find_element(By.CSS_SELECTOR, "section[aria-labelledby=in-breve] table")
    head = table.find_elements(By.CSS_SELECTOR, "thead th")[1]
    for state, first in (("ascending", "41.234"), ("descending", "1.234.567")):
        head.find_element(By.TAG_NAME, "button").click()
        assert head.get_attribute("aria-sort") == state
        cells = [
            row.find_elements(By.TAG_NAME, "td")[0].text
            for row in table.find_elements(By.CSS_SELECTOR, "tbody tr")
        ]
        assert (cells[0], cells[-1]) == (first, "<5")


def test_without_its_script_the_entry_page_shows_everything(
    browser: Browser, pages: dict[str, Path], tmp_path: Path
) -> None:
    html = pages["index"].read_text(encoding="utf-8")
    bare = tmp_path / "senza.html"
    bare.write_text(html[: html.index("<script>")], encoding="utf-8")
    browser.open(bare)
    assert len(visible(browser, ".card h3")) == 3
    assert not browser.driver.find_element(By.ID, "filtri").is_displayed()
