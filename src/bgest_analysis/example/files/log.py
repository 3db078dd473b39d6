"""The log as two cooperatives would send it: their own layouts, months, notations and habits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.example.bodies import COOPS
from bgest_analysis.example.draws import by_position, known, stream, texts
from bgest_analysis.example.files import spoil
from bgest_analysis.example.files.dirt import Ledger
from bgest_analysis.example.files.log_headers import CODED, GROUPS_B, HEADERS_A, HEADERS_B
from bgest_analysis.example.files.names import ambito_forms, ambito_names, body_forms, body_names
from bgest_analysis.example.files.pages import SYNTHETIC, Formula, Page, write_book, write_text
from bgest_analysis.example.files.spoil import MONTHS, Sheet
from bgest_analysis.example.people import LANGUAGES
from bgest_analysis.example.recipients import case_code
from bgest_analysis.example.tables import MINUTES, interventions
from bgest_analysis.example.territory import names_of
from bgest_analysis.example.world import World

EXCEL_UP_TO = 5  # above this scale the registers go to text files: a sheet has 1,048,576 rows
FOLDER = "data/raw/interventi"
TEXT_REGISTER = ("COOP_B", 2019)  # an old export, cp1252, at any scale
DURATIONS = MINUTES
STYLE_OF_YEAR = {2020: "ore_sessagesimali", 2021: "ore_decimali", 2022: "ore_excel"}
NOTES = ("Richiamare", "Da confermare con il servizio", "Vedi fascicolo", "Materiali consegnati")
UNKNOWN_AMBITI = ("Ambito Esempio", "Distretto Esempio", "Ambito 5 Esempio Nord")
COUNTRIES_FOR_LANGUAGES = ("Marocco", "Senegal", "India", "Ghana", "Pakistan")


@dataclass(frozen=True)
class Register:
    """What is to be written of one cooperative in one year."""

    coop: str
    year: int
    sheet: Sheet


def write_log(folder: Path, world: World, ledger: Ledger) -> None:
    """Write the registers of interventions, cooperative by cooperative and year by year."""
    excel = world.size.scale <= EXCEL_UP_TO
    tidy = interventions(world)
    day = world.log["giorno"].dt.year
    for coop in COOPS:
        for year in range(int(day.min()), int(day.max()) + 1):
            mine = tidy[((world.log["ente_id"] == coop) & (day == year)).to_numpy()]
            rng = stream(world.seed, f"registro {coop} {year}")
            as_workbook = excel and (coop, year) != TEXT_REGISTER
            sheet = spoil.new_sheet(rng, written_cells(world, mine), excel=as_workbook)
            _write(folder, world, Register(coop, year, sheet), ledger)


def written_cells(world: World, tidy: pd.DataFrame) -> pd.DataFrame:
    """Return interventions as a careful secretary would write them: names, titles, no codes."""
    registered = (tidy["fase_origine"] == "registrata").to_numpy()
    cells = tidy[["intervento_id", "progetto_id", "data_richiesta", "data", "azione"]].assign(
        ente=tidy["ente_id"].map(body_names(world)),
        ambito=tidy["ambito_id"].map(ambito_names(world)),
        comune=tidy["cod_istat"].map(names_of(world.territorio)),
        lingua=tidy["lingua_raw"],
        mediatore=by_position(world.mediatori["nominativo"], tidy["mediatore"]),
        caso=known([case_code(k) for k in tidy["caso"]], tidy["caso_id"].notna()),
        persone=by_position(world.persone.schede["codice"], tidy["scheda"]),
        n_partecipanti=tidy["n_partecipanti"],
        autonomia_0_3=tidy["autonomia_0_3"],
        note=known(texts(NOTES)[tidy.index.to_numpy() % len(NOTES)], tidy["note_flag"]),
        _giorno=tidy["giorno"],
        _ambito=tidy["ambito_id"],
        **{name: tidy[name] for name in DURATIONS},
        **{name: spoil.titled(tidy[name].to_numpy(), lista) for name, lista in CODED.items()},
    )
    cells["fase"] = known(cells["fase"], registered)
    return _whole_numbers(cells)


def _whole_numbers(cells: pd.DataFrame) -> pd.DataFrame:
    for name in (*DURATIONS, "n_partecipanti", "autonomia_0_3"):
        cells[name] = cells[name].astype("Int64").astype(object).where(cells[name].notna(), None)
    return cells


def _write(folder: Path, world: World, register: Register, ledger: Ledger) -> None:
    sheet = register.sheet
    unmet = world.log["inevasa"].to_numpy()[sheet.cells.index.to_numpy()]
    sheet.marks.add("richiesta_inevasa", "esito", sheet.cells.index.to_numpy()[unmet])
    _spoil_common(sheet, world)
    _spoil_own(register)
    doubled = _double_rows(sheet) if len(sheet.cells) > 20 else np.zeros(0, dtype=np.int64)
    layout = _layout_a if register.coop == "COOP_A" else _layout_b
    pages = list(layout(register))
    letter = register.coop[-1]
    name = f"interventi Cooperativa Esempio {letter} {register.year} {SYNTHETIC}"
    if sheet.excel:
        path = folder / FOLDER / f"{name}.xlsx"
        write_book(path, pages)
    else:
        path = folder / FOLDER / f"{name}.csv"
        write_text(path, pages[0], "cp1252" if letter == "B" else "utf-8-sig")
    file = f"{FOLDER}/{path.name}"
    for page in pages:
        ledger.place(file, page, sheet.marks)
        _note_doubles(ledger, file, page, doubled)
        if page.hidden:
            ledger.note("foglio_nascosto", file, page.name, [1])


def _spoil_common(sheet: Sheet, world: World) -> None:
    """Plant what both cooperatives do; shares are of the rows of one register."""
    spoil.replace_forms(sheet, "ambito_variante", "ambito", 0.10, ambito_forms(world))
    spoil.replace_with(sheet, "ambito_sconosciuto", "ambito", 0.004, UNKNOWN_AMBITI)
    spoil.replace_forms(sheet, "ente_variante", "ente", 0.05, body_forms(world))
    languages = spoil.language_forms(list(dict.fromkeys(LANGUAGES.values())))
    spoil.replace_forms(sheet, "lingua_variante", "lingua", 0.06, languages)
    spoil.replace_with(sheet, "lingua_paese", "lingua", 0.008, COUNTRIES_FOR_LANGUAGES)
    for name in ("modalita", "esito", "tipologia"):
        forms = spoil.code_forms(CODED[name])
        spoil.replace_forms(sheet, "codice_alias", name, 0.06, forms)
    cancelled = sheet.cells["esito"].astype("str").str.startswith("Annullato dal").to_numpy()
    spoil.replace_with(sheet, "esito_ambiguo", "esito", 0.003, ("annullato",), cancelled)
    for name in ("comune", "canale", "utenza"):
        spoil.replace_with(sheet, "mancante_codice", name, 0.01, spoil.MISSING)
    spoil.spoil_blanks(sheet, "mediatore", 0.02)
    for name in ("data_richiesta", "data"):
        spoil.write_days(sheet, name)
    spoil.spoil_days(sheet, "data", 0.06)
    spoil.spoil_days_beyond_repair(sheet, "data", 0.004)
    spoil.replace_with(sheet, "data_sentinella", "data_richiesta", 0.004, ("01/01/0001",))


def _spoil_own(register: Register) -> None:
    """Plant what only one of the two does: A's minutes, B's hours and its encoding."""
    sheet = register.sheet
    _idem(register)
    if register.coop == "COOP_A":
        spoil.spoil_minutes(sheet, "minuti_frontali", 0.06)
        _plant_formula(sheet)
        return
    if not sheet.excel:
        spoil.spoil_encoding(sheet, "tipologia", 0.10)
    _write_hours(register)


def _idem(register: Register) -> None:
    """Write "idem" for a service that is the same in the row above of the same page."""
    sheet = register.sheet
    asked = sheet.cells["ente_richiedente_tipo"]
    same = (asked == asked.groupby(_pages_of(register)).shift()).to_numpy(dtype=bool)
    spoil.replace_with(sheet, "idem", "ente_richiedente_tipo", 0.004, ("idem",), same)


def _pages_of(register: Register) -> Any:
    """Return the sheet each row stands on: its month (A), its Ambito (B); one in a text file.

    The year in which 1,30 is an hour and a half is one sheet: a column needs some cells to say so.
    """
    cells = register.sheet.cells
    if not register.sheet.excel:
        return np.zeros(len(cells), dtype=np.int64)
    if register.coop == "COOP_A":
        return pd.DatetimeIndex(cells["_giorno"]).month.to_numpy()
    if STYLE_OF_YEAR.get(register.year) == "ore_sessagesimali":
        return np.full(len(cells), str(register.year), dtype=object)
    return cells["_ambito"].to_numpy()


def _double_rows(sheet: Sheet) -> Any:
    """Copy a few rows right below themselves; labels stay, so both are found."""
    rows = sheet.choose("intervento_id", 0.003)
    order = np.sort(np.concatenate([np.arange(len(sheet.cells)), rows]))
    sheet.cells = sheet.cells.iloc[order]
    return sheet.cells.index.to_numpy()[np.flatnonzero(np.diff(order, prepend=-1) == 0)]


def _note_doubles(ledger: Ledger, file: str, page: Page, doubled: Any) -> None:
    again = page.body.index.isin(doubled) & page.body.index.duplicated()
    ledger.note("riga_ripetuta", file, page.name, page.rows_of(np.flatnonzero(again)).tolist())


def _title(register: Register, what: str) -> tuple[str, ...]:
    coop = f"Cooperativa Esempio {register.coop[-1]}"
    return (f"{SYNTHETIC} - {coop}", f"Registro degli interventi di mediazione, {what}")


def _layout_a(register: Register) -> Iterator[Page]:
    """One sheet a month, columns in another order every year, minutes, a total below."""
    sheet = register.sheet
    headers = dict(HEADERS_A)
    names = list(headers)
    turned = names[register.year % 5 :] + names[: register.year % 5]
    if not sheet.excel:
        yield _page(register, str(register.year), sheet.cells[turned], headers)
        return
    month = _pages_of(register)
    for number, name in enumerate(MONTHS, start=1):
        body = sheet.cells[turned][month == number]
        if len(body):
            yield _page(register, name.capitalize(), body, headers)
    yield Page("Appunti", (f"{SYNTHETIC} - appunti",), ("Voce", "Testo"),
               pd.DataFrame([["prova", "foglio nascosto"]]), hidden=True)  # fmt: skip


def _plant_formula(sheet: Sheet) -> None:
    if sheet.excel and len(sheet.cells) > 20:
        rows = sheet.choose("minuti_backoffice", 1e-9)
        sheet.put("formula_senza_valore", "minuti_backoffice", rows, [Formula("=15*2")] * len(rows))


def _page(register: Register, name: str, body: pd.DataFrame, headers: dict[str, str]) -> Page:
    columns = list(body.columns)
    total: list[Any] = [None] * len(columns)
    total[0] = "TOTALE"
    if register.sheet.excel:
        total[columns.index("minuti_frontali")] = _sum(body["minuti_frontali"])
    half = (len(body) // 2,) if len(body) > 6 else ()
    return Page(
        name,
        _title(register, f"{name} {register.year}" if register.sheet.excel else name),
        tuple(headers[column] for column in columns),
        body,
        blanks=half,
        totals=(tuple(total),),
        notes=("Nota: dati inventati, nessuna persona reale.",) if len(body) > 2 else (),
    )


def _sum(minutes: pd.Series) -> int:
    return sum(value for value in minutes if isinstance(value, int))


def _layout_b(register: Register) -> Iterator[Page]:
    """One sheet an Ambito or one for all, two rows of header, hours in that year's notation."""
    sheet = register.sheet
    columns = list(HEADERS_B)
    if not sheet.excel:
        heads = {**HEADERS_B, **{name: f"Ore {HEADERS_B[name]}" for name in DURATIONS}}
        yield _page(register, str(register.year), sheet.cells[columns], heads)
        return
    place = _pages_of(register)
    for code in sorted(set(place), key=lambda text: (len(text), text)):
        body = sheet.cells[columns][place == code]
        page = _page(register, code, body, HEADERS_B)
        yield Page(
            page.name, page.titles, page.headers, page.body, GROUPS_B, page.blanks, page.totals,
            page.notes,
        )  # fmt: skip


def _write_hours(register: Register) -> None:
    """Write durations in one notation a year; outside workbooks never as Excel times."""
    sheet = register.sheet
    style = STYLE_OF_YEAR.get(register.year, "ore_miste")
    if style == "ore_excel" and not sheet.excel:
        style = "ore_miste"
    for name in DURATIONS:
        values = sheet.cells[name].to_numpy()
        rows = np.flatnonzero([isinstance(value, int) and value > 0 for value in values])
        sheet.put(style, name, rows, [_hours(sheet, style, values[row]) for row in rows])


def _hours(sheet: Sheet, style: str, minutes: int) -> object:
    if style == "ore_sessagesimali":
        # 0,10 and 0,50 would say opposite things of their column: short times keep their sign.
        return spoil.sexagesimal_hours(minutes) if minutes >= 60 else f"{minutes}'"
    if style == "ore_decimali":
        return spoil.decimal_hours(minutes)
    if style == "ore_excel":
        return spoil.excel_hours(sheet.rng, minutes)
    return spoil.mixed_hours(sheet.rng, minutes)
