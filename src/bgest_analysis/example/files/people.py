"""Registers of recipients, services and mediators, as the cooperatives would send them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from bgest_analysis.example.bodies import COOPS
from bgest_analysis.example.draws import stream
from bgest_analysis.example.files import spoil
from bgest_analysis.example.files.dirt import Ledger, Marks
from bgest_analysis.example.files.identities import Identities, build_identities
from bgest_analysis.example.files.log import EXCEL_UP_TO
from bgest_analysis.example.files.names import ambito_forms, ambito_names, body_names
from bgest_analysis.example.files.pages import SYNTHETIC, Page, write_book, write_text
from bgest_analysis.example.files.spoil import Sheet
from bgest_analysis.example.recipients import language_names, recipients
from bgest_analysis.example.world import World
from bgest_analysis.vocabulary.load import read_list

RAW = "data/raw"
UNKNOWN_HEADER = "Scadenza del permesso"  # no table has such a column
HEADERS_A = {
    "codice_utente": "Codice utente",
    "cognome": "Cognome",
    "nome": "Nome",
    "codice_fiscale": "Codice fiscale",
    "nascita": "Data di nascita",
    "sesso": "M/F",
    "cittadinanza": "Cittadinanza",
    "paese_nascita": "Paese di nascita",
    "ambito": "Ambito",
    "anno_arrivo": "Anno di arrivo in Italia",
    "titolo_soggiorno": "Titolo di soggiorno",
    "scadenza": UNKNOWN_HEADER,
    "titolo_studio": "Titolo di studio",
    "condizione_lav": "Condizione lavorativa",
    "target": "Target",
    "telefono": "Telefono",
    "consenso": "Consenso ricerca",
    "data_primo_contatto": "Data primo contatto",
}
HEADERS_B = {
    "codice_utente": "ID utente",
    "nominativo": "Cognome e nome",
    "sesso": "Sesso",
    "nascita": "Nato/a il",
    "cittadinanza": "Nazionalità",
    "ambito": "Ambito di riferimento",
    "data_primo_contatto": "Presa in carico",
    "titolo_soggiorno": "Tipo di permesso",
    "scadenza": UNKNOWN_HEADER,
    "titolo_studio": "Istruzione",
    "condizione_lav": "Situazione lavorativa",
    "anno_arrivo": "In Italia dal",
    "target": "Categoria",
    "codice_fiscale": "C.F.",
    "telefono": "Cellulare",
    "consenso": "Consenso ricerca",
}
CODED = ("titolo_soggiorno", "titolo_studio", "condizione_lav")
SENTINEL_TITLES = ("lungo_periodo", "in_rinnovo")
YES_NO = {True: "sì", False: "no"}


def write_people(folder: Path, world: World, ledger: Ledger) -> None:
    """Write the registers of recipients, the services and the list of mediators."""
    identities = build_identities(world.seed, world.persone)
    for coop in COOPS:
        _write_register(folder, world, identities, coop, ledger)
        _write_services(folder, world, identities, coop, ledger)
    _write_mediators(folder, world, ledger)


# --- recipients -----------------------------------------------------------------------------
def _register_cells(world: World, identities: Identities) -> pd.DataFrame:
    tidy = recipients(world)
    countries = read_list("paesi").set_index("iso3")["nome_it"]
    who = identities.frame
    cells = pd.DataFrame(
        {
            "codice_utente": world.persone.schede["codice"],
            "cognome": who["cognome"],
            "nome": who["nome"],
            "nominativo": who["cognome"] + " " + who["nome"],
            "codice_fiscale": who["codice_fiscale"],
            "nascita": who["nascita"],
            "sesso": tidy["sesso"],
            "cittadinanza": tidy["cittadinanza_iso3"].map(countries),
            "paese_nascita": tidy["paese_nascita"].map(countries),
            "ambito": tidy["ambito_id"].map(ambito_names(world)),
            "anno_arrivo": tidy["anno_arrivo"].astype(object),
            "scadenza": _expiries(tidy),
            "target": tidy["target"],
            "telefono": who["telefono"],
            "consenso": tidy["consenso_ricerca"].map(YES_NO),
            "data_primo_contatto": tidy["data_primo_contatto"],
        }
    )
    for name in CODED:
        cells[name] = spoil.titled(tidy[name].to_numpy(dtype=object), name)
    return cells.astype(object).where(cells.notna(), None)


def _expiries(tidy: pd.DataFrame) -> np.ndarray:
    """Return the permit's last day, 01/01/0001 where it has none yet or for good."""
    year = 2023 + np.arange(len(tidy)) % 4
    text = np.array([f"30/06/{y}" for y in year], dtype=object)
    open_ended = tidy["titolo_soggiorno"].isin(SENTINEL_TITLES).to_numpy(dtype=bool)
    text[open_ended] = "01/01/0001"
    text[tidy["titolo_soggiorno"].isna().to_numpy(dtype=bool)] = None
    return text


