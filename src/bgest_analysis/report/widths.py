"""Room for tables on a page: type size, column widths, and when to turn the page."""

from __future__ import annotations

from bgest_analysis.report.grids import Table

TEXT_WIDTH_CM = 16.0
LANDSCAPE_WIDTH_CM = 24.7
CHARACTER_CM = 0.0196  # width of a digit, per point of type size
CELL_MARGINS_CM = 0.24  # both sides
SLACK_CM = 0.3  # wished beyond what the text needs
SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
SMALL_SIZES = (*SIZES, 6.5, 6.0)


def is_wide(table: Table) -> bool:
    """Tell whether a table needs a landscape page."""
    return sum(_needed(table.least_widths(), SIZES[-1])) > TEXT_WIDTH_CM


def font_size(table: Table, width_cm: float) -> float:
    """Return the largest type size at which no number or word breaks in the width."""
    least = table.least_widths()
    fitting = (size for size in SMALL_SIZES if sum(_needed(least, size)) <= width_cm)
    return next(fitting, SMALL_SIZES[-1])


def column_widths(table: Table, width_cm: float, size: float) -> list[float]:
    """Return column widths in cm: what each must have, the rest shared by need."""
    least = _needed(table.least_widths(), size)
    wide = [width + SLACK_CM for width in _needed(table.full_widths(), size)]
    full = [max(pair) for pair in zip(least, wide, strict=True)]
    spare = max(width_cm - sum(least), 0.0)
    wanted = sum(full) - sum(least)
    share = min(1.0, spare / wanted) if wanted else 0.0
    return [low + (high - low) * share for low, high in zip(least, full, strict=True)]


def _needed(characters: list[float], size: float) -> list[float]:
    return [count * CHARACTER_CM * size + CELL_MARGINS_CM for count in characters]
