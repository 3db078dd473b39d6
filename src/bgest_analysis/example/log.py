"""The log of interventions: what was asked, by whom, who went, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.example import effects
from bgest_analysis.example.adoption import adopted
from bgest_analysis.example.bodies import COOPS
from bgest_analysis.example.draws import Bools, Days, Floats, Ints, Texts, pick, stream, texts
from bgest_analysis.example.mediators import assign_mediators
from bgest_analysis.example.parameters import END, Parameters
from bgest_analysis.example.people import LANGUAGES, People
from bgest_analysis.example.requests import case_openings
from bgest_analysis.example.territory import Territory, comuni_of

REQUESTING = {
    "scuola_infanzia": 0.06, "scuola_primaria": 0.17, "secondaria_I": 0.11, "secondaria_II": 0.05,
    "cti": 0.03, "cpia": 0.03, "servizio_sociale_base": 0.18, "tutela_minori": 0.09,
    "consultorio": 0.07, "ospedale_asst": 0.07, "salute_mentale": 0.04,
    "tribunale_forze_ordine": 0.02, "sportello_stranieri": 0.04, "terzo_settore": 0.02,
    "comune_altro": 0.01, "famiglia_diretta": 0.01,
}  # fmt: skip
SCHOOLS = ("scuola_infanzia", "scuola_primaria", "secondaria_I", "secondaria_II", "cti", "cpia")
# What is done in each phase; the phase can be guessed from it, not known.
WORK_BY_PHASE = {
    "segnalazione": {"linguistica": 0.7, "orientamento_accompagnamento": 0.3},
    "lettura": {
        "incontro_familiare": 0.35, "visita_domiciliare": 0.25, "equipe_coordinamento": 0.4,
    },
    "progettazione": {"equipe_coordinamento": 0.6, "supervisione_consulenza": 0.4},
    "attuazione": {
        "linguistica": 0.40, "colloquio_scuola_famiglia": 0.28,
        "orientamento_accompagnamento": 0.18, "traduzione": 0.06, "visita_domiciliare": 0.08,
    },
    "verifica": {"incontro_familiare": 0.4, "equipe_coordinamento": 0.6},
}  # fmt: skip
GROUP_WORK = {"laboratorio_gruppo": 0.75, "attivazione_comunita": 0.25}
STAFF_WORK = {"equipe_coordinamento": 0.5, "supervisione_consulenza": 0.5}
FOR_STAFF = ("equipe_coordinamento", "supervisione_consulenza")
URGENT, FIXED_DESK = 0.08, 0.06
UNMET = {"wol": 0.14, "ben": 0.14, "twi": 0.16, "urd": 0.10, "cmn": 0.10}
UNMET_OTHERWISE = 0.04
ENDINGS = {
    "concluso": 0.62, "da_proseguire": 0.24, "rinvio_altro_servizio": 0.05,
    "utente_assente": 0.045, "annullato_ente": 0.025, "annullato_mediatore": 0.02,
}  # fmt: skip
CANCELLED = ("annullato_ente", "annullato_mediatore")
FUNDS = {"esempio_impact": 0.74, "esempio_scuola": 0.14, "esempio_comuni": 0.12}
AMBITO_WAIT_SPREAD = 1.5
AMBITO_ORIENTATION_SPREAD = 0.3
MINUTES = (60, 90, 120, 45, 75, 150, 180)
MINUTES_SHARE = (0.30, 0.22, 0.20, 0.10, 0.08, 0.06, 0.04)


@dataclass(frozen=True)
class Frame:
    """What every row of the log rests on: place, day, adoption, season of the shocks."""

    ambito: Ints
    giorno: Days
    integrato: Bools
    caso_integrato: Bools
    altri: Floats


def build_log(
    seed: int, territory: Territory, people: People, mediators: pd.DataFrame, rows: pd.DataFrame,
    dates: Days, truth: Parameters,
) -> pd.DataFrame:  # fmt: skip
    """Return the full log: every true value, the registers' gaps not yet made.

    Requests whose intervention would fall after the last day of the project are left out (they
    are open when the registers close), so the last weeks hold slightly shorter waits.
    """
    rng = stream(seed, "registro")
    base = _frame(rows, dates, truth)
    log = rows.assign(integrato=base.integrato, caso_integrato=base.caso_integrato)
    log["scheda"] = _records_of_rows(rng, rows, people)
    log = log.assign(**_what(rng, log, base, people, truth))
    log["cod_istat"] = comuni_of(territory, base.ambito, rng)
    log = log.assign(**_how(rng, log, base, truth))
    log = log.assign(**_outcome(rng, log))
    log["autonomia"] = _autonomy(rng, log, truth)
    kept = log["data"].isna() | (log["data"] <= np.datetime64(END))
    log = log[kept].sort_values(["giorno", "ambito"], kind="stable", ignore_index=True)
    log = _with_mediators(seed, log, people, mediators)
    log["intervento_id"] = [f"INT{k + 1:07d}" for k in range(len(log))]
    return log


def _with_mediators(
    seed: int, log: pd.DataFrame, people: People, mediators: pd.DataFrame
) -> pd.DataFrame:
    """Add who went and for which cooperative: a case's is the one whose record it goes under."""
    chosen = assign_mediators(seed, log, mediators)
    asked = texts(COOPS)[stream(seed, "cooperative").integers(0, len(COOPS), len(log))]
    without_case = np.where(chosen < 0, asked, mediators["ente_id"].to_numpy()[chosen])
    record = log["scheda"].to_numpy()
    owner = people.schede["ente_id"].to_numpy()[record]
    return log.assign(mediatore=chosen, ente_id=np.where(record < 0, without_case, owner))


