"""A real JupyterLab in a real Chromium: it opens on the door, in Italian, and runs an analysis."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from bgest_analysis.cli.lab_desk import lab_environment, lay_copies
from bgest_analysis.workspace import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LONGEST = 180


@pytest.fixture(scope="module")
def lab(made: Path) -> Iterator[str]:
    """Start ``bgest lab`` and return its address, token included."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "bgest_analysis", "lab", "--study", str(made)]
    server = subprocess.Popen(
        [*command, "--no-browser", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert server.stdout is not None
    try:
        yield next(line.split()[-1] for line in server.stdout if f"127.0.0.1:{port}/lab" in line)
    finally:
        os.killpg(server.pid, signal.SIGINT)
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=LONGEST)


@pytest.fixture(scope="module")
def page(lab: str) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    names = ("chromium", "chromium-browser", "google-chrome")
    options.binary_location = next(p for p in map(shutil.which, names) if p)
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,1400"):
        options.add_argument(argument)
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options, Service(shutil.which("chromedriver")))
    try:
        driver.get(lab)
        yield driver
    finally:
        driver.quit()


def wait(page: webdriver.Chrome, selector: str) -> None:
    WebDriverWait(page, LONGEST).until(lambda d: d.find_elements(By.CSS_SELECTOR, selector))


def click(page: webdriver.Chrome, selector: str) -> None:
    wait(page, selector)
    element = page.find_elements(By.CSS_SELECTOR, selector)[-1]
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    webdriver.ActionChains(page).move_to_element(element).click().perform()


def are_reached(page: webdriver.Chrome) -> bool:
    """Tell whether each open notebook's kernel waits for work and is listened to."""
    kernels = fetch(page, "api/kernels")
    ready = [k for k in kernels if k.get("execution_state") == "idle" and k["connections"] > 0]
    return len(ready) >= len(page.find_elements(By.CSS_SELECTOR, ".jp-NotebookPanel"))


def run_all(page: webdriver.Chrome) -> None:
    """Choose Run, Run all cells, whatever the language of the menu."""
    ready = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
    wait(page, f".jp-NotebookPanel:not(.lm-mod-hidden) {ready}")
    # that indicator says "idle" of a kernel not yet reached too: cells run then are lost
    WebDriverWait(page, LONGEST).until(are_reached)
    wait(page, f".jp-NotebookPanel:not(.lm-mod-hidden) {ready}")
    click(page, ".lm-MenuBar-item:nth-child(4)")
    click(page, '.lm-Menu-item[data-command="runmenu:run-all"]')


def test_the_door_opens_and_leads_to_an_analysis(page, made):
    run_all(page)
    link = 'a[href*="01_territorio.ipynb"]'
    wait(page, f".jp-OutputArea {link}")
    said = page.find_element(By.CSS_SELECTOR, ".jp-OutputArea").text
    assert "01 Il territorio" in said
    assert "ci sono" in said
    click(page, f".jp-OutputArea {link}")
    wait(page, '.lm-TabBar-tab.lm-mod-current[title*="01_territorio"]')
    run_all(page)
    wait(page, ".jp-OutputArea .bgest-block .picture svg")


def test_lab_is_the_study_s(page, lab):
    kernels = fetch(page, "api/kernelspecs")["kernelspecs"]
    assert [spec["spec"]["display_name"] for spec in kernels.values()] == ["Lab'Impact (Python)"]
    assert "it_IT" in fetch(page, "lab/api/translations")["data"]
    settings = fetch(page, "lab/api/settings/@jupyterlab/translation-extension:plugin")
    assert settings["schema"]["properties"]["locale"]["default"] == "it_IT"
    menus = [menu.text for menu in page.find_elements(By.CSS_SELECTOR, ".lm-MenuBar-item")]
    assert menus[:4] == ["File", "Modifica", "Visualizza", "Esegui"]
    assert menus[-3:] == ["Schede", "Impostazioni", "Aiuto"]
    news = fetch(page, "lab/api/settings/@jupyterlab/apputils-extension:notification")
    assert news["schema"]["properties"]["fetchNews"]["default"] == "false"
    assert not page.find_elements(By.CSS_SELECTOR, ".jp-toastContainer .Toastify__toast")


def test_nothing_leaves_the_machine(page):
    events = [json.loads(e["message"])["message"] for e in page.get_log("performance")]
    sent = [
        e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"
    ]
    assert sent
    assert [
        u for u in sent if not u.startswith(("http://127.0.0.1:", "data:", "blob:", "ws:"))
    ] == []


def fetch(page: webdriver.Chrome, address: str):
    script = """
        const done = arguments[arguments.length - 1];
        fetch(new URL(arguments[0], location.origin)).then(r => r.json()).then(done);
    """
    return page.execute_async_script(script, "/" + address)


def test_copies_that_were_changed_are_kept(made):
    workspace = Workspace(made)
    assert lay_copies(workspace) == []
    copy = made / "lab" / "01_territorio.ipynb"
    notebook = json.loads(copy.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = ["# Mio"]
    copy.write_text(json.dumps(notebook), encoding="utf-8")
    assert lay_copies(workspace) == ["01_territorio.ipynb"]
    assert json.loads(copy.read_text(encoding="utf-8"))["cells"][0]["source"] == ["# Mio"]
    copy.unlink()
    assert lay_copies(workspace) == []
    assert copy.is_file()


def test_nothing_is_written_in_the_user_s_home(made):
    environment = lab_environment(Workspace(made), "it")
    places = {name: path for name, path in environment.items() if os.environ.get(name) != path}
    assert {"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"} <= set(places)
    assert all(Path(path).is_relative_to(made) for path in places.values())
