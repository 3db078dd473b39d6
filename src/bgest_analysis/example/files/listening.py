"""Questionnaires as a form exports them, codings, and the sample coded twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from bgest_analysis.example.files import spoil
from bgest_analysis.example.files.dirt import Ledger, Marks
from bgest_analysis.example.files.names import ambito_names, body_names
from bgest_analysis.example.files.network import RAW, save_table
from bgest_analysis.example.files.pages import SYNTHETIC, Page, write_book
from bgest_analysis.example.listening import ITEMS
from bgest_analysis.example.recipients import language_names
from bgest_analysis.example.world import World

ITEM_MAP = "studio/mappa_questionari.csv"
# Questions about the person and the sheet -> columns of the table.
FIXED = {
    "Codice del questionario": "risposta_id",
    "Rilevazione": "rilevazione",
    "Momento della rilevazione": "onda_questionario",
    "In quale Ambito vive o lavora?": "ambito_id",
    "Per quale ente lavora?": "ente_id",
    "Sesso": "sesso",
    "Fascia d'età": "fascia_eta",
    "Lingua del questionario": "lingua_questionario",
    "Compilato con il mediatore?": "compilato_con_mediatore",
}
TITLED = {
    "rilevazione": "rilevazione",
    "onda_questionario": "onda_questionario",
    "sesso": "sesso",
    "fascia_eta": "fascia_eta",
}
YES_NO = {1: "Sì", 0: "No"}  # also for True and False, asked one by one: pandas tells them apart


def write_listening(folder: Path, world: World, ledger: Ledger) -> None:
    """Write questionari, codifiche_qual and the double-coded sample."""
    for survey in ITEMS:
        _write_survey(folder, world, survey, ledger)
    codings = world.codifiche.rename(
        columns={
            "doc_id": "Documento",
            "segmento": "Segmento",
            "codice_qual": "Codice",
            "codificatore": "Codificato da",
        }
    )
    save_table(folder, "codifiche_qual", "Codifiche", codings.astype(object), ledger)
    _write_double_coding(folder, world, ledger)


def item_map() -> pd.DataFrame:
    """Return the study's map of questions: domanda, item, scala, colonna."""
    rows = [(question, "", "", column) for question, column in FIXED.items()]
    rows += [(item.text, item.code, item.scale, "") for items in ITEMS.values() for item in items]
    return pd.DataFrame(rows, columns=["domanda", "item", "scala", "colonna"])


def _write_survey(folder: Path, world: World, survey: str, ledger: Ledger) -> None:
    answers = world.questionari[world.questionari["rilevazione"] == survey]
    people = answers.drop_duplicates("risposta_id").set_index("risposta_id", drop=False)
    wide = answers.pivot_table(
        index="risposta_id", columns="item", values="valore", dropna=False
    ).reindex(people.index)
    body = _about(world, people)
    for item in ITEMS[survey]:
        values = wide[item.code].astype(object)
        shown = values.map(YES_NO.get) if item.scale == "si_no" else values
        body[item.text] = shown.where(values.notna(), None)
    body.insert(0, "Informazioni cronologiche", "30/06/2023 10.00.00")
    body = body.reset_index(drop=True).astype(object)
    page = Page("Risposte del modulo 1", (f"{SYNTHETIC} - questionari {survey}",),
                tuple(body.columns), body.where(body.notna(), None))  # fmt: skip
    path = folder / RAW / "questionari" / f"questionari {survey} {SYNTHETIC}.xlsx"
    write_book(path, [page])
    ledger.place(f"{RAW}/questionari/{path.name}", page, Marks())


def _about(world: World, people: pd.DataFrame) -> pd.DataFrame:
    cells = people.assign(
        ambito_id=people["ambito_id"].map(ambito_names(world)),
        ente_id=people["ente_id"].map(body_names(world)),
        lingua_questionario=people["lingua_questionario"].map(language_names()),
        compilato_con_mediatore=people["compilato_con_mediatore"].map(
            YES_NO.get, na_action="ignore"
        ),
        **{
            name: spoil.titled(people[name].to_numpy(dtype=object), lista)
            for name, lista in TITLED.items()
        },
    )
    return cells.rename(columns={column: question for question, column in FIXED.items()})[
        list(FIXED)
    ].copy()


def _write_double_coding(folder: Path, world: World, ledger: Ledger) -> None:
    """Write the sample of interventions with both coders' codes, one row an intervention."""
    wide = world.doppia_codifica.pivot(index="intervento_id", columns="variabile")
    columns = {"Codice intervento": wide.index.to_numpy(dtype=object)}
    for name, title in (("fase", "Fase"), ("orientamento", "Orientamento")):
        for coder in (1, 2):
            codes = wide[f"codice_{coder}", name].to_numpy(dtype=object)
            columns[f"{title} secondo il codificatore {coder}"] = spoil.titled(codes, name)
    body = pd.DataFrame(columns, index=np.arange(len(wide)))
    save_table(folder, "doppia_codifica", "Campione", body, ledger)
