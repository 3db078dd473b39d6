"""Choropleth maps by comune or Ambito, drawn in EPSG:32632 with scale, north, source, vintage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from bgest_analysis.errors import BlockError
from bgest_analysis.report.charts.classes import breaks_of, class_colours, class_of
from bgest_analysis.report.charts.drawing import MAP_CRS, Drawing, Drawn, MapSource, as_number
from bgest_analysis.report.charts.map_legend import draw_legend, draw_scale_and_north
from bgest_analysis.report.charts.marks import HALO
from bgest_analysis.report.theme import CM, INK, MAP_HEIGHT_CM, MISSING_FACE, MUTED, WIDTH_CM
from bgest_analysis.text.formats import MISSING

AROUND = "#eceeef"
MOST_NAMES = 30
AXES = (0.005, 0.05, 0.70, 0.94)
AXES_RATIO = AXES[2] * WIDTH_CM / (AXES[3] * MAP_HEIGHT_CM)


@dataclass(frozen=True)
class MapPlan:
    """What a map shows: its shapes, the row of each, the classes.

    Parameters
    ----------
    by_ambito
        Whether the rows are Ambiti.
    """

    drawing: Drawing
    source: MapSource
    by_ambito: bool
    breaks: Sequence[float]

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The grid's row of each code."""
        codes = self.drawing.column(self.drawing.chart.x)
        return {str(code): i for i, code in enumerate(codes)}

    @cached_property
    def shapes(self) -> gpd.GeoDataFrame:
        """The shapes to fill, with their ``code`` and ``ambito_id``."""
        if self.by_ambito:
            return self.source.ambiti.assign(code=self.source.ambiti["ambito_id"])
        return self.source.comuni.assign(code=self.source.comuni["cod_istat"])

    @cached_property
    def shown(self) -> frozenset[str]:
        """The Ambiti with at least one row; the others are drawn around, empty."""
        held = self.shapes[self.shapes["code"].isin(list(self.rows))]
        return frozenset(held["ambito_id"])

    @property
    def gaps(self) -> bool:
        """Whether some shape of the Ambiti shown has no row or no value."""
        wanted = self.shapes[self.shapes["ambito_id"].isin(self.shown)]["code"]
        return any(np.isnan(self.value(code)) for code in wanted)

    def value(self, code: str) -> float:
        """Return the value of a shape, NaN when it has none."""
        row = self.rows.get(code)
        return np.nan if row is None else as_number(self.drawing.column(self.drawing.chart.y)[row])

    @cached_property
    def labels(self) -> list[str]:
        """The grid's own names of its rows; empty if it has none."""
        label = self.drawing.chart.label
        return self.drawing.words(label) if label else []

    def name(self, code: str) -> str:
        """Return the name of a shape: the grid's label, the Ambito's name, else the code."""
        row = self.rows.get(code)
        if row is None or not self.labels:
            return self.drawing.palette.name(code)
        return self.labels[row]


def draw_map(drawing: Drawing) -> Drawn:
    """Draw a choropleth; ``x`` codes of comuni or Ambiti, ``y`` the value, ``label`` their names.

    Options: ``classi`` is the list of inner breaks, or the number of classes (default 5). Ambiti
    without any row are drawn around the others, empty.
    """
    source = _source(drawing)
    plan = _plan(drawing, source)
    figure = Figure(figsize=(WIDTH_CM * CM, MAP_HEIGHT_CM * CM))
    ax = figure.add_axes(AXES)
    hover = {}
    for code, ambito, shape in zip(
        plan.shapes["code"], plan.shapes["ambito_id"], plan.shapes.geometry, strict=True
    ):
        gid = f"area-{code}"
        _draw_area(ax, plan, shape, code, gid, inside=ambito in plan.shown)
        hover[gid] = _hover_text(plan, code)
    _draw_borders(ax, plan)
    _draw_names(ax, plan)
    _frame(ax, plan)
    draw_legend(figure, drawing, plan.breaks, gaps=plan.gaps)
    draw_scale_and_north(figure, drawing)
    figure.text(0.01, 0.012, _note(drawing, source), fontsize=6.3, color=MUTED)
    return Drawn(figure, hover)


def _note(drawing: Drawing, source: MapSource) -> str:
    return f"{drawing.text(source.note).rstrip('.')}. {MAP_CRS}"


def _source(drawing: Drawing) -> MapSource:
    if drawing.maps is None:
        raise BlockError("la figura {id} è una mappa e mancano i confini", id=drawing.block.id)
    return drawing.maps


