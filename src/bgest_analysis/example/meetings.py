"""Meetings and who came, ties between bodies, proposals and their fate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.example.bodies import COOPS, LEAD, office
from bgest_analysis.example.draws import Days, known, pick, stream, texts
from bgest_analysis.example.parameters import (
    END,
    NETWORK_CHANGE,
    START,
    UKRAINE_START,
    Parameters,
)
from bgest_analysis.example.territory import Territory

PER_YEAR = {"cabina_regia": 3, "equipe_tecnica": 4, "operativo": 3, "coprogettazione": 2}
ROLES = {
    "cabina_regia": "resp_udp",
    "equipe_tecnica": "referente_progetto",
    "operativo": "referente_programmazione",
    "coprogettazione": "coordinatore",
}
ROLE_OF_TYPE = {
    "scuola": "docente",
    "cti": "docente",
    "cpia": "docente",
    "universita": "ricercatore",
    "asst_ats": "assistente_sociale",
    "coop": "resp_ente_gestore",
    "associazione": "altro",
    "anci": "altro",
}
OUTER_FACTOR = 0.45  # bodies without a seat come less often than those with one
SUBJECTS = ("modello", "altri_progetti", "followup", "casi", "altro")
FATES = {
    "approvata": 0.42,
    "modificata": 0.18,
    "respinta": 0.08,
    "rinviata": 0.12,
    "senza_riscontro": 0.20,
}
PROPOSALS = 30
TIES = ("informazione", "invio", "caso_condiviso", "coprogettazione")
TIE_FACTOR = (1.4, 1.1, 0.9, 0.6)
NETWORK_BODIES = 24  # the edge survey asks this many bodies at most


def build_meetings(seed: int, territory: Territory) -> pd.DataFrame:
    """Return the meetings of five years, some sixty; more operative ones with more Ambiti."""
    rng = stream(seed, "incontri")
    times = max(1, len(territory.ambito_ids) // 14)
    rows = []
    for level, a_year in PER_YEAR.items():
        n = a_year * 5 * (times if level == "operativo" else 1)
        rows.append(pd.DataFrame({"data": _spread(rng, n), "livello": level}))
    table = pd.concat(rows).sort_values(["data", "livello"], ignore_index=True)
    table["incontro_id"] = [f"INC{k + 1:03d}" for k in range(len(table))]
    table["durata_minuti"] = rng.choice([60, 90, 120, 150], len(table))
    table["odg_temi"] = _subjects(rng, table["data"].to_numpy().astype("datetime64[D]"))
    table["verbale"] = rng.random(len(table)) < 0.85
    return table


def _spread(rng: np.random.Generator, n: int) -> Days:
    """Return days evenly spread over the project, moved by chance, never in August."""
    whole = (np.datetime64(END) - np.datetime64(START)).astype(int)
    position = (np.arange(n) + rng.uniform(0.1, 0.9, n)) * whole / n
    days = np.datetime64(START) + position.astype(np.int64)
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    days = np.where(month == 7, days + 31, days)
    return _working_day(days.astype("datetime64[D]"))


def _working_day(days: Days) -> Days:
    weekday = (days.astype(np.int64) + 3) % 7  # 1 January 1970 was a Thursday
    moved: Days = days + np.where(weekday > 4, 7 - weekday, 0).astype("timedelta64[D]")
    return moved


def _subjects(rng: np.random.Generator, days: Days) -> list[str]:
    since = (days - np.datetime64(UKRAINE_START)).astype(np.int64)
    ukraine = (since >= 0) & (since < 400) & (rng.random(len(days)) < 0.7)
    first, second = rng.integers(0, 5, len(days)), rng.integers(0, 5, len(days))
    subjects = []
    for a, b, also in zip(first, second, ukraine, strict=True):
        chosen = [SUBJECTS[a]] + ([SUBJECTS[b]] if b != a else [])
        subjects.append("|".join([*chosen, "ucraina"] if also else chosen))
    return subjects


def build_attendance(
    seed: int, territory: Territory, enti: pd.DataFrame, meetings: pd.DataFrame, truth: Parameters
) -> pd.DataFrame:
    """Return who came to each meeting.

    True probability that a body with a seat comes: ``presenza``, before and after 1 January
    2021; a body without a seat, 0.45 times that. A mediator is at a meeting (of those other
    than the Cabina's) with probability ``mediatore_presente``.
    """
    rng = stream(seed, "presenze")
    parts = []
    late = meetings["data"].to_numpy() >= np.datetime64(NETWORK_CHANGE)
    for after in (False, True):
        chance = truth.rete.presenza[int(after)]
        for level in PER_YEAR:
            these = meetings[(late == after) & (meetings["livello"] == level).to_numpy()]
            parts.append(_attend(rng, these, _invited(territory, enti, level), chance))
    parts.append(_mediators_there(rng, meetings, late, truth))
    parts.append(_hosts(meetings))
    table = pd.concat(parts, ignore_index=True)
    table = table.drop_duplicates(["incontro_id", "ente_id", "ruolo"])
    return table.sort_values(["incontro_id", "ente_id", "ruolo"], ignore_index=True)


def _invited(territory: Territory, enti: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return the bodies of a level with role and multiple of the chance to come."""
    seated = [*(office(code) for code in territory.ambito_ids), *COOPS]
    if level == "equipe_tecnica":
        seated = [LEAD, office("ES2"), *COOPS, "ANCI_E"]
    frame = enti[["ente_id", "tipo"]].copy()
    frame["factor"] = np.where(frame["ente_id"].isin(seated), 1.0, OUTER_FACTOR)
    if level == "cabina_regia":
        frame = frame[frame["factor"] == 1.0]
    frame["ruolo"] = frame["tipo"].map(ROLE_OF_TYPE).fillna(ROLES[level])
    return frame


def _attend(
    rng: np.random.Generator, meetings: pd.DataFrame, invited: pd.DataFrame, chance: float
) -> pd.DataFrame:
    came = rng.random((len(meetings), len(invited))) < chance * invited["factor"].to_numpy()
    row, column = np.nonzero(came)
    return pd.DataFrame(
        {
            "incontro_id": meetings["incontro_id"].to_numpy()[row],
            "ente_id": invited["ente_id"].to_numpy()[column],
            "ruolo": invited["ruolo"].to_numpy()[column],
            "n_persone": 1 + (rng.random(len(row)) < 0.25),
        }
    )


def _mediators_there(
    rng: np.random.Generator, meetings: pd.DataFrame, late: np.ndarray, truth: Parameters
) -> pd.DataFrame:
    before, after = truth.rete.mediatore_presente
    there = rng.random(len(meetings)) < np.where(late, after, before)
    there &= (meetings["livello"] != "cabina_regia").to_numpy()
    chosen = meetings[there]
    return pd.DataFrame(
        {
            "incontro_id": chosen["incontro_id"],
            "ente_id": texts(COOPS)[rng.integers(0, 2, len(chosen))],
            "ruolo": "mediatore",
            "n_persone": 1,
        }
    )


def _hosts(meetings: pd.DataFrame) -> pd.DataFrame:
    """The lead body hosts every meeting: none is empty."""
    return pd.DataFrame(
        {
            "incontro_id": meetings["incontro_id"],
            "ente_id": LEAD,
            "ruolo": "coordinatore",
            "n_persone": 1,
        }
    )


def build_ties(seed: int, enti: pd.DataFrame, truth: Parameters) -> pd.DataFrame:
    """Return the edge survey: every ordered pair, two waves, four kinds of tie.

    True density (share of pairs with frequency > 0, over the four kinds):
    ``densita_relazioni``. The same underlying pairs are likely in both waves.
    """
    rng = stream(seed, "relazioni")
    bodies = enti["ente_id"].to_numpy()[:NETWORK_BODIES]
    source, target = (side.ravel() for side in np.meshgrid(bodies, bodies, indexing="ij"))
    other = source != target
    source, target = source[other], target[other]
    parts = []
    for kind, factor in zip(TIES, TIE_FACTOR, strict=True):
        closeness = rng.random(len(source))
        for wave, density in zip(("prima", "dopo"), truth.rete.densita_relazioni, strict=True):
            parts.append(_wave(rng, source, target, closeness < density * factor, wave, kind))
    return pd.concat(parts, ignore_index=True)


def _wave(
    rng: np.random.Generator, source: np.ndarray, target: np.ndarray, tied: np.ndarray, wave: str,
    kind: str,
) -> pd.DataFrame:  # fmt: skip
    n = len(source)
    trust = rng.integers(2, 6, n).astype(object)
    trust[~tied | (rng.random(n) < 0.15)] = None
    return pd.DataFrame(
        {
            "da_ente": source,
            "a_ente": target,
            "onda": wave,
            "tipo_relazione": kind,
            "frequenza": np.where(tied, rng.integers(1, 5, n), 0),
            "fiducia": trust,
        }
    )


def build_proposals(seed: int, meetings: pd.DataFrame) -> pd.DataFrame:
    """Return the Équipe's proposals; one in five never comes back (``senza_riscontro``)."""
    rng = stream(seed, "proposte")
    teams = meetings[meetings["livello"] == "equipe_tecnica"]
    boards = meetings[meetings["livello"] == "cabina_regia"]
    origin = teams.iloc[np.sort(rng.integers(0, len(teams) - 2, PROPOSALS))]
    days = origin["data"].to_numpy().astype("datetime64[D]")
    board_days = boards["data"].to_numpy().astype("datetime64[D]")
    where = np.searchsorted(board_days, days + 1)
    fate = pick(rng, FATES, PROPOSALS)
    answered = (fate != "senza_riscontro") & (where < len(boards))
    where = np.minimum(where, len(boards) - 1)
    fate = np.where(answered, fate, "senza_riscontro")
    board = texts(boards["incontro_id"].tolist())[where]
    return pd.DataFrame(
        {
            "proposta_id": [f"PRO{k + 1:02d}" for k in range(PROPOSALS)],
            "tema": pick(rng, dict.fromkeys((*SUBJECTS[:4], "ucraina"), 1.0), PROPOSALS),
            "incontro_origine": origin["incontro_id"].to_numpy(),
            "data": days,
            "incontro_cabina": known(board, answered),
            "esito_proposta": fate,
            "data_esito": pd.Series(board_days[where]).where(answered),
        }
    )