def _frame(rows: pd.DataFrame, dates: Days, truth: Parameters) -> Frame:
    ambito = rows["ambito"].to_numpy()
    days = rows["giorno"].to_numpy().astype("datetime64[D]")
    surge = effects.ukraine_intensity(days, truth.ucraina)
    delay = np.where(rows["sfollati"], 0.0, truth.ucraina.attesa_altri_giorni * surge)
    return Frame(
        ambito,
        days,
        adopted(dates, ambito, days),
        adopted(dates, ambito, case_openings(rows)),
        delay,
    )


def _records_of_rows(rng: np.random.Generator, rows: pd.DataFrame, people: People) -> Ints:
    """Return the record each case goes under: half of the cases of a double, the second one."""
    second = np.full(len(people.persone), -1, dtype=np.int64)
    doubles = people.schede[people.schede["doppione"].notna()]
    second[doubles["persona"].to_numpy()] = doubles.index.to_numpy()
    case, person = rows["caso"].to_numpy(), rows["persona"].to_numpy()
    coin = rng.random(max(int(case.max(initial=-1)) + 1, 1)) < 0.5
    use_second = (person >= 0) & coin[case] & (second[person] >= 0)
    return np.where(use_second, second[person], person)


def _what(
    rng: np.random.Generator, log: pd.DataFrame, base: Frame, people: People, truth: Parameters
) -> dict[str, Texts]:
    """Return phase, orientation, kind of work, language, who asks and for whom."""
    n = len(log)
    alone = log["caso"].to_numpy() < 0
    phase = effects.phase(rng, base.integrato, truth.modello)
    integrated = np.isin(phase, list(effects.INTEGRATED))
    apart = np.where(integrated, pick(rng, STAFF_WORK, n), pick(rng, GROUP_WORK, n))
    work = np.where(alone, apart, _work(rng, phase))
    deviation = rng.normal(0, AMBITO_ORIENTATION_SPREAD, int(base.ambito.max()) + 1)[base.ambito]
    staff = np.isin(work, FOR_STAFF)
    family = rng.random(n) < 0.35
    users = np.where(family, "familiare", "individuale")
    return {
        "fase": phase,
        "orientamento": effects.orientation(rng, base.integrato, deviation, truth.modello),
        "tipologia": work,
        "lingua": _language(rng, log, people),
        "ente_richiedente_tipo": _requesting(rng, log, work),
        "utenza": np.where(alone, np.where(staff, "operatori", "gruppo"), users),
    }


def _work(rng: np.random.Generator, phase: Texts) -> Texts:
    work = np.empty(len(phase), dtype=object)
    for name, shares in WORK_BY_PHASE.items():
        mine = phase == name
        work[mine] = pick(rng, shares, int(mine.sum()))
    return work


def _language(rng: np.random.Generator, log: pd.DataFrame, people: People) -> Texts:
    """Return the language: the person's own, or that of anybody the request can be about."""
    country = people.persone["cittadinanza"].to_numpy()
    spoken = texts([LANGUAGES[code] for code in country])
    person = log["persona"].to_numpy()
    drawn = rng.integers(0, len(country), len(log))
    fleeing, theirs = log["sfollati"].to_numpy(), people.persone["sfollato"].to_numpy()
    anyone = np.where(fleeing, _among(drawn, theirs), _among(drawn, ~theirs))
    language = spoken[np.where(person >= 0, person, anyone)]
    russian = (language == "ukr") & (rng.random(len(log)) < 0.15)
    return np.where(russian, "rus", language)


def _among(drawn: Ints, fitting: Bools) -> Ints:
    """Return the drawn persons, those who do not fit replaced by ones who do (if any does)."""
    pool = np.flatnonzero(fitting if fitting.any() else np.ones_like(fitting))
    return np.where(fitting[drawn], drawn, pool[drawn % len(pool)])


def _requesting(rng: np.random.Generator, log: pd.DataFrame, work: Texts) -> Texts:
    """Return who asks: the same service for all of a case; a school for school meetings."""
    case = log["caso"].to_numpy()
    by_case = pick(rng, REQUESTING, int(case.max(initial=-1)) + 2)
    asked = np.where(case >= 0, by_case[case], pick(rng, REQUESTING, len(log)))
    at_school = (work == "colloquio_scuola_famiglia") & ~np.isin(asked, SCHOOLS)
    schools = {name: REQUESTING[name] for name in SCHOOLS}
    return np.where(at_school, pick(rng, schools, len(log)), asked)


