"""The synthetic study as clean tidy tables: what perfect cleaning of its files would give."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from bgest_analysis.example import bodies, recipients, territory
from bgest_analysis.example.draws import Bools, Texts, by_position, known, stream, texts
from bgest_analysis.example.effects import INTEGRATED, wrong_code
from bgest_analysis.example.management import action_of
from bgest_analysis.example.parameters import (
    CASES_RECORDED_FROM,
    MODEL_RECORDED_FROM,
    SEED,
    Parameters,
)
from bgest_analysis.example.people import CITIZENSHIPS
from bgest_analysis.example.recipients import case_ids, record_ids
from bgest_analysis.example.world import World, build_world
from bgest_analysis.schema.model import Table
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.vocabulary.load import is_ue, read_list

FILE = "DATI SINTETICI"
MINUTES = ("minuti_frontali", "minuti_viaggio", "minuti_backoffice")
PHASES = ("segnalazione", *INTEGRATED, "attuazione")
_PARTIAL = re.compile(r"\d{4}(-\d{2})?")


def make_tables(
    seed: int = SEED, scale: float = 1.0, parameters: Parameters | None = None
) -> dict[str, pd.DataFrame]:
    """Return the tidy tables of a synthetic study by name, each as its schema wants it.

    Parameters
    ----------
    seed, scale
        Same seed and scale, same tables; scale 1 is about 1,500 interventions.
    parameters
        What is true (effects, shares); the default's values stand in ``truth.json`` too.

    Notes
    -----
    As in a real study, ``fase`` and ``orientamento`` are registered from July 2020 and
    ``caso_id`` and ``autonomia_0_3`` from July 2019; before, the phase is derived (wrong in a
    known share) and the rest is missing. ``impronte_persone`` and ``permessi_provincia`` are
    not made.
    """
    return world_tables(build_world(scale, seed, parameters))


def world_tables(world: World) -> dict[str, pd.DataFrame]:
    """Return the tidy tables of a world already built."""
    frames = {
        **_territory(world),
        **_network(world),
        "mediatori": _mediators(world),
        "interventi": interventions(world),
        "destinatari": recipients.recipients(world),
        "servizi_ricevuti": recipients.services(world),
        "coppie_persone": recipients.pairs(world),
        "attivita": world.attivita,
        "indicatori": world.indicatori,
        "budget": world.budget,
        "timesheet": world.timesheet,
        "questionari": world.questionari,
        "codifiche_qual": world.codifiche,
        "doppia_codifica": double_coding(world),
    }
    return {name: conform(frame, TABLES[name]) for name, frame in sorted(frames.items())}


def double_coding(world: World) -> pd.DataFrame:
    """Return the double-coded sample, one row an intervention; a simple one, without strata."""
    parts = [
        part.set_index("intervento_id")[["codice_1", "codice_2"]].set_axis(
            [f"{name}_1", f"{name}_2"], axis=1
        )
        for name, part in world.doppia_codifica.groupby("variabile", sort=True)
    ]
    return pd.concat(parts, axis=1).reset_index()


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return a frame with the table's columns, order and types; what it lacks is missing."""
    filled = frame.reindex(columns=table.column_names).reset_index(drop=True)
    if "fonte_file" in filled:
        filled["fonte_file"] = f"{FILE}/{table.name}"
        filled["fonte_riga"] = np.arange(len(filled)) + 1
    return filled.astype({column.name: column.dtype for column in table.columns})


def _territory(world: World) -> Mapping[str, pd.DataFrame]:
    places = world.territorio
    return {
        "ambiti": places.ambiti.assign(alias=None),
        "comuni": places.comuni,
        "popolazione": _population(places.popolazione),
        "stranieri_provincia": territory_by_country(world),
        "stranieri_province": foreigners_of_province(world),
        "redditi": territory.incomes(world.seed, places),
        "slide_incidenza": territory.slide_shares(places),
    }


def _population(wide: pd.DataFrame) -> pd.DataFrame:
    named = wide.rename(columns={"residenti": "tutti"})
    keys = ["cod_istat", "anno", "stato_dato"]
    long = named.melt(keys, ["tutti", "stranieri"], "cittadinanza", "n")
    return long.assign(sesso="T", eta="tot").sort_values(
        ["cod_istat", "anno", "cittadinanza"], ignore_index=True
    )


def foreigners_of_province(world: World) -> pd.DataFrame:
    """Return foreigners and EU citizens of the invented province in the reference year."""
    people = world.territorio.popolazione.query(f"anno == {territory.REFERENCE_YEAR}")
    total = int(people["stranieri"].sum())
    return pd.DataFrame(
        {
            "cod_provincia": [territory.PROVINCE],
            "anno": territory.REFERENCE_YEAR,
            "stranieri": total,
            "stranieri_ue": round(total * territory.EU_SHARE),
        }
    )