def _write_register(
    folder: Path, world: World, identities: Identities, coop: str, ledger: Ledger
) -> None:
    excel = world.size.scale <= EXCEL_UP_TO
    records = world.persone.schede
    cells = _register_cells(world, identities)[(records["ente_id"] == coop).to_numpy()]
    sheet = spoil.new_sheet(stream(world.seed, f"destinatari {coop}"), cells, excel=excel)
    _spoil_register(sheet, world)
    letter = coop[-1]
    headers = HEADERS_A if letter == "A" else HEADERS_B
    body = sheet.cells[list(headers)]
    title = (f"{SYNTHETIC} - Registro dei destinatari, Cooperativa Esempio {letter}",)
    page = Page("Destinatari", title, tuple(headers.values()), body,
                notes=("Nota: persone inventate.",))  # fmt: skip
    name = f"destinatari Cooperativa Esempio {letter} {SYNTHETIC}"
    file = _write_page(folder, "destinatari", name, page, excel=excel)
    marks = sheet.marks
    _mark_persons(marks, world, coop)
    ledger.place(file, page, marks)
    ledger.note("intestazione_sconosciuta", file, page.name, [page.first_row - 1], UNKNOWN_HEADER)


def _spoil_register(sheet: Sheet, world: World) -> None:
    forms = country_forms(sheet.cells["cittadinanza"], sheet.cells["sesso"])
    rows = sheet.choose("cittadinanza", 0.45, np.array([bool(f) for f in forms], dtype=bool))
    written = [forms[row][int(sheet.rng.integers(0, len(forms[row])))] for row in rows]
    sheet.put("cittadinanza_forma", "cittadinanza", rows, written)
    nigerian = (sheet.cells["cittadinanza"] == "Nigeria").to_numpy(dtype=bool)
    spoil.replace_with(
        sheet, "cittadinanza_ambigua", "cittadinanza", 0.01, ("nigeriano/Niger",), nigerian
    )
    spoil.replace_forms(sheet, "ambito_variante", "ambito", 0.10, ambito_forms(world))
    for name in CODED:
        spoil.replace_forms(sheet, "codice_alias", name, 0.10, spoil.code_forms(name))
    for name in ("nascita", "data_primo_contatto"):
        spoil.write_days(sheet, name)
        spoil.spoil_days(sheet, name, 0.05)
    spoil.replace_with(sheet, "data_sentinella", "data_primo_contatto", 0.01, ("01/01/0001",))


def country_forms(countries: pd.Series, sex: pd.Series) -> list[tuple[str, ...]]:
    """Return, for each person, other ways of writing the citizenship: demonym, codes, English."""
    table = read_list("paesi").set_index("nome_it")
    demonyms = read_list("demonimi")
    first = demonyms.drop_duplicates(["iso3", "genere_numero"])
    known = first.set_index(["iso3", "genere_numero"])["forma"]
    forms: dict[tuple[str, str], tuple[str, ...]] = {}
    for country in set(countries.dropna()):
        row = table.loc[country]
        for letter, gender in (("M", "m_s"), ("F", "f_s")):
            demonym = known.get((row["iso3"], gender), row["nome_en"])
            forms[country, letter] = (demonym, row["iso3"], row["cod_istat_stato"], row["nome_en"])
    return [forms.get(pair, ()) for pair in zip(countries, sex, strict=True)]


