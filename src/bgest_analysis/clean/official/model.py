"""What cleaning an official file needs to know, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from bgest_analysis.problems.record import ProblemLog
from bgest_analysis.problems.register import Accounting, Step

POPOLAZIONE_COLUMNS = ("cod_istat", "anno", "sesso", "eta", "cittadinanza", "n", "stato_dato")
POPOLAZIONE_PROVINCE_COLUMNS = ("cod_provincia", *POPOLAZIONE_COLUMNS[1:])
PROVENANCE = ("fonte_file", "fonte_riga")
VARIAZIONI_COLUMNS = (
    "cod_istat_soppresso",
    "nome_soppresso",
    "data_evento",
    "cod_istat_nuovo",
    "nome_nuovo",
)


@dataclass(frozen=True)
class KnownPlaces:
    """The comuni a file may speak of.

    Parameters
    ----------
    comuni
        ``cod_istat`` -> name, of every comune of today that is known (the study's region, or the
        whole country). A code of a province that has no known comune is outside the study, not
        unknown.
    variazioni
        Abolished comuni, columns ``VARIAZIONI_COLUMNS`` (dates as ISO text), one row an event.
    in_scope
        The study's comuni; ``None`` for all the known ones.
    """

    comuni: dict[str, str]
    variazioni: pd.DataFrame
    in_scope: frozenset[str] | None = None

    @cached_property
    def scope(self) -> frozenset[str]:
        return frozenset(self.comuni) if self.in_scope is None else self.in_scope

    @cached_property
    def province(self) -> frozenset[str]:
        """Provinces that have a known comune, three digits."""
        return frozenset(code[:3] for code in self.comuni)

    @cached_property
    def abolished(self) -> frozenset[str]:
        """Codes of comuni that no longer exist."""
        return frozenset(self.variazioni["cod_istat_soppresso"].astype(str))


@dataclass(frozen=True)
class CleanedOfficial:
    """One raw table cleaned.

    Parameters
    ----------
    tables
        Tidy frames by the name of their table (``popolazione``, ``redditi``…), each with
        ``fonte_file`` and ``fonte_riga``.
    quarantine
        The rows that stand aside, as they were, with ``riga`` and the first rule they break.
    log
        Every problem with file, row, column, rule, remedy.
    accounting
        Rows in = tidy + quarantined + dropped by a named rule.
    steps
        Lines of the cleaning register.
    """

    tables: dict[str, pd.DataFrame]
    quarantine: pd.DataFrame
    log: ProblemLog
    accounting: Accounting
    steps: list[Step]
