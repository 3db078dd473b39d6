"""Activities, quarterly sheets, budget and timesheets, as an administration would keep them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from bgest_analysis.example.bodies import COOPS
from bgest_analysis.example.draws import stream
from bgest_analysis.example.files import spoil
from bgest_analysis.example.files.dirt import Ledger, Marks
from bgest_analysis.example.files.log import EXCEL_UP_TO
from bgest_analysis.example.files.names import body_names
from bgest_analysis.example.files.network import RAW, save_table
from bgest_analysis.example.files.pages import (
    MINUTES_OF_A_DAY,
    SYNTHETIC,
    Page,
    Typed,
    write_book,
    write_text,
)
from bgest_analysis.example.files.spoil import MONTHS
from bgest_analysis.example.world import World

PLAN_VERSIONS = {"approvato": "Piano approvato", "rimod_1": "Rimodulazione 1"}
INDICATOR_HEADERS = {
    "codice": "Codice indicatore",
    "trimestre": "Trimestre di riferimento",
    "versione": "Versione",
    "valore_atteso": "Valore atteso",
    "valore_realizzato": "Valore conseguito",
    "unita": "Unità di misura",
    "cumulato": "Cumulato",
    "fonte_verifica": "Fonte di verifica",
}


def write_admin(folder: Path, world: World, ledger: Ledger) -> None:
    """Write attivita, indicatori, budget and timesheet."""
    _write_activities(folder, world, ledger)
    for year, rows in world.indicatori.groupby(world.indicatori["trimestre"].str[:4], sort=True):
        _write_indicators(folder, world, str(year), rows, ledger)
    _write_budget(folder, world, ledger)
    for coop in COOPS:
        _write_timesheets(folder, world, coop, ledger)


def _write_activities(folder: Path, world: World, ledger: Ledger) -> None:
    made = world.attivita
    cells = pd.DataFrame(
        {
            "Codice WBS": made["attivita_id"],
            "Azione": made["azione"],
            "Titolo attività": made["titolo"],
            "Ente": made["ente_id"].map(body_names(world)),
            "Inizio previsto": made["data_inizio_prevista"],
            "Fine prevista": made["data_fine_prevista"],
            "Inizio effettivo": made["data_inizio_effettiva"],
            "Fine effettiva": made["data_fine_effettiva"],
            "Quantità prevista": made["n_previsto"],
            "Quantità realizzata": made["n_realizzato"],
        }
    )
    sheet = spoil.new_sheet(stream(world.seed, "foglio attivita"), cells, excel=True)
    for name in ("Inizio previsto", "Fine prevista", "Inizio effettivo", "Fine effettiva"):
        spoil.write_days(sheet, name)
    save_table(folder, "attivita", "Piano delle attività", sheet.cells, ledger, sheet.marks)


# --- quarterly sheets -----------------------------------------------------------------------
def _write_indicators(
    folder: Path, world: World, year: str, rows: pd.DataFrame, ledger: Ledger
) -> None:
    """Write one sheet a quarter and version: a reopened quarter has two."""
    path = folder / RAW / "indicatori" / f"scheda trimestrale {year} {SYNTHETIC}.xlsx"
    pages, marks = [], _odd_indicators(world)
    for (quarter, version), part in rows.groupby(["trimestre", "versione"], sort=True):
        again = "" if version == 1 else f" riaperta {version}"
        cells = part[list(INDICATOR_HEADERS)].astype(object)
        cells["cumulato"] = "sì"
        title = f"{SYNTHETIC} - Scheda trimestrale {quarter}{again}, scheda fisica"
        pages.append(
            Page(f"{str(quarter)[-2:]}{again}", (title,), tuple(INDICATOR_HEADERS.values()), cells)
        )
    write_book(path, pages)
    for page in pages:
        ledger.place(f"{RAW}/indicatori/{path.name}", page, marks)


def _odd_indicators(world: World) -> Marks:
    """Mark the rows that came back in a second version, and the one that decreases."""
    marks, rows = Marks(), world.indicatori
    again = (rows["versione"] > 1).to_numpy(dtype=bool)
    marks.add("scheda_riaperta", "valore_realizzato", rows.index.to_numpy()[again])
    odd = world.stranezze[world.stranezze["stranezza"] == "decrescente"]
    key = pd.MultiIndex.from_frame(rows[["codice", "trimestre"]])
    lower = key.isin(pd.MultiIndex.from_frame(odd[["codice", "trimestre"]])) & ~again
    marks.add("cumulato_decrescente", "valore_realizzato", rows.index.to_numpy()[lower])
    return marks


# --- budget ---------------------------------------------------------------------------------
def _write_budget(folder: Path, world: World, ledger: Ledger) -> None:
    pages = []
    cells = _budget_cells(world)
    sheet = spoil.new_sheet(stream(world.seed, "foglio budget"), cells, excel=True)
    for name in ("Importo", "Importo rendicontato"):
        _write_amounts(sheet, name)
    spoil.write_days(sheet, "Data pagamento")
    _mark_over_runs(sheet.marks, world)
    version = world.budget["versione_budget"]
    common = ["Voce di costo", "Descrizione", "Ente", "Progetto"]
    for code, title in PLAN_VERSIONS.items():
        body = sheet.cells[(version == code).to_numpy()][[*common, "Versione", "Importo"]]
        pages.append(_budget_page(title, body))
    paid = [*common, "Data pagamento", "Importo rendicontato", "Quota UE", "Quota nazionale"]
    pages.append(_budget_page("Spese", sheet.cells[version.isna().to_numpy()][paid]))
    path = folder / RAW / "budget" / f"piano finanziario {SYNTHETIC}.xlsx"
    write_book(path, pages)
    for page in pages:
        ledger.place(f"{RAW}/budget/{path.name}", page, sheet.marks)


def _budget_cells(world: World) -> pd.DataFrame:
    lines = world.budget
    return pd.DataFrame(
        {
            "Voce di costo": spoil.titled(lines["voce"].to_numpy(), "voce"),
            "Descrizione": lines["sottovoce"],
            "Ente": lines["ente_id"].map(body_names(world)),
            "Progetto": lines["progetto_id"],
            "Versione": lines["versione_budget"],
            "Importo": lines["importo_eur"],
            "Data pagamento": lines["data_spesa"],
            "Importo rendicontato": lines["importo_rendicontato_eur"],
            "Quota UE": lines["quota_ue_eur"],
            "Quota nazionale": lines["quota_naz_eur"],
        }
    )


def _budget_page(title: str, body: pd.DataFrame) -> Page:
    total = ("TOTALE", *[None] * (body.shape[1] - 1))
    above = (f"{SYNTHETIC} - {title}", "Importi in euro")
    return Page(title, above, tuple(body.columns), body, totals=(total,))


def _write_amounts(sheet: spoil.Sheet, column: str) -> None:
    """Write a fifth of the amounts as Italian text: 1.234,56 €."""
    rows = sheet.choose(column, 0.1)
    amounts = [float(value) for value in sheet.cells[column].iloc[rows]]
    sheet.put("importo_forma", column, rows, [italian_amount(amount) for amount in amounts])


def italian_amount(amount: float) -> str:
    """Return 1234.5 as "1.234,50 €"."""
    return f"{amount:,.2f} €".translate(str.maketrans(",.", ".,"))


def _mark_over_runs(marks: Marks, world: World) -> None:
    lines = world.budget
    over = lines["sottovoce"].isin(world.sforamenti["sottovoce"])
    last = lines["versione_budget"] == "rimod_1"
    marks.add("oltre_budget", "Importo", lines.index[over & last])


# --- timesheets -----------------------------------------------------------------------------
def _write_timesheets(folder: Path, world: World, coop: str, ledger: Ledger) -> None:
    sums = world.timesheet
    mine = (world.mediatori["ente_id"].to_numpy() == coop)[sums["mediatore"].to_numpy()]
    excel = world.size.scale <= EXCEL_UP_TO
    marks = _odd_timesheets(world)
    for year, part in sums[mine].groupby(sums["mese"].str[:4], sort=True):
        body = _timesheet_cells(world, part, marks, excel=excel)
        title = f"{SYNTHETIC} - Fogli ore {year}, Cooperativa Esempio {coop[-1]}"
        page = Page("Fogli ore", (title,), tuple(body.columns), body)
        name = f"fogli ore Cooperativa Esempio {coop[-1]} {year} {SYNTHETIC}"
        path = folder / RAW / "timesheet" / f"{name}.{'xlsx' if excel else 'csv'}"
        if excel:
            write_book(path, [page])
        else:
            write_text(path, page, "utf-8-sig")
        ledger.place(f"{RAW}/timesheet/{path.name}", page, marks)


def _timesheet_cells(
    world: World, part: pd.DataFrame, marks: Marks, *, excel: bool
) -> pd.DataFrame:
    minutes = part["minuti"].to_numpy()
    hours = [_hours(int(m), k, excel=excel) for k, m in enumerate(minutes)]
    if excel:
        lost = [isinstance(h, Typed) and h.number_format == "h:mm" and h.value > 1 for h in hours]
        marks.add("ore_giorno_perso", "Ore", part.index.to_numpy()[np.array(lost, dtype=bool)])
    months = [f"{MONTHS[int(m[5:]) - 1]} {m[:4]}" for m in part["mese"]]
    return pd.DataFrame(
        {
            "Cognome e nome": world.mediatori["nominativo"].to_numpy()[part["mediatore"]],
            "Mese": months,
            "Progetto": part["progetto_id"].to_numpy(),
            "Codice attività": part["attivita_id"].to_numpy(),
            "Ore": pd.Series(hours, dtype=object).to_numpy(),
        },
        index=part.index,
    )


def _hours(minutes: int, row: int, *, excel: bool) -> object:
    """Return hours as Excel durations; long ones under the format that hides a day."""
    if not excel:
        return spoil.clock(minutes)
    form = "h:mm" if row % 2 or minutes > MINUTES_OF_A_DAY else "[h]:mm"
    return Typed(minutes / MINUTES_OF_A_DAY, form)


def _odd_timesheets(world: World) -> Marks:
    marks, sums = Marks(), world.timesheet
    marks.add("foglio_ore_diverso", "Ore", sums.index[sums["minuti"] != sums["registro"]])
    return marks
