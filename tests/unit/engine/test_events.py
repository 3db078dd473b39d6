"""What ``run --json`` writes is what its page says."""

import re
from pathlib import Path

from bgest_analysis.engine.events import Event, EventKind, Progress

PAGE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "eventi-json.md"


def test_the_page_lists_every_key_and_every_event_in_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    event = Event(EventKind.FINISHED, Progress()).to_json()
    assert rows == [*event, *map(str, EventKind)]


def test_the_page_lists_the_counts_of_the_progress() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"`(\w+)`", next(x for x in text.splitlines() if "`avanzamento`" in x))
    assert set(named[1:]) - {"null"} == set(Progress().to_json())