def _plan(drawing: Drawing, source: MapSource) -> MapPlan:
    codes = {str(code) for code in drawing.column(drawing.chart.x)}
    breaks = breaks_of(drawing.numbers(drawing.chart.y), drawing.option("classi", 5))
    return MapPlan(drawing, source, not codes & set(source.comuni["cod_istat"]), breaks)


def _draw_area(
    ax: Axes, plan: MapPlan, shape: BaseGeometry, code: str, gid: str, *, inside: bool
) -> None:
    value = plan.value(code)
    known = not np.isnan(value)
    face = class_colours(plan.breaks)[class_of(value, plan.breaks)] if known else MISSING_FACE
    hatched = inside and not known
    patch = PathPatch(
        path_of(shape),
        facecolor=face if inside else AROUND,
        edgecolor=MUTED if hatched else "white",
        linewidth=0.35,
        hatch="/////" if hatched else "",
    )
    patch.set_gid(gid)
    ax.add_patch(patch)


def path_of(shape: BaseGeometry) -> Path:
    """Return the outline of a (multi)polygon, holes included."""
    parts = list(shape.geoms) if isinstance(shape, MultiPolygon) else [shape]
    rings = [
        ring
        for part in parts
        if isinstance(part, Polygon)
        for ring in (part.exterior, *part.interiors)
    ]
    paths = [Path(np.asarray(ring.coords)[:, :2], closed=True) for ring in rings]
    return Path.make_compound_path(*paths)


def _hover_text(plan: MapPlan, code: str) -> str:
    drawing, row = plan.drawing, plan.rows.get(code)
    if row is None:
        return f"{plan.name(code)}: {MISSING[drawing.language]}"
    key = drawing.chart.y
    return f"{plan.name(code)}: {drawing.word(drawing.column(key)[row], key)}"


def _draw_borders(ax: Axes, plan: MapPlan) -> None:
    for ambito, shape in zip(
        plan.source.ambiti["ambito_id"], plan.source.ambiti.geometry, strict=True
    ):
        inside = ambito in plan.shown
        edge, width = (INK, 1.1) if inside else (MUTED, 0.6)
        style = {"facecolor": "none", "edgecolor": edge, "linewidth": width}
        ax.add_patch(PathPatch(path_of(shape), zorder=3 if inside else 2, **style))


def _draw_names(ax: Axes, plan: MapPlan) -> None:
    """Name the comuni of a map of one Ambito, else the Ambiti."""
    inside = plan.shapes[plan.shapes["ambito_id"].isin(plan.shown)]
    by_comune = len(plan.shown) == 1 and len(inside) <= MOST_NAMES
    if by_comune and plan.drawing.chart.label and not plan.by_ambito:
        for code, shape in zip(inside["code"], inside.geometry, strict=True):
            _write_name(ax, shape, plan.name(code), 5.6, INK)
        return
    for ambito, shape in zip(
        plan.source.ambiti["ambito_id"], plan.source.ambiti.geometry, strict=True
    ):
        ink = INK if ambito in plan.shown else MUTED
        _write_name(ax, shape, plan.drawing.palette.name(str(ambito)), 6.8, ink)


def _write_name(ax: Axes, shape: BaseGeometry, name: str, size: float, ink: str) -> None:
    point = shape.representative_point()
    ax.text(
        point.x,
        point.y,
        _two_lines(name),
        fontsize=size,
        ha="center",
        va="center",
        color=ink,
        path_effects=HALO,
        linespacing=0.95,
        zorder=5,
        clip_on=True,
    )


def _two_lines(name: str) -> str:
    """Break a name at the space nearest its middle."""
    spaces = [i for i, letter in enumerate(name) if letter == " "]
    if len(name) <= 9 or not spaces:
        return name
    best = min(spaces, key=lambda i: abs(2 * i + 1 - len(name)))
    return f"{name[:best]}\n{name[best + 1 :]}"


def _frame(ax: Axes, plan: MapPlan) -> None:
    west, south, east, north = plan.source.ambiti[
        plan.source.ambiti["ambito_id"].isin(plan.shown)
    ].total_bounds
    margin = 0.02 * max(east - west, north - south)
    if len(plan.shown) < len(
        plan.source.ambiti
    ):  # room for the neighbours, to the edges of the axes
        spare = (north - south) * AXES_RATIO - (east - west)
        west, east = west - max(spare, 0) / 2, east + max(spare, 0) / 2
    ax.set_xlim(west - margin, east + margin)
    ax.set_ylim(south - margin, north + margin)
    ax.set_aspect("equal", anchor="W")
    ax.set_axis_off()
