"""The letters of ``CellKind`` without pandas, so that the child process starts at once."""

from __future__ import annotations

TEXT, NUMBER, DATE, TIME, DURATION, BOOLEAN, FORMULA, ERROR, EMPTY = "tndhpbfev"
KINDS = (TEXT, NUMBER, DATE, TIME, DURATION, BOOLEAN, FORMULA, ERROR, EMPTY)
