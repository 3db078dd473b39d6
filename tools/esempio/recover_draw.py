"""One synthetic study end to end: files with all their dirt, cleaned, estimated, against its truth.

The truth of most effects is what the generator planted. Where an estimator answers another
question than the generator's parameter (``dose``, a probability instead of log-odds, a share of
one year), its target is written here, computed from the parameters or from the complete data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.clean.meetings import link_meetings
from bgest_analysis.clean.merge import merge_parts
from bgest_analysis.clean.sources import CleanedSource, clean_source
from bgest_analysis.example.effects import ORIENTATION_CUTS
from bgest_analysis.example.log import AMBITO_ORIENTATION_SPREAD, FIXED_DESK, URGENT
from bgest_analysis.example.parameters import Parameters
from bgest_analysis.example.tables import world_tables
from bgest_analysis.example.world import World, build_world
from bgest_analysis.example.write import write_world
from bgest_analysis.impact.effetti import (
    CR2,
    DOSE,
    RANDOM,
    VERSIONS,
    WILD,
    estimate_effects,
    estimate_series,
    years_since,
)
from bgest_analysis.impact.ucraina import MEASURES, estimate_surge
from bgest_analysis.indicators import ascolto, codifica, mediazione, presenze, relazioni
from bgest_analysis.indicators.adozione import adoption_days, outcome_rows, with_design
from bgest_analysis.indicators.destinatari import count_persons, with_persons
from bgest_analysis.privacy.matching import match_persons
from bgest_analysis.privacy.pseudonyms import example_key
from bgest_analysis.schema.registry import find_table
from bgest_analysis.stats.cr2 import cluster_robust
from bgest_analysis.study.load import load_study
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO, Workspace

NEEDED = (
    "interventi", "destinatari", "pratiche", "incontri", "presenze", "relazioni", "questionari",
    "doppia_codifica",
)  # fmt: skip
FEATURES = "impronte_persone"
FIRST_YEAR, LAST_YEAR = "2019", "2023"
Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Found:
    """One estimate beside its truth; what was not estimable has no number."""

    effetto: str
    verita: float
    stima: float
    basso: float = float("nan")
    alto: float = float("nan")


def one_draw(folder: Path, seed: int, scale: float) -> list[Found]:
    """Write, clean and estimate one study; ``folder`` must not hold anything."""
    world = build_world(scale, seed)
    write_world(folder, world)
    frames, study = cleaned(folder)
    parts = (effects_of(frames, study, world), surge_of(frames, study, world))
    return [*(found for part in parts for found in part), *described(frames, study, world)]


def cleaned(folder: Path) -> tuple[Frames, Study]:
    """Return the tidy tables of the files a study's effects rest on, by full name."""
    workspace = Workspace(folder)
    study = load_study(workspace)
    sources: dict[str, list[CleanedSource]] = {}
    for fonte in study.fonti:
        if fonte.tabella in NEEDED:
            one = clean_source(workspace, study, fonte, example_key())
            sources.setdefault(fonte.tabella, []).append(one)
    parts = {name: [one.table for one in listed] for name, listed in sources.items()}
    parts["incontri"] += [one.extra["incontri"] for one in sources["presenze"]]
    parts[FEATURES] = [one.extra[FEATURES] for one in sources["destinatari"]]
    meetings, _ = merge_parts(parts["incontri"], find_table("incontri"))
    parts["presenze"] = [link_meetings(part, meetings) for part in parts["presenze"]]
    merged = {f"tidy_{n}": merge_parts(listed, find_table(n))[0] for n, listed in parts.items()}
    return merged, study


