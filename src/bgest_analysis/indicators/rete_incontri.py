"""The network of meetings: two-mode, its projection, its shape against chance (R1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bgest_analysis.errors import EstimationError
from bgest_analysis.indicators.interventi import typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.indicators.presenze import ALL, READS, WHOLE, attendance, bodies, seats
from bgest_analysis.schema.indicatori import presenze as schema
from bgest_analysis.stats import network_nulls, networks
from bgest_analysis.study.model import Study

Matrix = NDArray[np.float64]
DRAWS = 199
SEED = 2463
STRONG = 0.25  # a tie is strong when two bodies share at least this share of the meetings
LEAST_BODIES, LEAST_MEETINGS = 4, 3
NO_AMBITO, NO_SEAT = "sovra-ambito", "senza_seggio"
LEVEL_ORDER = ("cabina_regia", "equipe_tecnica", "operativo")
TOO_SMALL = "servono almeno quattro enti e tre incontri"


@dataclass(frozen=True)
class TwoMode:
    """Bodies by meetings: 1 where a body was present."""

    bodies: list[str]
    meetings: list[str]
    incidence: Matrix


def two_mode(came: pd.DataFrame) -> TwoMode:
    """Return the two-mode network of an attendance (see ``presenze.attendance``)."""
    table = pd.crosstab(came["ente_id"], came["incontro_id"])
    return TwoMode(list(table.index), list(table.columns), table.to_numpy(dtype=np.float64))


def strong_ties(incidence: Matrix) -> Matrix:
    """Return 1 where two bodies are together at a quarter of the meetings or more."""
    together = networks.project(incidence, "count")
    ties: Matrix = (together >= STRONG * incidence.shape[1]).astype(np.float64)
    np.fill_diagonal(ties, 0.0)
    return ties


def _density(incidence: Matrix) -> float:
    return networks.density(networks.project(incidence))


def _strong_density(incidence: Matrix) -> float:
    return networks.density(strong_ties(incidence))


def _degree(incidence: Matrix) -> float:
    return networks.centralisation(strong_ties(incidence), "degree")


def _betweenness(incidence: Matrix) -> float:
    return networks.centralisation(strong_ties(incidence), "betweenness")


def _core(incidence: Matrix) -> float:
    return networks.core_periphery(networks.project(incidence)).fit


Statistic = Callable[[Matrix], float]
YEARLY: dict[str, Statistic] = {
    "densita": _density,
    "densita_forte": _strong_density,
    "centralizzazione_grado": _degree,
}
MEASURES: dict[str, Statistic] = {**YEARLY, "centralizzazione_intermediazione": _betweenness}
WHOLE_MEASURES: dict[str, Statistic] = {**MEASURES, "centro_periferia": _core}
TWO_MODE = "densita_due_modi"


def compute_misure(frames: Frames, study: Study) -> pd.DataFrame:
    """Each measure of the network by level and year, against chance, one meeting out."""
    came = attendance(frames)
    scopes = [(ALL, WHOLE, came, WHOLE_MEASURES)]
    scopes += [(str(level), WHOLE, part, MEASURES) for level, part in came.groupby("livello")]
    by_year = came.groupby(came["data"].dt.year)
    scopes += [(ALL, str(year), part, YEARLY) for year, part in by_year]
    rows = [
        {"livello": level, "periodo": period, **row}
        for level, period, part, measures in scopes
        for row in _measured(two_mode(part), measures)
    ]
    return typed(pd.DataFrame(rows), schema.RETE_MISURE)


def _measured(net: TwoMode, measures: Mapping[str, Statistic]) -> Iterator[dict[str, object]]:
    size = {"enti": len(net.bodies), "incontri": len(net.meetings), "reti_casuali": 0}
    share = networks.two_mode_density(net.incidence)
    yield {"misura": TWO_MODE, **size, "valore": share, "motivo": ""}
    if net.incidence.shape[0] < LEAST_BODIES or net.incidence.shape[1] < LEAST_MEETINGS:
        yield from ({"misura": name, **size, "motivo": TOO_SMALL} for name in measures)
        return
    drawn = _drawn(net.incidence, measures)
    for place, (name, statistic) in enumerate(measures.items()):
        yield {"misura": name, **size, **_against_chance(net, statistic, drawn[:, place])}


def _drawn(incidence: Matrix, measures: Mapping[str, Statistic]) -> Matrix:
    """Return draws x measures: every measure on the same random networks."""
    current, generator = incidence, np.random.default_rng(SEED)
    found = np.empty((DRAWS, len(measures)))
    for draw in range(DRAWS):
        current = network_nulls.random_incidence(current, generator).astype(np.float64)
        found[draw] = [_value(statistic, current) for statistic in measures.values()]
    return found


def _value(statistic: Statistic, incidence: Matrix) -> float:
    try:
        value = statistic(incidence)
    except EstimationError:
        return float("nan")
    return value if np.isfinite(value) else float("nan")


def _against_chance(net: TwoMode, statistic: Statistic, drawn: Matrix) -> dict[str, object]:
    """Compare as ``network_nulls.compare_with_random`` does, and leave out each meeting."""
    observed, known = _value(statistic, net.incidence), drawn[~np.isnan(drawn)]
    if np.isnan(observed) or not known.size:
        return {"motivo": "i legami non variano"}
    without = [
        value
        for meeting in range(len(net.meetings))
        if not np.isnan(value := _value(statistic, np.delete(net.incidence, meeting, axis=1)))
    ]
    beyond = [(sign * (known - observed) >= -1e-9).sum() for sign in (1, -1)]
    tails = [(1 + count) / (1 + known.size) for count in beyond]
    low, high = np.quantile(known, [0.025, 0.975])
    return {
        "valore": observed,
        "atteso": float(known.mean()),
        "caso_basso": float(low),
        "caso_alto": float(high),
        "p_valore": min(1.0, 2 * float(min(tails))),
        "reti_casuali": int(known.size),
        "senza_uno_min": min(without, default=None),
        "senza_uno_max": max(without, default=None),
        "motivo": "",
    }


def compute_enti(frames: Frames, study: Study) -> pd.DataFrame:
    """Place, strong ties and coreness of each body in the whole network of meetings."""
    net = two_mode(attendance(frames))
    ties = networks.project(net.incidence)
    core, coreness = _core_of(ties)
    table = pd.DataFrame(
        {
            "ente_id": net.bodies,
            **dict(zip(("x", "y"), _places(core).T, strict=True)),
            "presenti": net.incidence.sum(axis=1),
            "legami_forti": strong_ties(net.incidence).sum(axis=1),
            "coreness": coreness,
            "nel_centro": pd.array(core, dtype="boolean"),
        }
    )
    return typed(_named(table, study), schema.RETE_ENTI)


def _core_of(ties: Matrix) -> tuple[list[bool | None], list[float | None]]:
    try:
        found = networks.core_periphery(ties)
    except EstimationError:
        return [None] * len(ties), [None] * len(ties)
    return found.core.tolist(), found.coreness.tolist()


def _places(core: list[bool | None]) -> Matrix:
    """Return places for a drawing: the core on an inner circle, the others around it."""
    inner = np.array([bool(here) for here in core])
    found = np.empty((len(core), 2))
    for mask, radius in ((inner, 0.45), (~inner, 1.0)):
        turns = 2 * np.pi * (np.arange(mask.sum()) + 0.5) / max(1, mask.sum())
        found[mask] = radius * np.column_stack([np.cos(turns), np.sin(turns)])
    return np.round(found, 4)


def _named(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    named = table.merge(bodies(study), on="ente_id", how="left")
    return named.assign(ente=named["ente"].fillna(named["ente_id"]))


def compute_legami(frames: Frames, study: Study) -> pd.DataFrame:
    """Pairs of bodies present together, with the weighted tie."""
    net = two_mode(attendance(frames))
    weight, together = networks.project(net.incidence), networks.project(net.incidence, "count")
    strong = strong_ties(net.incidence)
    first, second = np.nonzero(np.triu(together))
    table = pd.DataFrame(
        {
            "da_ente": [net.bodies[i] for i in first],
            "a_ente": [net.bodies[j] for j in second],
            "insieme": together[first, second],
            "peso": weight[first, second],
            "forte": strong[first, second] > 0,
        }
    )
    return typed(table, schema.RETE_LEGAMI)


def compute_intermediazione(frames: Frames, study: Study) -> pd.DataFrame:
    """Times each body stands between two not strongly tied, of other Ambiti or levels."""
    net = two_mode(attendance(frames))
    if len(net.bodies) < LEAST_BODIES or len(net.meetings) < LEAST_MEETINGS:
        return typed(pd.DataFrame(), schema.INTERMEDIAZIONE)
    groups = {"ambiti": _ambiti_of(net, study), "livelli": _levels_of(net, study)}
    observed = {name: _between(net.incidence, group) for name, group in groups.items()}
    drawn: dict[str, list[Matrix]] = {name: [] for name in groups}
    current, generator = net.incidence, np.random.default_rng(SEED)
    for _ in range(DRAWS):
        current = network_nulls.random_incidence(current, generator).astype(np.float64)
        for name, group in groups.items():
            drawn[name].append(_between(current, group))
    parts = [
        _broker_rows(net, name, groups[name], observed[name], np.array(drawn[name]))
        for name in groups
    ]
    return typed(_named(pd.concat(parts, ignore_index=True), study), schema.INTERMEDIAZIONE)


def _ambiti_of(net: TwoMode, study: Study) -> list[str]:
    own = bodies(study).dropna(subset=["ambito_id"]).set_index("ente_id")["ambito_id"]
    return [str(own.get(body, NO_AMBITO)) for body in net.bodies]


def _levels_of(net: TwoMode, study: Study) -> list[str]:
    """Return the highest level at which each body has a seat."""
    held = seats(study).groupby("ente_id")["livello"].agg(set)
    return [
        next((level for level in LEVEL_ORDER if level in held.get(body, set())), NO_SEAT)
        for body in net.bodies
    ]


def _between(incidence: Matrix, groups: list[str]) -> Matrix:
    """Return brokerage between groups: itinerant, gatekeeper (both ways), liaison."""
    found = networks.brokerage(strong_ties(incidence), groups)
    return found.total - found.coordinator


def _broker_rows(
    net: TwoMode, name: str, groups: list[str], observed: Matrix, drawn: Matrix
) -> pd.DataFrame:
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return pd.DataFrame(
        {
            "tra": name,
            "ente_id": net.bodies,
            "gruppo": groups,
            "valore": observed,
            "atteso": drawn.mean(axis=0),
            "caso_basso": low,
            "caso_alto": high,
            "fuori_dal_caso": (observed < low) | (observed > high),
        }
    )


INDICATORS = (
    Indicator(schema.RETE_MISURE, READS[:2], compute_misure),
    Indicator(schema.RETE_ENTI, READS, compute_enti),
    Indicator(schema.RETE_LEGAMI, READS[:2], compute_legami),
    Indicator(
        schema.INTERMEDIAZIONE,
        READS,
        compute_intermediazione,
        ("studio_composizione_organi",),
    ),
)
