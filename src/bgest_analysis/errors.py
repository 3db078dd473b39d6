"""The errors a user can meet, each with the exit code of the command that meets it.

Messages are Italian templates with named fields (``text.Message`` translates them when they
are printed). They say what happened, where, and what to do; a personal value never enters one.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

from bgest_analysis.text.messages import Message

DONE = 0
PROBLEMS_FOUND = 1
WRONG_USAGE = 2
UNSAFE_INPUT = 3
PRIVACY_GATE = 4
MACHINE_LACKS = 5
SOME_FAILED = 6
OUR_FAULT = 70
INTERRUPTED = 130


class BgestError(Exception):
    """Base of every error shown without a traceback.

    Parameters
    ----------
    template
        Italian message with named fields, e.g. ``"manca il file {file}"``.
    values
        The fields; never a personal value.
    """

    exit_code = OUR_FAULT

    def __init__(self, template: str, **values: Any) -> None:
        self.message = Message(template, values)
        super().__init__(template, values)

    def __str__(self) -> str:
        return self.message.render("it")


class UsageError(BgestError):
    """The command was called in a way it does not understand."""

    exit_code = WRONG_USAGE


class ParamsError(UsageError):
    """A notebook parameter has an unknown name, a wrong type or a value out of range."""


class StudyError(UsageError):
    """``study.toml`` or one of the study's tables is wrong."""


class SourceError(BgestError):
    """A source file is missing, or does not look as any known layout says it should."""

    exit_code = PROBLEMS_FOUND


class SourceMissing(SourceError):
    """A file that is needed is not there."""


class UnknownLayout(SourceError):
    """A file opens, but its headers fit no layout we know."""


class UnknownPlace(SourceError):
    """A territorial name or code is not known to the study or to ISTAT."""


class UnsafeInput(BgestError):
    """A file cannot be opened safely: hostile, damaged, locked or password-protected."""

    exit_code = UNSAFE_INPUT


class PrivacyGateClosed(BgestError):
    """Something that must not leave would have left."""

    exit_code = PRIVACY_GATE


class MachineLacks(BgestError):
    """A program, a package, a font or a right is missing on this machine."""

    exit_code = MACHINE_LACKS


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NO_RIGHT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
TOO_LONG = frozenset({111, 206})  # Windows: a name over 255 characters, a path over 259


def machine_fault(fault: OSError) -> MachineLacks | None:
    """Return what to tell of a full disk or a missing right; ``None`` for another fault."""
    name = Path(os.fsdecode(fault.filename)).name if isinstance(fault.filename, str) else "?"
    if fault.errno in NO_ROOM:
        return MachineLacks(
            "non c'è più spazio sul disco (file {file}): fare spazio e ripetere il comando; ciò "
            "che era finito resta",
            file=name,
        )
    if fault.errno == errno.ENAMETOOLONG or getattr(fault, "winerror", None) in TOO_LONG:
        return MachineLacks(
            "il percorso del file {file} è troppo lungo per questo sistema: spostare la cartella "
            "dello studio più in alto (per esempio C:\\bgest), o accorciare i nomi dei file, e "
            "ripetere il comando",
            file=name,
        )
    if fault.errno in NO_RIGHT:
        return MachineLacks(
            "accesso negato al file {file}: la cartella è in sola lettura, manca il permesso, o "
            "un altro programma tiene aperto il file; chiuderlo, o usare una cartella in cui si "
            "può scrivere, e ripetere il comando",
            file=name,
        )
    return None


class AnalysisFailed(BgestError):
    """A job of the run failed; the others went on."""

    exit_code = SOME_FAILED


class SchemaViolation(BgestError):
    """A table of ours does not keep its own contract: our fault, not the user's."""


class BlockError(BgestError):
    """A block lacks what a reader needs (caption, source, n, alternative text)."""


class EstimationError(BgestError):
    """An estimate that the design or the data cannot support, and why.

    Callers print it as "non stimabile" with its reason; it never ends a run.
    """
