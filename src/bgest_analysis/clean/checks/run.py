"""All the checks whose tables are there -> ``riscontri``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from bgest_analysis.clean.checks import declared, hours, links, management
from bgest_analysis.clean.checks.model import Frames, conform
from bgest_analysis.schema.riscontri import RISCONTRI
from bgest_analysis.study.model import Study


@dataclass(frozen=True)
class Check:
    """A check and the tables it cannot do without."""

    reads: tuple[str, ...]
    run: Callable[[Frames, Study], list[pd.DataFrame]]


CHECKS = (
    Check(("interventi", "timesheet"), hours.check_timesheets),
    Check(("interventi",), hours.check_days),
    Check(("interventi",), hours.check_places),
    Check(("interventi", "mediatori"), links.check_languages),
    Check((), links.check_lists),
    Check(("interventi",), links.check_dates),
    Check(("indicatori",), management.check_indicators),
    Check(("indicatori",), management.check_reopened),
    Check(("indicatori",), management.check_cumulative),
    Check(("budget",), management.check_budget),
    Check(("timesheet",), declared.check_signatures),
    Check(("budget",), declared.check_vat),
    Check(("budget",), declared.check_shares),
    Check(("budget",), declared.check_two_projects),
    Check(("budget",), declared.check_versions),
    Check(("questionari",), declared.check_scales),
)


def check_tables(frames: Frames, study: Study) -> pd.DataFrame:
    """Compare the tidy tables that are there.

    Parameters
    ----------
    frames
        Tidy tables by name, without the prefix of their layer.

    Returns
    -------
    pandas.DataFrame
        ``riscontri``: every comparison of mediator and month, indicator and heading; of the
        other checks the cases to look at only.
    """
    found = [
        part
        for check in CHECKS
        if set(check.reads) <= frames.keys()
        for part in check.run(frames, study)
        if len(part)
    ]
    if not found:
        return conform(pd.DataFrame(columns=RISCONTRI.column_names))
    stacked = pd.concat(found, ignore_index=True)
    return stacked.sort_values(list(RISCONTRI.key), ignore_index=True)
