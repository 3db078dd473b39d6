"""The documentation site, opened from a folder: its search answers, and nothing leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from sphinx.cmd.build import main as sphinx

from tests.lib.axe import axe_faults

DOCS = Path(__file__).resolve().parents[2] / "docs"
SLOW_TO_BUILD = "immagini,riferimento,dizionario.md,dictionary.md"
DONE = "Risultati della ricerca"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sito")
    wanted = ["-D", f"exclude_patterns={SLOW_TO_BUILD}"]
    assert sphinx(["-Q", "-b", "html", *wanted, str(DOCS), str(folder)]) == 0
    return folder


def results(browser, site: Path, words: str) -> list[str]:
    browser.driver.get(f"{(site / 'search.html').as_uri()}?q={words}")
    WebDriverWait(browser.driver, 20).until(
        lambda driver: (
            driver.find_element(By.CSS_SELECTOR, "#search-results h2").text == DONE
            and driver.execute_script("return Search._pulse_status") < 0
        )
    )
    found = browser.driver.find_elements(By.CSS_SELECTOR, "#search-results ul.search li a")
    return [link.get_attribute("href").rpartition("/")[2].split("?")[0] for link in found]


def test_the_search_finds_a_page_without_a_network(browser, site):
    browser.requests()
    browser.console()

    assert "cancellare-una-persona.html" in {
        r.split("#")[0] for r in results(browser, site, "pseudonimo")
    }
    assert results(browser, site, "parolainesistente") == []
    assert [r for r in browser.requests() if not r.startswith(("file:", "data:"))] == []
    assert browser.console() == []


def test_a_page_speaks_italian_and_keeps_its_table(browser, site):
    browser.open(site / "guide" / "correggere.html")

    assert browser.driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "it"
    assert browser.driver.find_elements(By.CSS_SELECTOR, "main table, article table")


@pytest.mark.npm
@pytest.mark.parametrize("name", ["index", "tutorial", "guide/correggere", "search"])
def test_axe_finds_nothing_serious(browser, site, name):
    kept, faults = axe_faults(browser, site / f"{name}.html")
    assert kept > 20
    assert faults == []
