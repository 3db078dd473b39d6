"""What a double-coded sample says: agreement, weighted shares, how often the rules are wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from bgest_analysis.clean.sampling import VARIABLES
from bgest_analysis.errors import EstimationError
from bgest_analysis.schema.codes import list_codes
from bgest_analysis.stats.agreement import Kappa, cohen_kappa, gwet_ac1, percent_agreement
from bgest_analysis.stats.intervals import Interval
from bgest_analysis.stats.rates import wilson


@dataclass(frozen=True)
class Agreement:
    """How far two coders agree on one variable.

    Parameters
    ----------
    kappa
        Cohen's; ``None`` when it cannot be estimated, with the reason in ``why_not``.
    share
        Items coded alike, with Wilson's interval.
    ac1
        Gwet's AC1, steadier when one code prevails; ``None`` with one code only.
    n, incomplete
        Items coded by both; items that one of them left blank.
    """

    variable: str
    kappa: Kappa | None
    share: Interval
    ac1: float | None
    n: int
    incomplete: int
    why_not: str = ""


@dataclass(frozen=True)
class CodedSample:
    """What a double-coded sample says.

    Parameters
    ----------
    agreement
        One a variable.
    shares
        variabile, codice, quota, basso, alto, n: weighted shares of the codes.
    error
        Share of interventions whose derived phase is not the coded one, with its interval;
        ``None`` when nothing was coded alike.
    confusion
        Derived phases in rows, coded ones in columns, counts of the sample.
    agreed
        campione_id, intervento_id, variabile, codice: what both coders gave.
    disputed
        campione_id, variabile and the two codes, for a third person.
    """

    agreement: tuple[Agreement, ...]
    shares: pd.DataFrame
    error: Interval | None
    confusion: pd.DataFrame
    agreed: pd.DataFrame
    disputed: pd.DataFrame


def judge_sample(
    sample: pd.DataFrame,
    first: pd.DataFrame,
    second: pd.DataFrame,
    resolved: pd.DataFrame | None = None,
) -> CodedSample:
    """Compare what two coders gave.

    Parameters
    ----------
    sample
        As ``draw_sample`` made it.
    first, second
        ``campione_id`` and ``VARIABLES`` as each coder filled them in.
    resolved
        The same, for the disputed items a third person decided on.

    Raises
    ------
    EstimationError
        If the coders have no item in common.
    """
    coded = {name: _pairs(sample, first, second, name) for name in VARIABLES}
    agreement = tuple(_agreement(name, pairs) for name, pairs in coded.items())
    final = pd.concat([_final(name, pairs, resolved) for name, pairs in coded.items()])
    final = final.merge(sample, on=["campione_id", "intervento_id"], how="left")
    phase = final[final["variabile"] == "fase"].dropna(subset=["fase_derivata"])
    wrong = phase["codice"] != phase["fase_derivata"]
    return CodedSample(
        agreement=agreement,
        shares=pd.concat([_shares(final, name) for name in VARIABLES], ignore_index=True),
        error=weighted_share(phase, wrong) if len(phase) else None,
        confusion=pd.crosstab(phase["fase_derivata"], phase["codice"]),
        agreed=final[["campione_id", "intervento_id", "variabile", "codice"]],
        disputed=pd.concat([_disputed(name, pairs) for name, pairs in coded.items()]),
    )


def _pairs(
    sample: pd.DataFrame, first: pd.DataFrame, second: pd.DataFrame, name: str
) -> pd.DataFrame:
    """Return what each coder gave to each item of the sample."""
    base = sample[["campione_id", "intervento_id"]]
    for label, coder in (("uno", first), ("due", second)):
        given = coder[["campione_id", name]].rename(columns={name: label})
        base = base.merge(given, on="campione_id", how="left")
    return base


def _agreement(name: str, pairs: pd.DataFrame) -> Agreement:
    both = pairs.dropna(subset=["uno", "due"])
    if both.empty:
        raise EstimationError("nessun caso codificato da entrambi per {name}", name=name)
    one, two = both["uno"].tolist(), both["due"].tolist()
    codes = [code.codice for code in list_codes(name)]
    incomplete = len(pairs) - len(both)
    share = percent_agreement(one, two)
    if len({*one, *two}) < 2:
        why = "tutte le risposte in una sola categoria"
        return Agreement(name, None, share, None, len(both), incomplete, why)
    kappa = cohen_kappa(one, two, categories=codes)
    ac1 = gwet_ac1(one, two, categories=codes)
    return Agreement(name, kappa, share, ac1, len(both), incomplete)


def _final(name: str, pairs: pd.DataFrame, resolved: pd.DataFrame | None) -> pd.DataFrame:
    """Return the code of each item: what both gave, else what a third person decided."""
    alike = pairs["uno"].where(pairs["uno"] == pairs["due"])
    if resolved is not None:
        decided = resolved.set_index("campione_id")[name]
        alike = alike.fillna(pairs["campione_id"].map(decided))
    found = pairs.assign(variabile=name, codice=alike).dropna(subset=["codice"])
    return found[["campione_id", "intervento_id", "variabile", "codice"]]


def _disputed(name: str, pairs: pd.DataFrame) -> pd.DataFrame:
    both = pairs.dropna(subset=["uno", "due"])
    differ = both[both["uno"] != both["due"]]
    return differ.assign(variabile=name)[["campione_id", "variabile", "uno", "due"]]


def _shares(final: pd.DataFrame, name: str) -> pd.DataFrame:
    rows = final[final["variabile"] == name]
    found: list[dict[str, Any]] = []
    for code in list_codes(name):
        has = rows["codice"] == code.codice
        if len(rows):
            share = weighted_share(rows, has)
            ends = {"quota": share.value, "basso": share.low, "alto": share.high}
            found.append({"variabile": name, "codice": code.codice, **ends, "n": len(rows)})
    return pd.DataFrame(found, columns=["variabile", "codice", "quota", "basso", "alto", "n"])


def weighted_share(rows: pd.DataFrame, has: pd.Series) -> Interval:
    """Return a share of the log estimated from the sample, with its interval.

    Stratified estimator with finite-population correction (Cochran 1977, 5.4); Wilson's interval
    on the effective size p(1-p)/variance, never more than the sample's own size would give when
    no case, or every case, has the property. Strata that lost items keep their weight.

    Parameters
    ----------
    rows
        With ``strato`` and ``N_strato``.
    has
        Whether each row has the property.
    """
    groups = has.astype(float).groupby(rows["strato"])
    size = rows.groupby("strato")["N_strato"].first().astype(float)
    n, mean = groups.size().astype(float), groups.mean()
    weight = size / size.sum()
    share = float((weight * mean).sum())
    spread = mean * (1 - mean) / (n - 1).clip(lower=1)
    variance = float((weight**2 * (1 - n / size).clip(lower=0) * spread).sum())
    effective = share * (1 - share) / variance if variance > 0 else float(n.sum())
    found = wilson(share * effective, effective)
    return replace(found, method="wilson, stratificato")


def recoding_lines(
    agreed: pd.DataFrame, who: str, when: str, recorded: frozenset[str] = frozenset()
) -> pd.DataFrame:
    """Return the agreed codes as lines of a corrections table: applied as ``ricodificata``.

    Parameters
    ----------
    who, when
        The coders' initials and the ISO day.
    recorded
        Interventions whose file has the value: those keep it.
    """
    lines = agreed[~agreed["intervento_id"].isin(recorded)]
    return pd.DataFrame(
        {
            "tabella": "interventi",
            "colonna": lines["variabile"],
            "codice": lines["intervento_id"],
            "valore": "",
            "nuovo_valore": lines["codice"],
            "perche": "doppia codifica di un campione",
            "chi": who,
            "quando": when,
        }
    )
