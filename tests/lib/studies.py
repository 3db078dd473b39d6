"""Small invented studies, as values and as folders."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bgest_analysis.study.load import load_study
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import Workspace

STUDY_TOML = """\
versione = 1

[studio]
id = "prova"
titolo = "Rete di prova"
sottotitolo = "Prova"
motto = ""
lingua = "it"
origine = "progetto"

[progetto]
progetto_id = "p"
codice = ""
fondo = "fondo di prova"
edizione = "2014-2020"
piano = ""
dal = ""
al = 2023-06-30
cofinanziamento = []

[territorio]
regione = "03"
provincia_riferimento = "016"
anno_riferimento = 2023
nome_insieme = "Insieme"

[tabelle]
ambiti = "studio/ambiti.csv"
comuni = "studio/comuni.csv"

[documenti]
data = 2026-01-31
"""
AMBITI = """\
ambito_id,nome,nome_ufficiale,nome_slide,alias,capofila,ordine
NO,Nord,Ambito Nord,Nord,,true,2
SU,Sud,Ambito Sud,Sud,Meridione|Mezzogiorno,false,1
"""
COMUNI = """\
cod_istat,nome,ambito_id,valido_dal,valido_al
016001,Adrara San Martino,SU,,
016002,Adrara San Rocco,SU,,
016004,Albino,NO,,
"""


def write_study(folder: Path, **files: str) -> Workspace:
    """Write a minimal study; ``files`` replace the texts of ``toml``, ``ambiti``, ``comuni``."""
    (folder / "studio").mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(files.get("toml", STUDY_TOML), encoding="utf-8")
    (folder / "studio/ambiti.csv").write_text(files.get("ambiti", AMBITI), encoding="utf-8")
    (folder / "studio/comuni.csv").write_text(files.get("comuni", COMUNI), encoding="utf-8")
    return Workspace(folder)


def small_study(folder: Path) -> Study:
    """Return the minimal study: two Ambiti, three comuni."""
    return load_study(write_study(folder))


def totals(rows: list[tuple[str, int, int | None, int | None]]) -> pd.DataFrame:
    """Return ``tidy_popolazione`` totals from (cod_istat, anno, residenti, stranieri)."""
    long = [
        (code, year, citizenship, n)
        for code, year, everyone, foreign in rows
        for citizenship, n in (("tutti", everyone), ("stranieri", foreign))
        if n is not None
    ]
    frame = pd.DataFrame(long, columns=["cod_istat", "anno", "cittadinanza", "n"])
    frame = frame.astype({"anno": "Int64", "n": "Int64"})
    return frame.assign(sesso="T", eta="tot", stato_dato="definitivo")


def provinces(rows: list[tuple[str, int, int, int]]) -> pd.DataFrame:
    """Return ``tidy_stranieri_province`` from (cod_provincia, anno, stranieri, stranieri_ue)."""
    names = ["cod_provincia", "anno", "stranieri", "stranieri_ue"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype(dict.fromkeys(names[1:], "Int64"))
