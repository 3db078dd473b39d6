"""What cleaning a project file needs to know, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from bgest_analysis.clean.corrections import Decisions
from bgest_analysis.clean.project.neutral import Neutral, neutral_words
from bgest_analysis.clean.project.vocabularies import StudyVocabularies
from bgest_analysis.privacy.pseudonyms import Key
from bgest_analysis.problems.record import ProblemLog
from bgest_analysis.problems.register import Accounting, Step
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message

REVIEW_COLUMNS = ("tabella", "colonna", "valore", "suggerimenti", "regola", "celle", "dove")


@dataclass(frozen=True)
class CleanContext:
    """What is known before a file is opened.

    Parameters
    ----------
    study
        Its Ambiti, bodies, comuni, projects and dates.
    vocabularies
        The ways those are written.
    key
        Key of the pseudonyms; ``None`` only for tables without persons.
    decisions
        What people decided on values met before.
    mittente
        The body whose codes of persons and cases the file uses; ``""`` when all the files use
        the same ones.
    items_file
        The study's map of survey questions.
    """

    study: Study
    vocabularies: StudyVocabularies
    key: Key | None = None
    decisions: Decisions = field(default_factory=Decisions)
    mittente: str = ""
    items_file: Path | None = None

    @cached_property
    def neutral(self) -> Neutral:
        """What a text nobody understood may show of itself."""
        return neutral_words(self.study, self.vocabularies)


@dataclass(frozen=True)
class CleanedProject:
    """One sheet of a project file, cleaned.

    Parameters
    ----------
    tables
        Tidy frames by the name of their table, in the schema's columns.
    quarantine
        Rows that stand aside: rule, row, columns that say nothing of a person, pseudonyms.
    log
        Every problem with sheet, row, column, rule; no personal value.
    accounting
        Rows in = tidy + quarantined + dropped by a named rule.
    steps
        Lines of the cleaning register.
    review
        Values a person must decide on (``REVIEW_COLUMNS``), the most frequent first.
    decisions
        What was decided for a whole column, on which evidence.
    """

    tables: dict[str, pd.DataFrame]
    quarantine: pd.DataFrame
    log: ProblemLog
    accounting: Accounting
    steps: tuple[Step, ...]
    review: pd.DataFrame
    decisions: tuple[tuple[str, Message], ...] = ()
