"""Activities, timesheets, budget and quarterly indicators of the synthetic project."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.example.bodies import LEAD, PROJECT
from bgest_analysis.example.draws import Ints, stream
from bgest_analysis.example.parameters import END, START, Parameters

ACTIVITIES = (
    ("WP1.1", "01", "Mediazione nelle scuole", "COOP_A", 800),
    ("WP1.2", "01", "Laboratori in classe", "COOP_B", 60),
    ("WP1.3", "01", "Formazione dei docenti", "COOP_A", 12),
    ("WP2.1", "02", "Mediazione nei servizi sociali", "COOP_A", 700),
    ("WP2.2", "02", "Mediazione nei servizi sanitari", "COOP_B", 300),
    ("WP2.3", "02", "Lettura e progettazione congiunta", "COOP_A", 200),
    ("WP3.1", "03", "Sportelli informativi", "COOP_B", 150),
    ("WP3.2", "03", "Materiali in più lingue", "COOP_B", 20),
    ("WP4.1", "04", "Lavoro di comunità", "COOP_A", 40),
    ("WP4.2", "04", "Associazioni di cittadini", "COOP_B", 12),
    ("WP5.1", "02", "Coordinamento della rete", "CAPO", 60),
    ("WP5.2", "02", "Valutazione", "UNI", 4),
)
ACTION_OF_WORK = {
    "colloquio_scuola_famiglia": "01",
    "laboratorio_gruppo": "01",
    "attivazione_comunita": "04",
    "orientamento_accompagnamento": "03",
}
ACTIVITY_OF_ACTION = {"01": "WP1.1", "02": "WP2.1", "03": "WP3.1", "04": "WP4.1"}
PLAN = (  # heading, line, body, approved for a study of scale 1
    ("A", "Coordinamento", LEAD, 42_000),
    ("A", "Mediatori Cooperativa A", "COOP_A", 78_000),
    ("A", "Mediatori Cooperativa B", "COOP_B", 64_000),
    ("B", "Viaggi Cooperativa A", "COOP_A", 5_400),
    ("B", "Viaggi Cooperativa B", "COOP_B", 4_600),
    ("E", "Materiali e stampe", "COOP_B", 3_500),
    ("F", "Valutazione", "UNI", 18_000),
    ("G", "Revisore indipendente", LEAD, 6_000),
    ("I", "Spese per i destinatari", "COOP_A", 4_000),
    ("L", "Altri costi", LEAD, 2_500),
    ("IND", "Costi indiretti", LEAD, 15_000),
)
REMODULATION = {"Mediatori Cooperativa A": 1.06, "Viaggi Cooperativa A": 0.6, "Altri costi": 0.5}
QUARTERS = tuple(f"{year}-T{q}" for year in range(START.year, END.year + 1) for q in (1, 2, 3, 4))
REOPENED = ("2020-T2", "2021-T3", "2022-T4")
DECREASING = ("M1", "2021-T2")  # a first version lower than the quarter before it
OVER_RUN = (1.12, 1.25)
GAP = (0.12, 0.40)
MORE_THAN_A_DAY = 25 * 60 + 30  # the longest line of all, so that Excel's h:mm can hide a day


def build_activities(seed: int) -> pd.DataFrame:
    """Return the work plan with planned and actual dates and quantities."""
    rng = stream(seed, "attivita")
    n = len(ACTIVITIES)
    start = np.datetime64(START) + rng.integers(0, 120, n)
    end = np.full(n, np.datetime64(END))
    table = pd.DataFrame(
        ACTIVITIES, columns=["attivita_id", "azione", "titolo", "ente_id", "n_previsto"]
    )
    table["data_inizio_prevista"], table["data_fine_prevista"] = start, end
    table["data_inizio_effettiva"] = start + rng.integers(0, 90, n)
    finished = rng.random(n) < 0.8
    table["data_fine_effettiva"] = pd.Series(end - rng.integers(0, 60, n)).where(finished)
    table["n_realizzato"] = np.rint(table["n_previsto"] * rng.uniform(0.6, 1.2, n))
    return table


def action_of(work: pd.Series) -> np.ndarray:
    """Return the macro-action of each kind of work (02 where nothing else is said)."""
    return work.map(ACTION_OF_WORK).fillna("02").to_numpy(dtype=object)


def build_timesheets(
    seed: int, log: pd.DataFrame, mediators: pd.DataFrame, truth: Parameters
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the timesheets and the gaps planted in them.

    Minutes are the log's (contact, travel, back office) by mediator, month and project, but for
    a share ``mesi_mediatore_con_scarto`` of mediator-months whose minutes are 12 to 40 per cent
    more or less, the same in each project of that month. The longest line of all has 25:30 at
    least.

    Returns
    -------
    The timesheets, and one row a gap: mediatore_id, mese, minuti_registro, minuti_foglio.
    """
    rng = stream(seed, "fogli_ore")
    sums = _minutes_by_month(log)
    keys = sums[["mediatore", "mese"]].drop_duplicates(ignore_index=True)
    planted = rng.random(len(keys)) < truth.mesi_mediatore_con_scarto
    size = rng.uniform(*GAP, len(keys)) * rng.choice([-1.0, 1.0], len(keys))
    factor = np.where(planted, 1 + size, 1.0)
    sums = sums.merge(keys.assign(factor=factor), on=["mediatore", "mese"])
    sums["registro"] = sums["minuti"]
    sums["minuti"] = np.rint(sums["minuti"] * sums["factor"]).astype(np.int64)
    minutes = sums["minuti"].to_numpy(copy=True)
    longest = int(minutes.argmax())
    minutes[longest] = max(int(minutes[longest]), MORE_THAN_A_DAY)
    sums["minuti"] = minutes
    ids = mediators["mediatore_id"].to_numpy()
    sums["mediatore_id"] = ids[sums["mediatore"].to_numpy()]
    sums["attivita_id"] = sums["azione"].map(ACTIVITY_OF_ACTION)
    return sums, _gaps(sums)


