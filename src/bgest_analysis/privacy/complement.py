"""Complementary suppression: which further counts to hide so that none can be computed.

A count that must be hidden (1..threshold-1) can be found again from a sum in which it is the
only one missing. So each sum that has a hidden count gets a second one, the smallest that is not
itself telling (never a zero, a total only if nothing else is left); then the audit says which
counts are still too narrow, and more are hidden until none is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bgest_analysis.privacy.audit import Interval, Memory, audit, in_order
from bgest_analysis.privacy.system import Count, Sum, System

TOTAL_COST = 1_000_000
PATIENT_ROUNDS = 4  # after these, hiding little gives way to ending soon


@dataclass(frozen=True)
class Hidden:
    """The counts that are not shown: small ones, and those hidden to protect them."""

    primary: frozenset[Count]
    secondary: frozenset[Count]
    intervals: tuple[Interval, ...]

    @property
    def counts(self) -> frozenset[Count]:
        return self.primary | self.secondary


def choose_hidden(system: System, threshold: int) -> Hidden:
    """Return the counts to hide in a system.

    Counts no other can protect (every companion is a zero) take their totals with them; where
    nothing is left to hide, those that are known through their own marks lose the "<5".
    """
    system = system.tight(threshold)
    primary = system.small(threshold)
    rests = {c for c in system.unprinted if 1 <= system.values[c] < threshold}
    secondary: set[Count] = set()
    sums_of, linked = system.sums_of(), system.with_links()
    _pair_up(system, primary, secondary, linked, rests)
    memory: Memory = {}
    rounds = 0
    while True:
        intervals = audit(system, primary, secondary, threshold, memory)
        unsafe = [interval for interval in intervals if not interval.is_safe(threshold)]
        delicate = [interval for interval in unsafe if interval.primary or interval.unprinted]
        narrow = [interval.count for interval in delicate or unsafe]
        hidden = primary | secondary | system.unprinted
        more = _companions(system, narrow, hidden, sums_of)
        if rounds >= PATIENT_ROUNDS:
            more = {c for count in narrow for c in _choices(system, count, hidden, sums_of)}
        stuck = [count for count in narrow if not _choices(system, count, hidden, sums_of)]
        blurred = _small_totals(narrow if rounds else stuck, primary, sums_of)
        if not more and not blurred:
            more = {c for count in stuck for c in _further(system, count, hidden, sums_of)}
        if not more and not blurred:  # nothing is left to hide: their marks say too much
            blurred = primary.intersection(stuck)
        if not more and not blurred:
            return Hidden(frozenset(primary), frozenset(secondary), tuple(intervals))
        primary -= blurred
        secondary |= more | blurred
        _pair_up(system, primary, secondary, linked, rests)
        rounds += 1


def _choices(
    system: System,
    count: Count,
    hidden: Collection[Count],
    sums_of: dict[Count, list[Sum]],
) -> list[Count]:
    """Return the cheapest free member of every sum of a count."""
    found = (_cheapest(system, one, hidden) for one in sums_of.get(count, []))
    return [choice for choice in found if choice is not None]


def _further(
    system: System,
    start: Count,
    hidden: Collection[Count],
    sums_of: dict[Count, list[Sum]],
) -> list[Count]:
    """Return free members of the nearest sums that a count is tied to through hidden ones."""
    seen, ring = {start}, [start]
    while ring:
        ring = [m for c in ring for one in sums_of.get(c, []) for m in one.members]
        ring = [m for m in dict.fromkeys(ring) if m in hidden and m not in seen]
        seen |= set(ring)
        found = [c for m in ring for c in _choices(system, m, hidden, sums_of)]
        if found:
            return [min(found, key=lambda choice: _cost(system, choice))]
    return []


def _small_totals(
    narrow: Collection[Count], primary: Collection[Count], sums_of: dict[Count, list[Sum]]
) -> set[Count]:
    """Return the small totals whose own mark would narrow their parts: they lose the "<5"."""
    totals = {one.total for count in narrow for one in sums_of.get(count, [])}
    return totals.intersection(primary)


def _pair_up(
    system: System,
    primary: Collection[Count],
    secondary: set[Count],
    sums_of: dict[Count, list[Sum]],
    rests: Collection[Count],
) -> None:
    """Give a second hidden count to each sum that has only one, or a small rest alone."""
    todo = in_order({*primary, *secondary, *rests})
    taken = {*primary, *secondary, *system.unprinted}
    while todo:
        count = todo.pop()
        for one in sums_of.get(count, []):
            hidden = [member for member in one.members if member in taken]
            if len(hidden) > 1:
                continue
            other = _cheapest(system, one, hidden)
            if other is not None:
                secondary.add(other)
                taken.add(other)
                todo.append(other)


def _companions(
    system: System,
    narrow: Collection[Count],
    hidden: Collection[Count],
    sums_of: dict[Count, list[Sum]],
) -> set[Count]:
    """Choose one more count to hide for each narrow one that no choice made here helps yet."""
    found: set[Count] = set()
    for count in narrow:
        sums = sums_of.get(count, [])
        if any(found.intersection(one.members) for one in sums):
            continue
        usable = _choices(system, count, hidden, sums_of)
        if usable:
            found.add(min(usable, key=lambda choice: _cost(system, choice)))
    return found


def _cheapest(system: System, one: Sum, hidden: Collection[Count]) -> Count | None:
    free = [m for m in one.members if m not in hidden and system.values[m] > 0]
    return min(free, key=lambda member: _cost(system, member, one), default=None)


def _cost(
    system: System, count: Count, one: Sum | None = None
) -> tuple[int, str, list[tuple[str, str]]]:
    value = system.values[count]
    if one is not None and count == one.total:
        value += TOTAL_COST
    return value, count.measure, sorted(count.at)
