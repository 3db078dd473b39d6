"""What a double-coded sample says: agreement, weighted shares, how often the rules are wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from bgest_analysis.clean.derive import RECORDED, UNMET, derive_phase
from bgest_analysis.clean.sampling import VARIABLES
from bgest_analysis.errors import EstimationError
from bgest_analysis.schema.codes import list_codes
from bgest_analysis.stats.agreement import Kappa, cohen_kappa, gwet_ac1, percent_agreement
from bgest_analysis.stats.intervals import Interval
from bgest_analysis.stats.rates import wilson

WHOLE = "registro"
NOBODY = "nessun caso codificato da entrambi"
ONE_CODE = "tutte le risposte in una sola categoria"


@dataclass(frozen=True)
class Agreement:
    """How far two coders agree on one variable.

    Parameters
    ----------
    kappa
        Cohen's; ``None`` when it cannot be estimated, with the reason in ``why_not``.
    share
        Items coded alike, with Wilson's interval; ``None`` when nobody coded one twice.
    ac1
        Gwet's AC1, steadier when one code prevails; ``None`` with one code only.
    n, incomplete
        Items coded by both; items that one of them left blank.
    """

    variable: str
    kappa: Kappa | None
    share: Interval | None
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
        intervento_id, variabile, codice: what both coders gave, or a third person decided.
    disputed
        intervento_id, variabile and the two codes: what nobody has decided yet.
    """

    agreement: tuple[Agreement, ...]
    shares: pd.DataFrame
    error: Interval | None
    confusion: pd.DataFrame
    agreed: pd.DataFrame
    disputed: pd.DataFrame


def judge_sample(coded: pd.DataFrame, interventi: pd.DataFrame) -> CodedSample:
    """Compare what two coders gave.

    Parameters
    ----------
    coded
        As ``tidy_doppia_codifica``. Rows whose intervention the log lacks are left out; a sample
        without strata counts as one of the whole log.
    interventi
        The log, for the derived phase and the size of the whole.

    Raises
    ------
    EstimationError
        If the coders have no item in common in any variable.
    """
    done = interventi[~interventi["esito"].isin(UNMET)]
    known = done[["intervento_id"]].assign(fase_derivata=derive_phase(done)["fase"])
    rows = coded.merge(known, on="intervento_id").assign(
        strato=lambda frame: frame["strato"].astype("str").fillna(WHOLE),
        N_strato=lambda frame: frame["interventi_strato"].astype("Float64").fillna(len(done)),
    )
    agreement = tuple(_agreement(name, rows) for name in VARIABLES)
    if not any(found.n for found in agreement):
        raise EstimationError("nessun caso è stato codificato da entrambi")
    final = pd.concat([_final(name, rows) for name in VARIABLES], ignore_index=True)
    phase = final[final["variabile"] == "fase"].dropna(subset=["fase_derivata"])
    wrong = phase["codice"] != phase["fase_derivata"]
    return CodedSample(
        agreement=agreement,
        shares=pd.concat([_shares(final, name) for name in VARIABLES], ignore_index=True),
        error=weighted_share(phase, wrong) if len(phase) else None,
        confusion=pd.crosstab(phase["fase_derivata"], phase["codice"]),
        agreed=final[["intervento_id", "variabile", "codice"]],
        disputed=pd.concat([_disputed(name, rows) for name in VARIABLES], ignore_index=True),
    )


def _pairs(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return intervento_id, what each coder gave, and the third person's word."""
    names = {f"{name}_1": "uno", f"{name}_2": "due", f"{name}_3": "terzo"}
    return rows.rename(columns=names)


def _agreement(name: str, rows: pd.DataFrame) -> Agreement:
    pairs = _pairs(name, rows)
    both = pairs.dropna(subset=["uno", "due"])
    if both.empty:
        return Agreement(name, None, None, None, 0, len(pairs), NOBODY)
    one, two = both["uno"].tolist(), both["due"].tolist()
    codes = [code.codice for code in list_codes(name)]
    incomplete = len(pairs) - len(both)
    share = percent_agreement(one, two)
    if len({*one, *two}) < 2:
        return Agreement(name, None, share, None, len(both), incomplete, ONE_CODE)
    kappa = cohen_kappa(one, two, categories=codes)
    ac1 = gwet_ac1(one, two, categories=codes)
    return Agreement(name, kappa, share, ac1, len(both), incomplete)


def _final(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the code of each item: what both gave, else what a third person decided."""
    pairs = _pairs(name, rows)
    alike = pairs["uno"].where(pairs["uno"] == pairs["due"]).fillna(pairs["terzo"])
    found = pairs.assign(variabile=name, codice=alike).dropna(subset=["codice"])
    return found[["intervento_id", "variabile", "codice", "strato", "N_strato", "fase_derivata"]]


def _disputed(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    both = _pairs(name, rows).dropna(subset=["uno", "due"])
    differ = both[(both["uno"] != both["due"]) & both["terzo"].isna()]
    return differ.assign(variabile=name)[["intervento_id", "variabile", "uno", "due"]]


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
    agreed: pd.DataFrame, interventi: pd.DataFrame, who: str, when: str
) -> pd.DataFrame:
    """Return the agreed codes as lines of a corrections table: applied as ``ricodificata``.

    Parameters
    ----------
    agreed
        intervento_id, variabile, codice.
    interventi
        The log: a value that its file has is kept.
    who, when
        The coders' initials and the ISO day.
    """
    recorded = {
        (name, code)
        for name in VARIABLES
        for code in interventi.loc[interventi[f"{name}_origine"] == RECORDED, "intervento_id"]
    }
    pairs = zip(agreed["variabile"], agreed["intervento_id"], strict=True)
    lines = agreed[[pair not in recorded for pair in pairs]]
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