def _mark_persons(marks: Marks, world: World, coop: str) -> None:
    records = world.persone.schede
    mine = (records["ente_id"] == coop).to_numpy()
    double = records["doppione"].notna().to_numpy()
    marks.add("persona_doppia", "", np.flatnonzero(mine & double))
    person = records["persona"].to_numpy()
    twin = (world.persone.persone["gemello"].to_numpy() >= 0)[person] & ~double
    marks.add("gemelli", "", np.flatnonzero(mine & twin))
    outside = ~world.persone.persone["ammissibile"].to_numpy()[person]
    marks.add("fuori_target", "", np.flatnonzero(mine & outside))


def _write_page(folder: Path, table: str, name: str, page: Page, *, excel: bool) -> str:
    path = folder / RAW / table / f"{name}.{'xlsx' if excel else 'csv'}"
    if excel:
        write_book(path, [page])
    else:
        write_text(path, page, "utf-8-sig")
    return f"{RAW}/{table}/{path.name}"


# --- services and mediators -----------------------------------------------------------------
def _write_services(
    folder: Path, world: World, identities: Identities, coop: str, ledger: Ledger
) -> None:
    excel = world.size.scale <= EXCEL_UP_TO
    record = world.servizi["scheda"].to_numpy()
    mine = (world.persone.schede["ente_id"].to_numpy() == coop)[record]
    who = identities.frame.iloc[record]
    cells = pd.DataFrame(
        {
            "Codice utente": world.persone.schede["codice"].to_numpy()[record],
            "Cognome": who["cognome"].to_numpy(),
            "Nome": who["nome"].to_numpy(),
            "Progetto": world.servizi["progetto_id"],
            "Servizio ricevuto": spoil.titled(world.servizi["servizio"].to_numpy(), "servizio"),
            "Data servizio": world.servizi["data"],
            "Azione": world.servizi["azione"],
            "Ore": [spoil.decimal_hours(int(m)) for m in world.servizi["minuti"]],
        }
    )[mine]
    sheet = spoil.new_sheet(stream(world.seed, f"servizi {coop}"), cells, excel=excel)
    spoil.replace_forms(
        sheet, "codice_alias", "Servizio ricevuto", 0.10, spoil.code_forms("servizio")
    )
    spoil.write_days(sheet, "Data servizio")
    spoil.spoil_days(sheet, "Data servizio", 0.05)
    title = (f"{SYNTHETIC} - Servizi ricevuti, Cooperativa Esempio {coop[-1]}",)
    page = Page("Servizi", title, tuple(sheet.cells.columns), sheet.cells)
    name = f"servizi Cooperativa Esempio {coop[-1]} {SYNTHETIC}"
    ledger.place(
        _write_page(folder, "servizi_ricevuti", name, page, excel=excel), page, sheet.marks
    )


def _write_mediators(folder: Path, world: World, ledger: Ledger) -> None:
    languages = language_names()
    spoken = [
        " | ".join(languages[code] for code in cell.split("|"))
        for cell in world.mediatori["lingue"]
    ]
    body = pd.DataFrame(
        {
            "Cognome e nome": world.mediatori["nominativo"],
            "Cooperativa": world.mediatori["ente_id"].map(body_names(world)),
            "Lingue parlate": spoken,
            "Genere": world.mediatori["genere"],
            "Anni di esperienza": spoil.titled(
                world.mediatori["esperienza"].to_numpy(), "anni_esperienza_classe"
            ),
        }
    ).astype(object)
    page = Page("Mediatori", (f"{SYNTHETIC} - Elenco dei mediatori",), tuple(body.columns), body)
    file = _write_page(folder, "mediatori", f"mediatori {SYNTHETIC}", page, excel=True)
    ledger.place(file, page, Marks())
