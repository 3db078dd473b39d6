"""The study's own files: study.toml, its tables, the official-like figures with their source."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from bgest_analysis.example import bodies, tables, territory
from bgest_analysis.example.files.geometry import write_geometry
from bgest_analysis.example.files.listening import ITEM_MAP, item_map
from bgest_analysis.example.files.pages import SYNTHETIC
from bgest_analysis.example.world import World

TERRITORY = "data/raw/territorio"
STUDY = """\
# DATI SINTETICI: studio di esempio, fatto da «bgest example». Nomi e cifre sono inventati.
versione = 1

[studio]
id = "esempio"
titolo = "Distretto Esempio per l'integrazione (DATI SINTETICI)"
sottotitolo = "Studio di esempio con dati inventati"
motto = "Dati inventati, metodi veri"
lingua = "it"
origine = "sintetica"

[progetto]
progetto_id = "{project}"
codice = "prog-ESEMPIO"
fondo = "FAMI 2014-2020"
edizione = "2014-2020"
piano = "Piano di esempio (DATI SINTETICI)"
dal = 2019-01-01
al = 2023-12-31
cofinanziamento = ["DATI SINTETICI: nessun finanziamento reale"]

[territorio]
regione = "99"
provincia_riferimento = "{province}"
anno_riferimento = {year}
nome_insieme = "Distretto Esempio"

[tabelle]
ambiti = "studio/ambiti.csv"
comuni = "studio/comuni.csv"
enti = "studio/enti.csv"
composizione_organi = "studio/composizione_organi.csv"
progetti = "studio/progetti.csv"
teoria_nodi = "studio/teoria_nodi.csv"
teoria_nessi = "studio/teoria_nessi.csv"
eventi = "studio/eventi.csv"
{sources}
[protezione]
soglia_interna = 5
soglia_pubblicazione = 10
arrotondamento = 5
minimo = 3

[documenti]
data = 2023-12-31
istituzione = "Università Esempio (DATI SINTETICI)"
"""
SOURCE = """\
titolo = "{title} (DATI SINTETICI)"
editore = "Generatore dello studio di esempio"
url = ""
licenza = "CC0-1.0"
citazione = "Fonte: dati sintetici"
data_pubblicazione = "2023-12-31"
data_accesso = "2023-12"
annata = "dati inventati, seme {seed}"
origine = "sintetica"
sha256 = "{sha256}"
righe = {rows}
"""


def write_study(folder: Path, world: World) -> None:
    """Write study.toml, studio/ and data/raw/territorio/."""
    listed = _write_territory(folder, world)
    sources = "".join(
        f'\n[[fonti]]\ntabella = "{table}"\nfile = "{file}"\n' for table, file in listed.items()
    )
    text = STUDY.format(
        project=bodies.PROJECT,
        province=territory.PROVINCE,
        year=territory.REFERENCE_YEAR,
        sources=sources,
    )
    _write(folder / "study.toml", text)
    for name, frame in study_tables(world).items():
        save_csv(folder / "studio" / f"{name}.csv", frame)
    save_csv(folder / ITEM_MAP, item_map())
    write_geometry(folder / "studio" / "geometria.geojson", world.territorio)


def study_tables(world: World) -> dict[str, pd.DataFrame]:
    """Return the tables of the folder ``studio`` by name, as text."""
    return {
        "ambiti": _ambiti(world.territorio),
        "comuni": world.territorio.comuni[["cod_istat", "nome", "ambito_id"]].assign(
            valido_dal="", valido_al=""
        ),
        "enti": world.enti,
        "composizione_organi": bodies.seats(world.territorio),
        "progetti": bodies.projects(),
        "teoria_nodi": bodies.theory_nodes(),
        "teoria_nessi": bodies.theory_links(),
        "eventi": bodies.events(),
    }


def _ambiti(places: territory.Territory) -> pd.DataFrame:
    frame = places.ambiti
    number = frame["ambito_id"].str[2:]
    return pd.DataFrame(
        {
            "ambito_id": frame["ambito_id"],
            "nome": frame["nome"],
            "nome_ufficiale": frame["nome"] + " (inventato)",
            "nome_slide": frame["nome"],
            "alias": "Esempio " + number + "|Amb. Esempio " + number,
            "capofila": frame["capofila"].map({True: "true", False: "false"}),
            "ordine": frame["ordine"].astype("str"),
            "nota": SYNTHETIC,
        }
    )


def _write_territory(folder: Path, world: World) -> dict[str, str]:
    """Write the official-like tables; return table -> file."""
    places = world.territorio
    population = places.popolazione.assign(
        fonte_residenti="dati sintetici", fonte_stranieri="dati sintetici"
    )
    by_country = tables.territory_by_country(world)[
        ["cod_provincia", "anno", "cittadinanza_iso3", "come_scritto", "sesso", "n", "ue"]
    ].assign(ue=lambda frame: frame["ue"].map({True: "true", False: "false"}))
    provinces = tables.foreigners_of_province(world).rename(columns={"stranieri_ue": "ue"})
    parts = {
        "popolazione": ("popolazione_comuni", "Residenti e stranieri per comune", population),
        "stranieri_provincia": (
            "stranieri_provincia_cittadinanza", "Stranieri per cittadinanza", by_country,
        ),
        "stranieri_province": ("stranieri_province", "Stranieri per provincia", provinces),
        "redditi": ("redditi_comuni", "Redditi per comune", territory.incomes(world.seed, places)),
        "slide_incidenza": ("slide_incidenza", "Percentuali di una diapositiva",
                            territory.slide_shares(places)),
    }  # fmt: skip
    return {
        table: _write_source(folder, world.seed, file, title, frame)
        for table, (file, title, frame) in parts.items()
    }


def _write_source(folder: Path, seed: int, name: str, title: str, frame: pd.DataFrame) -> str:
    path = folder / TERRITORY / f"{name} {SYNTHETIC}.csv"
    save_csv(path, frame, f"{SYNTHETIC}: {title}, cifre inventate")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    said = SOURCE.format(title=title, seed=seed, sha256=digest, rows=len(frame))
    _write(path.with_suffix(".source.toml"), said)
    return f"{TERRITORY}/{path.name}"


def save_csv(path: Path, frame: pd.DataFrame, title: str = "") -> None:
    """Write a frame as UTF-8 with commas, under a title line if there is one."""
    body = frame.to_csv(index=False, lineterminator="\n")
    _write(path, f"{title}\n{body}" if title else body)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
