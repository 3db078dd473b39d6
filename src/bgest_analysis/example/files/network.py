"""Meetings, attendance grids, ties, proposals and practices, as minutes and forms give them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.example.draws import stream
from bgest_analysis.example.files import spoil
from bgest_analysis.example.files.dirt import Ledger, Marks
from bgest_analysis.example.files.names import ambito_names, body_forms, body_names
from bgest_analysis.example.files.pages import SYNTHETIC, Page, write_book
from bgest_analysis.example.world import World

RAW = "data/raw"
GRID_UNTIL = 2021  # attendance is a grid up to this year, then a list


def write_network(folder: Path, world: World, ledger: Ledger) -> None:
    """Write incontri, presenze, relazioni, proposte and pratiche."""
    _write_meetings(folder, world, ledger)
    for year in range(2019, GRID_UNTIL + 1):
        _write_grid(folder, world, year)
    _write_list(folder, world, ledger)
    _write_ties(folder, world, ledger)
    _write_proposals(folder, world, ledger)
    _write_practices(folder, world, ledger)


def save_table(
    folder: Path, table: str, title: str, body: pd.DataFrame, ledger: Ledger,
    marks: Marks | None = None,
) -> None:  # fmt: skip
    """Write one workbook of one sheet, and note what was planted in it."""
    page = Page("Foglio1", (f"{SYNTHETIC} - {title}",), tuple(body.columns), body)
    path = folder / RAW / table / f"{table} {SYNTHETIC}.xlsx"
    write_book(path, [page])
    ledger.place(f"{RAW}/{table}/{path.name}", page, marks or Marks())


def _write_meetings(folder: Path, world: World, ledger: Ledger) -> None:
    meetings = world.incontri
    titles = spoil.code_titles("tema")
    subjects = [
        " | ".join(titles[code] for code in cell.split("|")) for cell in meetings["odg_temi"]
    ]
    hours = [spoil.clock(int(minutes)) for minutes in meetings["durata_minuti"]]
    cells = pd.DataFrame(
        {
            "Codice incontro": meetings["incontro_id"],
            "Data incontro": meetings["data"],
            "Tipo di incontro": spoil.titled(meetings["livello"].to_numpy(), "livello"),
            "Durata (ore)": hours,
            "Ordine del giorno": subjects,
            "Verbale sì/no": np.where(meetings["verbale"], "sì", "no"),
        }
    )
    sheet = spoil.new_sheet(stream(world.seed, "foglio incontri"), cells, excel=True)
    sheet.marks.add("ore_miste", "Durata (ore)", cells.index.to_numpy())
    spoil.write_days(sheet, "Data incontro")
    spoil.spoil_days(sheet, "Data incontro", 0.08)
    spoil.replace_forms(
        sheet, "codice_alias", "Tipo di incontro", 0.10, spoil.code_forms("livello")
    )
    save_table(folder, "incontri", "Elenco degli incontri", sheet.cells, ledger, sheet.marks)


# --- attendance -----------------------------------------------------------------------------
def _write_grid(folder: Path, world: World, year: int) -> None:
    """Write one sheet a level: bodies and roles in rows, dates in columns, X, P, numbers, A."""
    pages = []
    titles = spoil.code_titles("livello")
    ours = world.incontri[pd.DatetimeIndex(world.incontri["data"]).year == year]
    for level, meetings in ours.groupby("livello", sort=True):
        came = world.presenze[world.presenze["incontro_id"].isin(meetings["incontro_id"])]
        pages.append(_grid_page(world, titles[str(level)], meetings, came))
    write_book(folder / RAW / "presenze" / f"presenze {year} {SYNTHETIC}.xlsx", pages)


def _grid_page(world: World, level: str, meetings: pd.DataFrame, came: pd.DataFrame) -> Page:
    days = [day.strftime("%d/%m/%Y") for day in pd.DatetimeIndex(meetings["data"])]
    names, roles = body_names(world), spoil.code_titles("ruolo")
    rows: list[list[Any]] = []
    for key, group in came.groupby(["ente_id", "ruolo"], sort=True):
        there = dict(zip(group["incontro_id"], group["n_persone"], strict=True))
        marks = [_mark(there.get(code), len(rows)) for code in meetings["incontro_id"]]
        rows.append([names[str(key[0])], roles[str(key[1])], *marks])
    body = pd.DataFrame(rows).astype(object)
    above = (f"{SYNTHETIC} - Foglio presenze, {level}", "X o P presente, A assente")
    groups = (("", 1), ("", 1), (level, len(days)))
    return Page(level, above, ("Ente", "Ruolo", *days), body, groups)


def _mark(persons: float | None, row: int) -> str | None:
    if persons is None:
        return "A" if row % 3 == 0 else None
    if persons > 1:
        return str(int(persons))
    return "X" if row % 2 else "P"


def _write_list(folder: Path, world: World, ledger: Ledger) -> None:
    late = world.incontri[pd.DatetimeIndex(world.incontri["data"]).year > GRID_UNTIL]
    came = world.presenze[world.presenze["incontro_id"].isin(late["incontro_id"])]
    cells = pd.DataFrame(
        {
            "Codice incontro": came["incontro_id"],
            "Ente partecipante": came["ente_id"].map(body_names(world)),
            "Ruolo": spoil.titled(came["ruolo"].to_numpy(), "ruolo"),
            "N. presenti": came["n_persone"].astype(object),
        }
    )
    sheet = spoil.new_sheet(stream(world.seed, "elenco presenze"), cells, excel=True)
    spoil.replace_forms(sheet, "ente_variante", "Ente partecipante", 0.12, body_forms(world))
    spoil.replace_forms(sheet, "codice_alias", "Ruolo", 0.08, spoil.code_forms("ruolo"))
    save_table(folder, "presenze", "Presenze agli incontri", sheet.cells, ledger, sheet.marks)


# --- ties, proposals, practices -------------------------------------------------------------
def _write_ties(folder: Path, world: World, ledger: Ledger) -> None:
    names, ties = body_names(world), world.relazioni
    body = pd.DataFrame(
        {
            "Ente rispondente": ties["da_ente"].map(names),
            "Ente partner": ties["a_ente"].map(names),
            "Onda": spoil.titled(ties["onda"].to_numpy(), "onda"),
            "Relazione": spoil.titled(ties["tipo_relazione"].to_numpy(), "tipo_relazione"),
            "Frequenza": ties["frequenza"].astype(object),
            "Fiducia": ties["fiducia"],
        }
    ).astype(object)
    save_table(folder, "relazioni", "Questionario di rete", body, ledger)


def _write_proposals(folder: Path, world: World, ledger: Ledger) -> None:
    made = world.proposte
    cells = pd.DataFrame(
        {
            "Proposta": made["proposta_id"],
            "Tema": spoil.titled(made["tema"].to_numpy(), "tema"),
            "Incontro d'origine": made["incontro_origine"],
            "Data": made["data"],
            "Incontro di Cabina": made["incontro_cabina"],
            "Esito della proposta": spoil.titled(
                made["esito_proposta"].to_numpy(), "esito_proposta"
            ),
            "Data dell'esito": made["data_esito"],
        }
    )
    sheet = spoil.new_sheet(stream(world.seed, "foglio proposte"), cells, excel=True)
    for name in ("Data", "Data dell'esito"):
        spoil.write_days(sheet, name)
    spoil.spoil_days(sheet, "Data", 0.10)
    save_table(folder, "proposte", "Proposte dell'Équipe", sheet.cells, ledger, sheet.marks)


def _write_practices(folder: Path, world: World, ledger: Ledger) -> None:
    found = world.pratiche
    names = ambito_names(world)
    cells = pd.DataFrame(
        {
            "Pratica": found["pratica_id"],
            "Ambito": found["ambito_id"].map(names),
            "Componente del modello": spoil.titled(found["componente"].to_numpy(), "componente"),
            "Data di adozione": found["data_adozione"],
            "Evidenza": spoil.titled(found["evidenza"].to_numpy(), "evidenza"),
            "Strumento formale": np.where(found["strumento_formale"], "sì", "no"),
        }
    )
    sheet = spoil.new_sheet(stream(world.seed, "foglio pratiche"), cells, excel=True)
    spoil.write_days(sheet, "Data di adozione")
    spoil.spoil_days(sheet, "Data di adozione", 0.08)
    save_table(folder, "pratiche", "Pratiche adottate", sheet.cells, ledger, sheet.marks)