def effects_of(frames: Frames, study: Study, world: World) -> Iterable[Found]:
    """Yield the effects of adoption: each outcome, method and version, and the monthly series."""
    targets = effect_targets(world)
    doses = dose_targets(world, targets)
    made = estimate_effects(frames, study, scaglionata=False)
    for row in made[made["metodo"].isin([CR2, WILD, RANDOM])].to_dict("records"):
        name = f"{row['esito']} {row['metodo']} {row['variante']}"
        yield _found(name, targets[row["esito"]], row)
    for row in made[(made["metodo"] == DOSE) & (made["variante"] == VERSIONS[0])].to_dict(
        "records"
    ):
        yield _found(f"{row['esito']} dose", doses[row["esito"]], row)
    for row in estimate_series(frames, study).to_dict("records"):
        yield _found(f"{row['esito']} serie {row['variante']}", targets[row["esito"]], row)


def effect_targets(world: World) -> dict[str, float]:
    """Return the true effect of adoption on each outcome, in its units."""
    model = world.parametri.modello
    return {
        "autonomia": model.autonomia,
        "attesa": model.attesa_giorni,
        "attivazione": activation(world.parametri, 1.0) - activation(world.parametri, 0.0),
    }


def activation(truth: Parameters, adopted: float) -> float:
    """Return the true mean probability of activation, over the spread of the Ambiti."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    shift = truth.modello.logit_orientamento * adopted + AMBITO_ORIENTATION_SPREAD * nodes
    chance = 1 / (1 + np.exp(ORIENTATION_CUTS[1] - shift))
    return float(weights @ chance / weights.sum())


def dose_targets(world: World, effects: dict[str, float]) -> dict[str, float]:
    """Return what a line per year says of a step: the same fit on complete data without noise.

    The generator's effect is whole from the day of adoption, so no line is true; the target is
    the line least squares would draw through the true step.
    """
    tables = world_tables(world)
    every = with_design(
        outcome_rows(tables["interventi"]), adoption_days(tables["pratiche"]), "semestre"
    )
    return {name: _line(every[every["esito"] == name], size) for name, size in effects.items()}


def _line(rows: pd.DataFrame, size: float) -> float:
    ambiti = rows["ambito_id"].to_numpy()
    fit = cluster_robust(
        size * rows["trattato"].astype("float64"),
        years_since(rows)[:, None],
        ambiti,
        fixed_effects=[ambiti, rows["periodo"].to_numpy()],
    )
    return float(fit.coefficient[0])


def surge_of(frames: Frames, study: Study, world: World) -> Iterable[Found]:
    """Yield size, half-life and what the surge cost the others."""
    planted = world.parametri.ucraina
    half = planted.emivita_giorni
    truths = (planted.ampiezza, half, half, 0.0, 0.0, planted.attesa_altri_giorni, 0.0)
    truth = dict(zip(MEASURES, truths, strict=True))
    for row in estimate_surge(frames, study).to_dict("records"):
        yield _found(f"ucraina {row['misura']} {row['variante']}", truth[row["misura"]], row)


def described(frames: Frames, study: Study, world: World) -> list[Found]:
    """Return what indicators say of shares, ties, answers, coders and persons."""
    return [
        *_shares(frames, study, world.parametri),
        *_network(frames, study, world.parametri),
        *_answers(frames, study, world.parametri),
        *_coders(frames, study, world.parametri),
        _persons(frames, world),
    ]


def _shares(frames: Frames, study: Study, truth: Parameters) -> Iterable[Found]:
    """Yield the shares of the years in which no Ambito, or every one, had adopted."""
    quote = mediazione.compute_quote(frames, study)
    before, after = truth.modello.quota_programmata
    kept = (1 - URGENT - FIXED_DESK) / (1 - FIXED_DESK)  # neither urgent nor at a desk
    wanted = (
        ("M3", LAST_YEAR, truth.modello.quota_integrata[1]),
        ("M5", FIRST_YEAR, before * kept),
        ("M5", LAST_YEAR, after * kept),
        ("M6", LAST_YEAR, activation(truth, 1.0)),
    )
    for code, year, value in wanted:
        row = _one(quote, codice=code, area=DISTRETTO, periodo=year, gruppo="tutti",
                   origine_variabile={"M5": "nessuna"}.get(code, "registrata"))  # fmt: skip
        yield Found(f"{code} {year}", value, row["valore"], row["basso"], row["alto"])
    changes = mediazione.compute_variazioni({"ind_quote_modello": quote}, study)
    row = _one(changes, codice="M5", area=DISTRETTO)
    name = f"M5 {row['primo_anno']}-{row['ultimo_anno']}"
    ends = (row["differenza_basso"], row["differenza_alto"])
    yield Found(name, (after - before) * kept, row["differenza"], *ends)


def _network(frames: Frames, study: Study, truth: Parameters) -> Iterable[Found]:
    """Yield density of ties (mean of the kinds) and meetings with a mediator, before and after."""
    ties = relazioni.compute_relazioni({"tidy_relazioni": frames["tidy_relazioni"]}, study)
    kinds = ties[ties["tipo_relazione"] != "tutti"]
    for wave, value in zip(("prima", "dopo"), truth.rete.densita_relazioni, strict=True):
        yield Found(f"densita {wave}", value, float(kinds[f"densita_{wave}"].mean()))
    met = presenze.compute_incontri(frames, study)
    met = met[~met["livello"].isin(["cabina_regia", "tutti"]) & (met["periodo"] != "tutto")]
    late = met["periodo"].astype("str") >= "2021"
    for rows, value in zip((met[~late], met[late]), truth.rete.mediatore_presente, strict=True):
        share = float(rows["con_mediatore"].sum()) / float(rows["con_presenze"].sum())
        yield Found(f"R2 {'prima' if value < 0.2 else 'dopo'}", value, share)


def _answers(frames: Frames, study: Study, truth: Parameters) -> Iterable[Found]:
    useful, planted = ascolto.compute_utilita(frames, study), truth.questionari
    shares = (planted.utile, planted.utile + planted.distorsione_mediatore)
    for group, value in zip(("senza_mediatore", "con_mediatore"), shares, strict=True):
        row = _one(useful, area=DISTRETTO, gruppo=group)
        ends = (row["utile_basso"], row["utile_alto"])
        yield Found(f"E1 {group}", value, row["utile"], *ends)
    staff = ascolto.compute_domande(frames, study)
    staff = staff[staff["rilevazione"] == "operatori"].pivot(index="item", columns="onda")
    gap = (staff["media"]["post"] - staff["media"]["pre"]).astype("float64")
    yield Found("operatori post-pre", planted.prima_dopo, float(gap.mean()))


def _coders(frames: Frames, study: Study, truth: Parameters) -> Iterable[Found]:
    kappas = codifica.compute_accordo(frames, study)
    truths = {"fase": truth.codifica.kappa_fase, "orientamento": truth.codifica.kappa_orientamento}
    for name, value in truths.items():
        row = _one(kappas, variabile=name)
        yield Found(f"kappa {name}", value, row["kappa"], row["kappa_basso"], row["kappa_alto"])


def _persons(frames: Frames, world: World) -> Found:
    """Return unique eligible persons with their range: the truth should lie inside it."""
    pairs = match_persons(frames[f"tidy_{FEATURES}"])
    counts = count_persons(with_persons(frames["tidy_destinatari"], pairs))
    row = _one(counts, area=DISTRETTO)
    true = int(world.persone.persone["ammissibile"].sum())
    ends = (float(row["persone_minimo"]), float(row["schede"]))
    return Found("P1 persone", true, float(row["persone"]), *ends)


def _found(name: str, truth: float, row: dict[Any, Any]) -> Found:
    return Found(name, truth, float(row["stima"]), float(row["basso"]), float(row["alto"]))


def _one(table: pd.DataFrame, **wanted: Any) -> dict[str, Any]:
    """Return the one row with these values."""
    for name, value in wanted.items():
        table = table[table[name].astype("str") == value]
    (row,) = table.to_dict("records")
    return {str(name): value for name, value in row.items()}
