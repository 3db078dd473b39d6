"""Another network is other files: no code changes between Bergamo Est and anywhere else."""

from __future__ import annotations

import csv
import json

import pytest

from bgest_analysis.vocabulary.load import read_list
from tests.lib.runs import bgest

pytestmark = pytest.mark.slow

TOML = """\
versione = 1

[studio]
id = "sondrio"
titolo = "Rete della provincia di Sondrio (prova)"
sottotitolo = "Profilo territoriale"
motto = ""
lingua = "it"
origine = "progetto"

[progetto]
progetto_id = "prova"
codice = ""
fondo = "FAMI 2021-2027"
edizione = "2021-2027"
piano = ""
dal = ""
al = ""
cofinanziamento = []

[territorio]
regione = "03"
provincia_riferimento = "014"
anno_riferimento = 2025
nome_insieme = "Provincia di Sondrio"

[tabelle]
ambiti = "studio/ambiti.csv"
comuni = "studio/comuni.csv"

[[fonti]]
tabella = "popolazione"
file = "data/raw/territorio/popolazione_comuni_lombardia_2025.csv"

[[fonti]]
tabella = "stranieri_province"
file = "data/raw/territorio/stranieri_province.csv"

[documenti]
data = 2026-01-31
"""


def write_network(root, folder):
    """Write a study of the province of Sondrio, cut in two invented halves by code."""
    raw = folder / "data/raw/territorio"
    raw.mkdir(parents=True)
    (folder / "studio").mkdir()
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    for name in ("popolazione_comuni_lombardia_2025", "stranieri_province"):
        for suffix in (".csv", ".source.toml"):
            source = root / "data/raw/territorio" / f"{name}{suffix}"
            (raw / source.name).write_bytes(source.read_bytes())
    comuni = read_list("comuni_lombardia")
    comuni = comuni[comuni["cod_provincia"] == "014"].sort_values("cod_istat")
    half = len(comuni) // 2
    rows = [
        (code, name, "A" if place < half else "B", "", "")
        for place, (code, name) in enumerate(zip(comuni["cod_istat"], comuni["nome"], strict=True))
    ]
    heads = ("cod_istat", "nome", "ambito_id", "valido_dal", "valido_al")
    write_csv(folder / "studio/comuni.csv", [heads, *rows])
    ambiti = [
        ("ambito_id", "nome", "nome_ufficiale", "nome_slide", "alias", "capofila", "ordine"),
        ("A", "Prima metà", "Prima metà", "Prima metà", "", "true", "1"),
        ("B", "Seconda metà", "Seconda metà", "Seconda metà", "", "false", "2"),
    ]
    write_csv(folder / "studio/ambiti.csv", ambiti)
    return len(comuni)


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def test_a_network_elsewhere_runs_without_touching_code(root, tmp_path):
    folder = tmp_path / "sondrio"
    folder.mkdir()
    comuni = write_network(root, folder)
    done = bgest("run", "--study", str(folder), "--ambito", "A", "--no-example")
    assert done.returncode == 0, done.stdout + done.stderr
    page = (folder / "reports/it/A/dossier.html").read_text(encoding="utf-8")
    assert "Prima metà" in page
    assert f"{comuni // 2} comuni" in page
    assert "Val Cavallina" not in page
    manifest = json.loads((folder / "reports/run.json").read_text(encoding="utf-8"))
    assert manifest["parametri"]["studio"] == "sondrio"