def _minutes_by_month(log: pd.DataFrame) -> pd.DataFrame:
    done = log[(log["mediatore"] >= 0) & log["data"].notna()]
    minutes = done["minuti_frontali"] + done["minuti_viaggio"] + done["minuti_backoffice"]
    month = pd.Series(done["data"].to_numpy().astype("datetime64[M]"), index=done.index)
    frame = pd.DataFrame(
        {
            "mediatore": done["mediatore"],
            "mese": month.dt.strftime("%Y-%m"),
            "progetto_id": done["progetto_id"],
            "azione": action_of(done["tipologia"]),
            "minuti": minutes,
        }
    )
    keys = ["mediatore", "mese", "progetto_id", "azione"]
    return frame.groupby(keys, sort=True)["minuti"].sum().reset_index()


def _gaps(sums: pd.DataFrame) -> pd.DataFrame:
    moved = sums[sums["minuti"] != sums["registro"]]
    by_month = moved.groupby(["mediatore", "mediatore_id", "mese"], as_index=False)
    table = by_month[["registro", "minuti"]].sum()
    return table.rename(columns={"registro": "minuti_registro", "minuti": "minuti_foglio"})


def build_budget(seed: int, scale: float, truth: Parameters) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the budget's lines and expenses, and the over-runs planted in it.

    Every line is spent to 70-98 per cent of its last version over the quarters, but for
    ``righe_oltre_budget`` lines, spent to 112-125 per cent.
    """
    rng = stream(seed, "budget")
    plan = pd.DataFrame(PLAN, columns=["voce", "sottovoce", "ente_id", "importo_eur"])
    plan["importo_eur"] = (plan["importo_eur"] * max(scale, 0.1)).round(2)
    last = plan.assign(
        importo_eur=(plan["importo_eur"] * plan["sottovoce"].map(REMODULATION).fillna(1.0)).round(2)
    )
    share = rng.uniform(0.70, 0.98, len(plan))
    over = np.sort(rng.permutation(len(plan))[: truth.righe_oltre_budget])
    share[over] = rng.uniform(*OVER_RUN, len(over))
    spent = _expenses(rng, last, share)
    lines = pd.concat(
        [plan.assign(versione_budget="approvato"), last.assign(versione_budget="rimod_1"), spent],
        ignore_index=True,
    )
    lines["progetto_id"] = PROJECT
    return lines, _over_runs(last, spent, over)


def _expenses(rng: np.random.Generator, last: pd.DataFrame, share: np.ndarray) -> pd.DataFrame:
    n_quarters = len(QUARTERS)
    weights = rng.dirichlet(np.full(n_quarters, 6.0), len(last))
    amounts = np.round(last["importo_eur"].to_numpy()[:, None] * share[:, None] * weights, 2)
    months = np.datetime64(START, "M") + 3 * np.arange(n_quarters) + 2
    days = (months + 1).astype("datetime64[D]") - 1
    row = np.repeat(np.arange(len(last)), n_quarters)
    spent = last.iloc[row][["voce", "sottovoce", "ente_id"]].reset_index(drop=True)
    spent["data_spesa"] = np.tile(days, len(last))
    spent["importo_rendicontato_eur"] = amounts.ravel()
    spent["quota_ue_eur"] = (spent["importo_rendicontato_eur"] / 2).round(2)
    spent["quota_naz_eur"] = (spent["importo_rendicontato_eur"] - spent["quota_ue_eur"]).round(2)
    return spent


def _over_runs(last: pd.DataFrame, spent: pd.DataFrame, over: Ints) -> pd.DataFrame:
    total = spent.groupby("sottovoce")["importo_rendicontato_eur"].sum()
    table = last.iloc[over].rename(columns={"importo_eur": "approvato_eur"})
    return table.assign(rendicontato_eur=table["sottovoce"].map(total).round(2))


def build_indicators(
    seed: int, log: pd.DataFrame, first_contacts: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the quarterly indicators, and what is odd in them on purpose.

    Values are cumulative. In the quarters of ``REOPENED`` a second version corrects the first,
    which was lower by 3-8 per cent; one first version (``DECREASING``) falls below the quarter
    before.
    """
    rng = stream(seed, "indicatori")
    ends = _quarter_ends()
    series = _cumulated(log, first_contacts, ends)
    rows, odd = [], []
    for code, (unit, values) in series.items():
        target = float(np.rint(values[-1] * rng.uniform(0.95, 1.15)))
        for k, quarter in enumerate(QUARTERS):
            versions = [values[k]]
            if quarter in REOPENED:
                versions = [float(np.floor(values[k] * rng.uniform(0.92, 0.97))), values[k]]
                odd.append((code, quarter, "riaperto"))
            if (code, quarter) == DECREASING:
                versions = [float(np.floor(values[k - 1] * 0.96)), values[k]]
                odd.append((code, quarter, "decrescente"))
            rows += [(code, quarter, v + 1, target, x, unit) for v, x in enumerate(versions)]
    columns = ["codice", "trimestre", "versione", "valore_atteso", "valore_realizzato", "unita"]
    table = pd.DataFrame(rows, columns=columns).assign(
        cumulato=True, fonte_verifica="registri (DATI SINTETICI)"
    )
    return table, pd.DataFrame(odd, columns=["codice", "trimestre", "stranezza"])


def _quarter_ends() -> np.ndarray:
    months = np.datetime64(START, "M") + 3 * np.arange(1, len(QUARTERS) + 1)
    return months.astype("datetime64[D]") - 1


def _cumulated(
    log: pd.DataFrame, first_contacts: pd.Series, ends: np.ndarray
) -> dict[str, tuple[str, list[float]]]:
    done = log[~log["inevasa"]]
    hours = (done["minuti_frontali"] / 60).to_numpy()
    days = done["data"].to_numpy().astype("datetime64[D]")
    school = action_of(done["tipologia"]) == "01"
    first = np.sort(first_contacts.to_numpy().astype("datetime64[D]"))
    return {
        "SO2.ii": ("persone", [float(np.searchsorted(first, end, "right")) for end in ends]),
        "M1": ("ore", [float(np.round(hours[days <= end].sum(), 1)) for end in ends]),
        "P3": ("accessi", [float((days <= end).sum()) for end in ends]),
        "P1.scuola": ("interventi", [float((school & (days <= end)).sum()) for end in ends]),
        "P6": ("strumenti", [float(2 + k // 4) for k in range(len(ends))]),
    }