def territory_by_country(world: World) -> pd.DataFrame:
    """Return foreigners by citizenship and sex (M, F, T), adding up to the province's total."""
    total = foreigners_of_province(world).iloc[0]
    counts = _by_country(int(total["stranieri"]), int(total["stranieri_ue"]))
    men = {code: round(n * 0.49) for code, n in counts.items()}
    rows = [
        (code, sex, n)
        for code, n in counts.items()
        for sex, n in (("F", n - men[code]), ("M", men[code]), ("T", n))
    ]
    names = read_list("paesi").set_index("iso3")["nome_it"]
    day = f"{territory.REFERENCE_YEAR}-01-01"
    table = pd.DataFrame(rows, columns=["cittadinanza_iso3", "sesso", "n"])
    return table.assign(
        cod_provincia=territory.PROVINCE,
        anno=territory.REFERENCE_YEAR,
        come_scritto=table["cittadinanza_iso3"].map(names),
        ue=[is_ue(code, day) for code in table["cittadinanza_iso3"]],
    )


def _by_country(total: int, european: int) -> dict[str, int]:
    counts = {"ROU": round(european * 0.8)}
    counts["POL"] = european - counts["ROU"]
    third = total - european
    shares = CITIZENSHIPS
    counts |= {code: int(third * share) for code, share in shares.items()}
    counts["MAR"] += total - sum(counts.values())
    return dict(sorted(counts.items()))


def _network(world: World) -> Mapping[str, pd.DataFrame]:
    nodes = bodies.theory_nodes().rename(columns={"tipo": "tipo_nodo"})
    events = bodies.events().rename(columns={"tipo": "tipo_evento"})
    for name in ("data_inizio", "data_fine"):
        events[name] = _first_days(events[name])
    projects = bodies.projects().rename(
        columns={"capofila": "ente_capofila", "target": "destinatari_progetto"}
    )
    for name in ("dal", "al"):
        projects[name] = _first_days(projects[name])
    seats = bodies.seats(world.territorio).assign(dal=None, al=None)
    return {
        "enti": _blank_to_missing(world.enti.rename(columns={"tipo": "tipo_ente"})),
        "composizione_organi": seats,
        "teoria_nodi": _blank_to_missing(nodes.rename(columns={"origine": "origine_teoria"})),
        "teoria_nessi": bodies.theory_links().rename(columns={"origine": "origine_teoria"}),
        "eventi": _blank_to_missing(events),
        "progetti": _blank_to_missing(projects),
        "pratiche": world.pratiche,
        "incontri": world.incontri,
        "presenze": world.presenze,
        "relazioni": world.relazioni,
        "proposte": world.proposte,
    }


def _first_days(dates: pd.Series) -> pd.Series:
    """Return dates; a month or a year counts from its first day."""
    whole = dates.map(lambda text: f"{text}-01-01"[:10] if _PARTIAL.fullmatch(text) else text)
    return pd.to_datetime(whole.where(whole != ""), format="%Y-%m-%d")


def _blank_to_missing(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.replace({"": None})


def _mediators(world: World) -> pd.DataFrame:
    return world.mediatori.rename(columns={"esperienza": "anni_esperienza_classe"})


def interventions(world: World) -> pd.DataFrame:
    """Return the log as registers hold it: what was recorded when, with its origin."""
    log, rng = world.log, stream(world.seed, "lacune")
    day = log["giorno"].to_numpy().astype("datetime64[D]")
    missing = world.parametri.codifica.mancanti
    case_known = _recorded(rng, day, np.datetime64(CASES_RECORDED_FROM), missing)
    case_known &= (log["caso"] >= 0).to_numpy()
    done = (~log["inevasa"]).to_numpy()
    return log.assign(
        **_model_variables(world, rng, day, done),
        data_richiesta=log["giorno"].where(log["modalita"] != "presidio_fisso"),
        mediatore_id=by_position(world.mediatori["mediatore_id"], log["mediatore"]),
        ambito_id=texts(world.territorio.ambito_ids)[log["ambito"].to_numpy()],
        lingua_raw=log["lingua"].map(recipients.language_names()),
        n_partecipanti=log["n_partecipanti"].where(done),
        **{name: log[name].where(done) for name in MINUTES},
        caso_id=known(by_position(case_ids(world), log["caso"]), case_known),
        caso_id_origine=known("registrata", case_known),
        destinatari_id=by_position(record_ids(world), log["scheda"]),
        azione=action_of(log["tipologia"]),
        fondo=log["progetto_id"].map(bodies.FUND_OF_PROJECT),
        autonomia_0_3=log["autonomia"].where(case_known & (log["autonomia"] >= 0)),
        note_flag=log["nota"],
    )


def _model_variables(
    world: World, rng: np.random.Generator, day: np.ndarray, done: Bools
) -> dict[str, Texts]:
    """Return phase and orientation with their origin; an unmet request has neither."""
    codes = world.parametri.codifica
    registered = _recorded(rng, day, np.datetime64(MODEL_RECORDED_FROM), codes.mancanti) & done
    phase: Texts = world.log["fase"].to_numpy()
    guessed = wrong_code(rng, phase, PHASES, codes.errore_fase_derivata)
    return {
        "fase": known(np.where(registered, phase, guessed), done),
        "fase_origine": known(np.where(registered, "registrata", "derivata"), done),
        "orientamento": known(world.log["orientamento"], registered),
        "orientamento_origine": known("registrata", registered),
    }


def _recorded(
    rng: np.random.Generator, day: np.ndarray, start: np.datetime64, missing: float
) -> Bools:
    return (day >= start) & (rng.random(len(day)) >= missing)
