"""Properties of the cell parsers: nothing changes silently, cleaning twice changes nothing."""

from __future__ import annotations

import datetime as dt
import os

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bgest_analysis.clean.cells.dates import parse_dates
from bgest_analysis.clean.cells.hours import parse_minutes
from bgest_analysis.clean.cells.mojibake import repair, repair_text
from bgest_analysis.clean.cells.numbers import parse_numbers
from bgest_analysis.clean.cells.parsed import Outcome
from bgest_analysis.clean.cells.rules import RULES

FEW = settings(derandomize=True, deadline=None, max_examples=60)
MANY = settings(derandomize=True, deadline=None, max_examples=5000)
TIER = MANY if os.environ.get("BGEST_FULL") == "1" else FEW

SNIPPETS = st.sampled_from(
    ["1", "30", "90", ",", ".", ":", "h", "'", " ", "min", "ore", "e", "mezza", "/", "-", "€", "Ã",
     "©", "è", "\u00a0", "n.d.", "04", "2022", "apr", "idem", "\u202e"]
)  # fmt: skip
CELL = st.one_of(st.text(max_size=12), st.lists(SNIPPETS, max_size=6).map("".join))
COLUMN = st.lists(CELL, min_size=1, max_size=8)
PARSERS = [parse_minutes, parse_dates, parse_numbers, repair_text]


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.__name__)
@TIER
@given(cells=COLUMN)
def test_any_text_is_answered_with_a_known_rule(parser, cells):
    parsed = parser(pd.Series(cells, dtype="str"))
    usable = parsed.where(Outcome.OK, Outcome.CORRETTO)
    assert (parsed.values.notna() == usable).all()
    assert all(
        (rule == "") == (outcome == "ok")
        for rule, outcome in zip(parsed.rule, parsed.outcome, strict=True)
    )
    assert set(parsed.rule) <= {"", *RULES}


@TIER
@given(cells=COLUMN)
def test_mending_texts_twice_changes_nothing(cells):
    once = repair_text(pd.Series(cells, dtype="str"))
    kept = once.values[once.values.notna()]
    twice = repair_text(kept)
    assert twice.values.equals(kept)
    assert twice.counts() == {}


@TIER
@given(text=CELL)
def test_a_text_without_a_rule_is_unchanged(text):
    mended, rule = repair(text)
    assert (mended == text) == (rule == "")


@TIER
@given(minutes=st.integers(0, 1440))
def test_minutes_survive_every_sure_form(minutes):
    hours, rest = divmod(minutes, 60)
    forms = [
        f"{hours}:{rest:02d}",
        f"{hours}h{rest:02d}",
        f"{minutes}'",
        f"{hours} ore e {rest} min",
    ]
    parsed = parse_minutes(pd.Series(forms, dtype="str"))
    assert list(parsed.values) == [minutes] * len(forms)
    assert set(parsed.outcome) == {"ok"}


@TIER
@given(day=st.dates(dt.date(1901, 1, 1), dt.date(2059, 12, 31)))
def test_days_survive_every_sure_form(day):
    forms = [
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%Y}",
        day.isoformat(),
        f"{day.day}-{day.month}-{day.year}",
    ]
    parsed = parse_dates(pd.Series(forms, dtype="str"))
    expected = None if day in (dt.date(1904, 1, 1),) else day
    assert [None if pd.isna(v) else v.date() for v in parsed.values] == [expected] * len(forms)


@TIER
@given(cents=st.integers(-(10**10), 10**10))
def test_numbers_survive_italian_notation(cents):
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    grouped = f"{whole:,}".replace(",", ".")
    parsed = parse_numbers(pd.Series([f"{sign}{grouped},{rest:02d}", f"{sign}{whole},{rest:02d}"]))
    assert list(parsed.values) == [cents / 100, cents / 100]
    assert set(parsed.outcome) == {"ok"}
