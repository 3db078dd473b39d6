"""Abolished comuni: their figures follow them into the comune that took their place.

A figure moves only when nothing is lost or counted twice: the old comune went into one comune,
and every part of that comune is in the file. Otherwise the row stands aside.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bgest_analysis.clean.official.ledger import Ledger
from bgest_analysis.clean.official.model import KnownPlaces
from bgest_analysis.clean.official.rules import (
    COMUNE_DIVISO,
    COMUNE_SOPPRESSO,
    FUSIONE_INCOMPLETA,
    SOPPRESSO_E_NUOVO,
)
from bgest_analysis.problems.record import Rule
from bgest_analysis.vocabulary.matcher import fold


@dataclass(frozen=True)
class Merger:
    """One comune abolished: when, and what it became."""

    old: str
    new: str
    date: dt.date
    same_name: bool


@dataclass(frozen=True)
class Verdict:
    """What becomes of an abolished comune's rows: a new code, or the rule that puts them aside."""

    code: str = ""
    rule: Rule | None = None


@dataclass(frozen=True)
class History:
    """All mergers, by old and by new code."""

    by_old: Mapping[str, tuple[Merger, ...]]
    by_new: Mapping[str, tuple[Merger, ...]] = field(default_factory=dict)


def history(variazioni: pd.DataFrame) -> History:
    """Return the mergers of a table of variations (``VARIAZIONI_COLUMNS``)."""
    by_old: dict[str, list[Merger]] = defaultdict(list)
    by_new: dict[str, list[Merger]] = defaultdict(list)
    for row in variazioni.itertuples(index=False):
        merger = Merger(
            str(row.cod_istat_soppresso),
            str(row.cod_istat_nuovo),
            dt.date.fromisoformat(str(row.data_evento)[:10]),
            fold(str(row.nome_soppresso)) == fold(str(row.nome_nuovo)),
        )
        by_old[merger.old].append(merger)
        by_new[merger.new].append(merger)
    return History(
        {code: tuple(group) for code, group in by_old.items()},
        {code: tuple(group) for code, group in by_new.items()},
    )


def follow_mergers(
    ledger: Ledger, codes: pd.Series, dates: Iterable[dt.date], role: str, places: KnownPlaces
) -> pd.Series:
    """Return today's codes; rows of abolished comuni that cannot be moved are put aside.

    Parameters
    ----------
    dates
        The day each row's figures refer to, one a row.
    """
    past = history(places.variazioni)
    days = pd.Series(list(dates), dtype=object)
    old = codes.isin(_concerning(past, places)).to_numpy(dtype=bool)
    moved = codes.to_numpy(dtype=object).copy()
    if not old.any():
        return pd.Series(moved, dtype="str")
    for day in days[old].unique():
        rows = np.flatnonzero((days == day).to_numpy(dtype=bool) & ledger.alive)
        in_file = set(codes[(days == day).to_numpy(dtype=bool)])
        verdicts = _judge(set(codes.iloc[rows]), in_file, day, past, places)
        for code, verdict in verdicts.items():
            where = np.zeros(ledger.n, dtype=bool)
            where[rows] = codes.iloc[rows].eq(code).to_numpy(dtype=bool)
            ledger.apply(verdict.rule or COMUNE_SOPPRESSO, where, role, codes)
            if verdict.rule is None:
                moved[where] = verdict.code
    return pd.Series(moved, dtype="str")


def _concerning(past: History, places: KnownPlaces) -> set[str]:
    """Abolished comuni whose territory is now, in part or whole, in the study's comuni."""
    found: set[str] = set()
    wanted = set(places.scope)
    while wanted:
        older = {m.old for code in wanted for m in past.by_new.get(code, ())} - found
        found |= older
        wanted = older
    return found - set(places.comuni)


def _judge(
    present: set[str], in_file: set[str], day: dt.date, past: History, places: KnownPlaces
) -> dict[str, Verdict]:
    """Decide for each abolished comune in the file, following chains of mergers.

    A comune that took in another one is judged too: it stands aside with a part that cannot be
    summed, since its own row does not cover today's territory.
    """
    abolished = present & _concerning(past, places)
    verdicts = {code: _verdict(code, present, day, past, places) for code in sorted(abolished)}
    summed = {code for code, verdict in verdicts.items() if verdict.rule is None}
    for new in sorted(present & set(past.by_new) & places.scope):
        later = {m.old for m in past.by_new[new] if m.date > day} & in_file
        if later - summed:
            verdicts[new] = Verdict(rule=FUSIONE_INCOMPLETA)
    return verdicts


def _verdict(
    code: str, present: set[str], day: dt.date, past: History, places: KnownPlaces
) -> Verdict:
    current, seen = code, {code}
    while current not in places.comuni:
        steps = _next_steps(past.by_old.get(current, ()), day)
        step = steps[0] if len({s.new for s in steps}) == 1 else None
        if step is None or step.new in seen:
            return Verdict(rule=COMUNE_DIVISO)
        rule = _obstacle(step, present, day, past, seen)
        if rule is not None:
            return Verdict(rule=rule)
        current = step.new
        seen.add(current)
    return Verdict(current)


def _next_steps(steps: Iterable[Merger], day: dt.date) -> list[Merger]:
    """Return the first event after the day; the last one if all came before."""
    known = list(steps)
    later = [step.date for step in known if step.date > day]
    date = min(later) if later else max((step.date for step in known), default=day)
    return [step for step in known if step.date == date]


def _obstacle(
    step: Merger, present: set[str], day: dt.date, past: History, seen: set[str]
) -> Rule | None:
    """Say why the parts of a new comune cannot be summed, if they cannot."""
    if step.new in present and step.date <= day:
        return SOPPRESSO_E_NUOVO
    parts = _parts(step.new, min(day, step.date - dt.timedelta(days=1)), past)
    if step.new not in present and len(parts) == 1 and not step.same_name:
        return FUSIONE_INCOMPLETA  # it went into an older comune, which the file lacks
    absent = parts - present - seen
    covered = all(_is_whole(part, day, present, past) for part in absent)
    return None if covered else FUSIONE_INCOMPLETA


def _parts(new: str, day: dt.date, past: History) -> set[str]:
    """Return the comuni that went into another after a day."""
    return {merger.old for merger in past.by_new.get(new, ()) if merger.date > day}


def _is_whole(part: str, day: dt.date, present: set[str], past: History) -> bool:
    """Tell whether a comune that is not in the file is there with all its own parts."""
    parts = _parts(part, day, past)
    return bool(parts) and parts <= present
