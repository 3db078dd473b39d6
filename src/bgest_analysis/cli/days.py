"""Days as a command takes them."""

from __future__ import annotations

import datetime as dt

from bgest_analysis.errors import UsageError


def read_day(text: str | None) -> str:
    """Return the day asked for, or today, as ISO.

    Raises
    ------
    UsageError
        If it is not a day.
    """
    if text is None:
        return dt.date.today().isoformat()  # noqa: DTZ011 (a day of the user's calendar)
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError("scrivere --when come 2026-11-23") from error
