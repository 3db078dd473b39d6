"""One look for every figure: font, sizes, and colours that do not depend on colour vision.

Categories use the Okabe-Ito palette (Okabe and Ito 2008, "Color Universal Design"), ordered
quantities cividis (Nuñez, Anderton and Renslow 2018, doi:10.1371/journal.pone.0199239). Colour
is never the only sign: each category also has a marker and a hatch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OKABE_ITO = (
    "#0072B2",  # blue
    "#E69F00",  # orange
    "#009E73",  # bluish green
    "#D55E00",  # vermillion
    "#CC79A7",  # reddish purple
    "#56B4E9",  # sky blue
    "#000000",  # black
    "#F0E442",  # yellow
)
OUTSIDERS = ("#5a6673", "#8c564b", "#9aa5b1", "#3d4f2f")  # beside the Ambiti, or beyond eight
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
HATCHES = ("", "////", "\\\\\\\\", "....", "xxxx", "----", "||||", "++++")
DASHES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), "-", "-", "-", "-")

INK = "#1c2733"
MUTED = "#5a6673"
RULE = "#d5dbe1"
FOCUS = "#0b4f7d"
MISSING_FACE = "#f4f4f2"
SEQUENTIAL = "cividis"
DIVERGING = "PuOr_r"
CM = 1 / 2.54
WIDTH_CM = 16.0
MAX_HEIGHT_CM = 17.0
MAP_HEIGHT_CM = 11.0
DPI = 200

RC: Mapping[Any, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8.5,
    "axes.titlesize": 9,
    "axes.labelsize": 8.5,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.5,
    "text.color": INK,
    "text.parse_math": False,
    "text.usetex": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "bgest",
    "path.simplify": False,
}


@dataclass(frozen=True)
class Palette:
    """The Ambiti in their fixed order: an Ambito keeps its colour in every figure.

    Parameters
    ----------
    ambiti
        (ambito_id, name) in the study's order.
    """

    ambiti: tuple[tuple[str, str], ...] = ()

    def place(self, group: str, groups: list[str]) -> int:
        """Return the place of a group: the Ambito's own, else its place in the figure.

        Beside Ambiti, what is not one (the district) comes after them all.
        """
        own = self._own_place(group)
        if own is not None:
            return own
        others = [other for other in groups if self._own_place(other) is None]
        start = len(OKABE_ITO) if len(others) < len(groups) else 0
        return start + others.index(group)

    def _own_place(self, group: str) -> int | None:
        found = (i for i, names in enumerate(self.ambiti) if group in names)
        return next(found, None)

    def name(self, group: str) -> str:
        """Return an Ambito's name for its id; anything else stays as it is."""
        return dict(self.ambiti).get(group, group)

    def colour(self, group: str, groups: list[str]) -> str:
        """Return the colour of a group among those of a figure."""
        place = self.place(group, groups)
        beside = place - len(OKABE_ITO)
        return OKABE_ITO[place] if beside < 0 else OUTSIDERS[beside % len(OUTSIDERS)]

    def marker(self, group: str, groups: list[str]) -> str:
        """Return the marker of a group among those of a figure."""
        return MARKERS[self.place(group, groups) % len(MARKERS)]

    def hatch(self, group: str, groups: list[str]) -> str:
        """Return the hatch of a group among those of a figure."""
        return HATCHES[self.place(group, groups) % len(HATCHES)]

    def dash(self, group: str, groups: list[str]) -> Any:
        """Return the line style of a group among those of a figure."""
        return DASHES[self.place(group, groups) % len(DASHES)]