def _how(
    rng: np.random.Generator, log: pd.DataFrame, base: Frame, truth: Parameters
) -> dict[str, Any]:
    """Return mode, channel, wait, minutes, fund, cooperative and number of participants."""
    n = len(log)
    mode = _mode(rng, base.integrato, truth)
    remote = rng.random(n) < effects.remote_share(base.giorno, truth.covid)
    channel = np.where(remote, np.where(rng.random(n) < 0.6, "telefono", "video"), "presenza")
    channel = np.where(log["tipologia"] == "traduzione", "scritto", channel)
    n_ambiti = int(base.ambito.max()) + 1
    mean = effects.MEAN_WAIT_DAYS + rng.uniform(-1, 1, n_ambiti) * AMBITO_WAIT_SPREAD
    wait = effects.wait_days(
        rng, mean[base.ambito], base.integrato, mode == "urgente", base.altri, truth.modello
    )
    desk = mode == "presidio_fisso"
    return {
        "modalita": mode,
        "canale": channel,
        "attesa": np.where(desk, 0, wait),
        "data": base.giorno + np.where(desk, 0, wait).astype("timedelta64[D]"),
        "minuti_frontali": np.array(MINUTES)[_index(rng, MINUTES_SHARE, n)],
        "minuti_viaggio": np.where(channel == "presenza", rng.integers(1, 6, n) * 10, 0),
        "minuti_backoffice": rng.integers(0, 4, n) * 15,
        "progetto_id": pick(rng, FUNDS, n),
        "n_partecipanti": _participants(rng, log["utenza"].to_numpy()),
        "nota": rng.random(n) < 0.2,
    }


def _index(rng: np.random.Generator, shares: tuple[float, ...], n: int) -> Ints:
    return np.minimum(np.searchsorted(np.cumsum(shares), rng.random(n)), len(shares) - 1)


def _mode(rng: np.random.Generator, integrated: Bools, truth: Parameters) -> Texts:
    """Return the mode: planned among planned and on call with ``quota_programmata``."""
    before, after = truth.modello.quota_programmata
    planned = rng.random(len(integrated)) < np.where(integrated, after, before)
    other = rng.random(len(integrated))
    mode = np.where(planned, "programmata", "a_chiamata")
    mode = np.where(other < URGENT, "urgente", mode)
    return np.where(other > 1 - FIXED_DESK, "presidio_fisso", mode)


def _participants(rng: np.random.Generator, users: Texts) -> Ints:
    n = len(users)
    group, family = rng.integers(6, 22, n), rng.integers(2, 6, n)
    staff = rng.integers(2, 8, n)
    count = np.where(users == "gruppo", group, np.where(users == "familiare", family, 1))
    return np.where(users == "operatori", staff, count)


def _outcome(rng: np.random.Generator, log: pd.DataFrame) -> dict[str, Any]:
    """Return how each request ended; those unmet keep their row, without day or minutes.

    True probability of ``non_coperto``: by language, 4% where ``UNMET`` says nothing.
    """
    n = len(log)
    chance = log["lingua"].map(UNMET).fillna(UNMET_OTHERWISE).to_numpy(dtype=float)
    desk = (log["modalita"] == "presidio_fisso").to_numpy()
    uncovered = (rng.random(n) < chance) & ~desk
    ending = np.where(uncovered, "non_coperto", pick(rng, ENDINGS, n))
    unmet = uncovered | np.isin(ending, CANCELLED)
    absent = ending == "utente_assente"
    done = log["data"].where(~unmet)
    return {
        "esito": ending,
        "inevasa": unmet,
        "data": done,
        "minuti_frontali": np.where(unmet | absent, 0, log["minuti_frontali"]),
        "minuti_viaggio": np.where(unmet, 0, log["minuti_viaggio"]),
        "minuti_backoffice": np.where(unmet, 0, log["minuti_backoffice"]),
    }


def _autonomy(rng: np.random.Generator, log: pd.DataFrame, truth: Parameters) -> Ints:
    """Return autonomy at each contact that took place in a case, -1 elsewhere.

    Progress goes from 0 to 1 over the contacts that took place, in the order of their days.
    """
    result = np.full(len(log), -1, dtype=np.int64)
    seen = log[(log["caso"] >= 0) & ~log["inevasa"]].sort_values(["caso", "data", "giorno"])
    group = seen.groupby("caso")
    last = group["giorno"].transform("size").to_numpy() - 1
    progress = group.cumcount().to_numpy() / np.maximum(last, 1)
    low, high = effects.BASE_AUTONOMY
    base = rng.uniform(low, high, int(log["caso"].max()) + 1)[seen["caso"].to_numpy()]
    result[seen.index.to_numpy()] = effects.autonomy(
        rng, base, progress, seen["caso_integrato"].to_numpy(), truth.modello
    )
    return result
