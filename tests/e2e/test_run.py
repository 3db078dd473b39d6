"""From official figures to the dossier: real kernels, real files, opened again."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from bgest_analysis.cli.main import main
from tests.lib.runs import bgest, copy_study

pytestmark = pytest.mark.slow


def test_documents_notebooks_and_manifest_are_there(made):
    reports = made / "reports"
    for area in ("distretto", "BSE"):
        for name in ("dossier.html", "dossier.docx"):
            assert (reports / "it" / area / name).stat().st_size > 100_000
        for analisi in ("00_sintesi", "01_territorio", "02_rete_governance", "11_qualita_dati"):
            assert (reports / "notebooks" / area / f"{analisi}.ipynb").is_file()
    manifest = json.loads((reports / "run.json").read_text(encoding="utf-8"))
    assert {job["stato"] for job in manifest["lavori"]} == {"fatto"}
    assert any(item["file"].endswith("popolazione_comuni.csv") for item in manifest["ingressi"])
    assert not list(made.rglob("*.tmp"))


def test_the_page_asks_nothing_of_the_network(made):
    for page in (made / "reports/index.html", made / "reports/it/distretto/dossier.html"):
        text = html.unescape(page.read_text(encoding="utf-8"))
        assert "default-src 'none'" in text
        assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", text)
        assert '<html lang="it"' in text


def test_the_word_file_is_italian_and_has_real_tables(made):
    document = docx.Document(str(made / "reports/it/distretto/dossier.docx"))
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert any(text.startswith("Tabella 1") for text in captions)
    assert any(text.startswith("Figura 1") for text in captions)
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert "380.936" in cells  # residents of the district on 1 January 2023
    assert "10,0%" in cells
    assert not any(re.fullmatch(r"\d+\.\d{1,2}%", text) for text in cells)


def test_the_finding_is_told_with_computed_numbers(made):
    text = (made / "reports/it/distretto/dossier.html").read_text(encoding="utf-8")
    assert "compatibili con l&#39;incidenza di tutti gli stranieri" in text
    assert "0,35" in text
    assert "0,09" in text
    assert "non torna in alcun anno provato" in text
    assert "va verificato con il Consorzio" in text


def test_every_document_shows_the_parameters(made):
    folder = made / "reports/it/BSE"
    page = html.unescape((folder / "dossier.html").read_text(encoding="utf-8"))
    assert re.search(r"ambito\s<code>BSE</code>.*?anno\s<code>2023</code>", page, re.DOTALL)
    word = [p.text for p in docx.Document(str(folder / "dossier.docx")).paragraphs]
    assert any(text.startswith("Parametri: ambito BSE, anno 2023") for text in word)
    cells = (
        openpyxl.load_workbook(folder / "tabelle.xlsx").worksheets[0].iter_rows(values_only=True)
    )
    assert any(str(row[0]).startswith("Parametri: ambito BSE, anno 2023") for row in cells)
    pdf = PdfReader(folder / "dossier.pdf").pages
    words = " ".join(" ".join(page.extract_text() for page in pdf).split())
    assert re.search(r"ambito BSE.{0,5}anno 2023", words)


def test_a_missing_analysis_says_what_it_needs(made):
    index = (made / "reports/index.html").read_text(encoding="utf-8")
    assert "data/raw/presenze" in index


def test_nothing_to_do_is_done_at_once(made):
    again = bgest(
        "run", "--study", str(made), "--ambito", "distretto", "--ambito", "BSE", "--no-example"
    )
    assert again.returncode == 0
    assert "fatti 0 lavori" in again.stdout or "già aggiornat" in again.stdout


@pytest.mark.full
def test_rehash_reads_what_stat_says_is_unchanged(made):
    """A file changed behind the cache's back is seen with ``--rehash`` only."""
    name = "reports/notebooks/BSE/11_qualita_dati.ipynb"
    file, state = made / name, made / "data/processed/.stato/impronte.json"
    again = ("run", "--study", str(made), "--ambito", "distretto", "--ambito", "BSE")
    bgest(*again, "--no-example")
    file.write_bytes(file.read_bytes() + b" ")
    remembered = json.loads(state.read_text(encoding="utf-8"))
    now = file.stat()
    signature = [now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino]
    hashed_at = max(signature[1:3]) + 3_000_000_000
    remembered["voci"][str(file)][:5] = [*signature, hashed_at]
    state.write_text(json.dumps(remembered), encoding="utf-8")
    assert "fatti 0 lavori" in bgest(*again, "--no-example").stdout
    assert file.read_bytes().endswith(b" ")
    done = bgest(*again, "--no-example", "--rehash")
    assert "fatti 1 lavori" in done.stdout
    assert not file.read_bytes().endswith(b" ")


def test_executed_notebooks_agree_with_stock_kernels_and_a_changed_one_does_not(made):
    """One run of nbval on both: a kernel of its own for each, the start of pytest paid once."""
    notebook = made / "reports/notebooks/BSE/11_qualita_dati.ipynb"
    data = json.loads(notebook.read_text(encoding="utf-8"))
    outputs = [o for cell in data["cells"] for o in cell.get("outputs", []) if "data" in o]
    outputs[-1]["data"]["text/plain"] = "[un'altra uscita]"
    changed = notebook.with_name("cambiato.ipynb")
    changed.write_text(json.dumps(data), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--nbval", "-rpf", "-p", "no:cacheprovider"]
    try:
        done = subprocess.run(
            [*command, str(notebook), str(changed)],
            capture_output=True,
            text=True,
            check=False,
            cwd=made,
            timeout=300,
        )
    finally:
        changed.unlink()
    verdicts = re.findall(r"^(PASSED|FAILED) \S*?(\w+)\.ipynb::Cell", done.stdout, re.MULTILINE)
    of_true = [verdict for verdict, name in verdicts if name == notebook.stem]
    of_changed = [verdict for verdict, name in verdicts if name == changed.stem]
    cells = sum(cell["cell_type"] == "code" for cell in data["cells"])
    assert of_true == ["PASSED"] * cells, done.stdout[-3000:]
    assert len(of_changed) == cells
    assert of_changed.count("FAILED") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "--ambito", "EST"], 2, "aree sconosciute EST"),
        (["run", "--notebook", "99_nulla"], 2, "analisi sconosciute"),
        (["run", "--parameter", "anno=duemila"], 2, "vuole int"),
        (["run", "--parameter", "pippo=1"], 2, "parametri sconosciuti pippo"),
        (["run", "--parameter", "trimestre=../../fuori"], 2, "caratteri non ammessi"),
        (["run", "--parameter", "os.remove=1"], 2, "nome=valore"),
        (["run", "--language", "fr"], 2, "lingue sconosciute fr"),
        (["check", "assente.csv"], 1, "assente.csv"),
    ],
)
def test_wrong_usage_is_refused_in_one_line(made, arguments, code, said):
    done = bgest(*arguments, "--study", str(made))
    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_status_explains_a_changed_source(root, tmp_path, capsys):
    folder = copy_study(root, tmp_path / "s")
    assert main(["status", "--study", str(folder), "--explain"]) == 0
    assert "mai eseguito" in capsys.readouterr().out
    assert main(["status", "--study", str(folder), "--json"]) == 0
    assert all(item["da_rifare"] for item in json.loads(capsys.readouterr().out))
