"""The counts of persons of all tables as one system: each count once, and the sums that bind them.

Two cells are the same count when they have the same column and the same coordinates (a total is
a coordinate left out), whatever table they stand in. A sum binds a count to its parts when the
true figures add up: that is what an attacker would use, inside a table or between tables.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

TOTALS = frozenset({"distretto", "T", "tot", "totale", "tutti", "tutte", "tutto"})
Coordinates = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Count:
    """One count of persons: the column that holds it and where it stands."""

    measure: str
    at: Coordinates

    def without(self, dimension: str) -> Count:
        """Return the count one dimension up."""
        kept = frozenset(pair for pair in self.at if pair[0] != dimension)
        return Count(self.measure, kept)


@dataclass(frozen=True)
class Sum:
    """``total`` = sum of ``parts``."""

    total: Count
    parts: tuple[Count, ...]

    @property
    def members(self) -> tuple[Count, ...]:
        return (self.total, *self.parts)


@dataclass
class System:
    """All counts with their true values, the cells that show each, and the sums between them.

    Parameters
    ----------
    values
        True value of each count.
    places
        (table, row, column) of every cell that shows a count.
    sums
        Sums that hold in the true figures.
    links
        Sums between tables, found where the figures agree.
    unprinted
        Counts that no cell shows but that follow from others: what is left of a total, a step
        of a cumulated count, a sum printed nowhere.
    """

    values: dict[Count, int] = field(default_factory=dict)
    places: dict[Count, list[tuple[str, int, str]]] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    unprinted: set[Count] = field(default_factory=set)
    links: list[Sum] = field(default_factory=list)

    def with_links(self) -> dict[Count, list[Sum]]:
        """Return the sums and links each count takes part in."""
        return replace(self, sums=[*self.sums, *self.links]).sums_of()

    def small(self, threshold: int) -> set[Count]:
        """Return the counts from 1 to ``threshold - 1`` that cells show."""
        return {c for c in self.places if 1 <= self.values[c] < threshold}

    def tight(self, threshold: int) -> System:
        """Return the system without the sums that leave as much as a threshold unsaid.

        What is left of a total, where it is at least the threshold and in no other sum, makes
        the sum an inequality with that much room: it narrows nothing.
        """
        uses = self.sums_of()
        wide = {
            c for c in self.unprinted if self.values[c] >= threshold and len(uses.get(c, [])) == 1
        }
        sums = [one for one in self.sums if wide.isdisjoint(one.parts)]
        return System(self.values, self.places, sums, self.unprinted - wide, self.links)

    def add_unprinted(self, measure: str, at: Coordinates, value: int) -> Count:
        """Add a count that no cell shows."""
        count = Count(f"{measure}({len(self.unprinted)})", at)  # no two are the same
        self.values[count] = value
        self.unprinted.add(count)
        return count

    def sums_of(self) -> dict[Count, list[Sum]]:
        """Return the sums each count takes part in."""
        found: dict[Count, list[Sum]] = defaultdict(list)
        for one in self.sums:
            for count in one.members:
                found[count].append(one)
        return found
