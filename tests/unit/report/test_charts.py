"""Every form draws, twice with the same bytes, in both languages, under the page's policy."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

from bgest_analysis.blocks import Block, Chart, ChartKind
from bgest_analysis.errors import BlockError
from bgest_analysis.report.charts.classes import breaks_of, class_colours, class_of
from bgest_analysis.report.charts.drawing import Drawing, NumberFormatter, spread
from bgest_analysis.report.charts.likert import middle_of
from bgest_analysis.report.charts.logic import place_boxes
from bgest_analysis.report.charts.map_legend import scale_length
from bgest_analysis.report.charts.render import FORMS, ChartStyle, render_chart
from bgest_analysis.report.theme import OKABE_ITO, OUTSIDERS, RC, Palette
from bgest_analysis.text.formats import Hidden
from bgest_analysis.text.messages import Message
from tests.lib.report_samples import BARS, HOSTILE, MAP, STYLE, columns, figure

K = ChartKind
XY = columns(("x", "Ics", "text"), ("y", "Ipsilon", "pct1"), ("g", "Gruppo", "text"))
RANGE = (*XY, *columns(("lo", "Basso", "pct1"), ("hi", "Alto", "pct1")))
YEARS = columns(("x", "Anno", ""), ("y", "Quota", "pct1"), ("g", "Area", "text"))
DAYS = columns(("x", "Giorno", "date"), ("y", "Quota", "dec1"))
PLACES = columns(("x", "X", "dec1"), ("y", "Y", "dec1"), ("n", "Nome", "text"), ("g", "T", "text"))
NODES = columns(("id", "Nodo", "text"), ("t", "Testo", "text"), ("g", "Livello", "text"))
SPANS = columns(
    ("x", "Nome", "text"), ("lo", "Dal", "date"), ("hi", "Al", "date"), ("g", "F", "text")
)
EURO = columns(("x", "Voce", "text"), ("y", "Importo", "eur0"))
U = Message("Unità")

BLOCKS: dict[str, Block] = {
    "mappa": MAP,
    "barre": BARS,
    "barre_impilate": figure(
        "b2",
        Chart(K.BARRE, "x", "y", "g", unit=U, options={"impilate": True}),
        XY,
        [("a", 0.2, "p"), ("a", 0.3, "q"), ("b", 0.1, "p"), ("b", None, "q")],
    ),
    "barre_intervalli": figure(
        "b3",
        Chart(K.BARRE, "x", "y", "g", "lo", "hi", unit=U, options={"riferimento": [0.2, U]}),
        RANGE,
        [("a", 0.2, "p", 0.1, 0.3), ("b", -0.1, "p", None, None)],
    ),
    "linee": figure(
        "l1",
        Chart(K.LINEE, "x", "y", "g", unit=U, options={"eventi": [["2022-02-24", U]]}),
        YEARS,
        [(year, 0.1 + 0.01 * year % 7, area) for area in ("AAA", "BBB") for year in (2021, 2022)],
    ),
    "linee_date": figure(
        "l2",
        Chart(K.LINEE, "x", "y", unit=U, options={"da_zero": True}),
        DAYS,
        [("2022-01-01", 1.5), ("2022-06-01", None), ("2023-01-01", 2.5)],
    ),
    "gradini": figure(
        "l3",
        Chart(K.GRADINI, "x", "y", "g", "lo", "hi", unit=U),
        RANGE,
        [("a", 1, "p", 0.9, 1), ("b", 0.5, "p", 0.3, 0.6)],
    ),
    "punti": figure(
        "p1",
        Chart(
            K.PUNTI,
            "x",
            "y",
            "g",
            "lo",
            "hi",
            unit=U,
            options={"riferimenti": [{"valore": 0.25, "testo": U}]},
        ),
        RANGE,
        [
            ("a", 0.2, "p", 0.1, 0.3),
            ("a", 0.25, "q", None, None),
            ("b", Hidden(5), "p", None, None),
        ],
    ),
    "dispersione": figure(
        "d1",
        Chart(K.DISPERSIONE, "x", "y", label="n", unit=U),
        PLACES,
        [(1.5, 2.5, "uno", "a"), (1.6, 2.5, "due", "b")],
    ),
    "matrice": figure(
        "m1", Chart(K.MATRICE, "x", "y", "g", unit=U), XY, [("a", 0.2, "p"), ("b", Hidden(5), "p")]
    ),
    "matrice_presenza": figure(
        "m2",
        Chart(K.MATRICE, "x", "y", "g", options={"presenza": True}),
        XY,
        [("a", 1, "p"), ("b", 0, "p")],
    ),
    "rete": figure(
        "r1",
        Chart(K.RETE, "x", "y", "g", label="n", options={"archi": [["uno", "due", 3]]}),
        PLACES,
        [(0.5, 1.5, "uno", "a"), (1.5, 0.5, "due", "b")],
    ),
    "organigramma": figure(
        "r2",
        Chart(K.RETE, "g", "", "id", label="t", options={"forma": "organigramma"}),
        NODES,
        [(str(i % 2), f"Seggio {i}", "Organo") for i in range(5)],
    ),
    "schema": figure(
        "s1",
        Chart(K.SCHEMA, "id", "", "g", label="t", options={"nessi": [["a", "b"], ["b", "a"]]}),
        NODES,
        [
            (
                "a",
                "Risorsa con un testo molto lungo, tanto lungo da dover andare a capo",
                "Risorse",
            ),
            ("b", "Esito", "Esiti"),
        ],
    ),
    "likert": figure(
        "k1",
        Chart(K.LIKERT, "x", "y", "g", unit=U),
        XY,
        [("a", 0.2, "poco"), ("a", 0.3, "così"), ("a", 0.5, "molto"), ("b", Hidden(None), "poco")],
    ),
    "gantt": figure(
        "g1",
        Chart(K.GANTT, "x", "", "g", "lo", "hi", options={"eventi": [["2022-02-24", U]]}),
        SPANS,
        [("uno", "2020-01-01", "2023-06-30", "a"), ("due", None, None, "b")],
    ),
    "cascata": figure(
        "c1",
        Chart(K.CASCATA, "x", "y", unit=U, options={"totali": ["Inizio", "Fine"]}),
        EURO,
        [("Inizio", 1000), ("Meno", -400), ("Più", 50), ("Fine", 650)],
    ),
    "imbuto": figure(
        "i1",
        Chart(
            K.IMBUTO,
            "x",
            "y",
            label="n",
            options={"limiti": [[1, 0.5, 1.5], [9, 0.8, 1.2]], "riferimento": [1, U]},
        ),
        PLACES,
        [(2.5, 1.5, "uno", "a"), (8.5, 0.5, "due", "b")],
    ),
}
ITALIAN_FAULT = re.compile(r"\d\.\d(?!\d\d)")


def texts_drawn(monkeypatch: pytest.MonkeyPatch, block: Block, language: str) -> list[str]:
    """Return every text a figure writes: ticks, labels, legend."""
    drawn: list[str] = []
    real = mpl.text.Text.draw

    def spy(self: mpl.text.Text, renderer: Any, *args: Any, **kwargs: Any) -> None:
        if self.get_visible():
            drawn.append(self.get_text())
        real(self, renderer, *args, **kwargs)

    monkeypatch.setattr(mpl.text.Text, "draw", spy)
    render_chart(block, language, STYLE)
    return [text for text in drawn if text]


def test_every_kind_of_chart_has_a_form_and_a_sample() -> None:
    assert set(FORMS) == set(ChartKind)
    kinds = {block.chart.kind for block in BLOCKS.values() if block.chart}
    assert kinds == set(ChartKind)


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_the_same_bytes_twice_and_fit_for_a_strict_policy(name: str) -> None:
    first = render_chart(BLOCKS[name], "it", STYLE, "nome")
    again = render_chart(BLOCKS[name], "it", STYLE, "nome")
    assert (first.svg, first.png) == (again.svg, again.png)
    assert first.png.startswith(b"\x89PNG")
    assert first.width_cm <= 16.01
    assert first.height_cm <= 17.01
    root = ET.fromstring(first.svg)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"style", "script", "metadata", "image", "foreignObject"}
    assert not [element for element in root.iter() if "style" in element.attrib]
    ids = [element.get("id", "nome-") for element in root.iter()]
    assert all(item.startswith("nome-") for item in ids)
    links = re.findall(r'(?:href="|url\()#([^")]+)', first.svg)
    assert set(links) <= set(ids)
    assert root.get("aria-labelledby") == "nome-title nome-desc"


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_no_english_decimals_in_italian_figures(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = texts_drawn(monkeypatch, BLOCKS[name], "it")
    assert drawn
    assert [text for text in drawn if ITALIAN_FAULT.search(text)] == []


def test_numbers_of_axes_and_bars_in_each_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"12.500", "<5", "n.d.", "DATI SINTETICI"} <= set(texts_drawn(monkeypatch, BARS, "it"))
    assert {"12,500", "n/a", "SYNTHETIC DATA"} <= set(texts_drawn(monkeypatch, BARS, "en"))


def test_hostile_words_are_drawn_as_they_are_without_control_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = "".join(texts_drawn(monkeypatch, BARS, "it")).replace("\n", " ")
    assert "<script>alert(1)</script>" in drawn
    assert "$a$" in drawn
    assert "\u202e" not in drawn
    assert HOSTILE not in drawn


def test_map_names_values_and_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = texts_drawn(monkeypatch, MAP, "it")
    assert any("n.d. o protetto" in text for text in drawn)
    assert {"Ambito\nAlfa", "Ambito\nBeta", "N", "Confini inventati. EPSG:32632"} <= set(drawn)
    root = ET.fromstring(render_chart(MAP, "it", STYLE).svg)
    hovers = [e.text for e in root.iter("{http://www.w3.org/2000/svg}title")][1:]
    assert hovers == ["990001: 12,0%", "990002: 5,5%", "990003: <5", "990004: n.d."]


def test_a_map_without_borders_is_refused() -> None:
    with pytest.raises(BlockError, match="mancano i confini"):
        render_chart(MAP, "it", ChartStyle())


def test_a_chart_that_names_a_column_the_grid_lacks_is_refused() -> None:
    assert BARS.chart is not None
    broken = replace(BARS, chart=replace(BARS.chart, y="zz"))
    with pytest.raises(BlockError, match="zz"):
        render_chart(broken, "it", STYLE)


def test_drawing_leaves_matplotlibs_settings_alone() -> None:
    before = dict(mpl.rcParams)
    render_chart(BARS, "it", STYLE)
    assert dict(mpl.rcParams) == before
    assert RC["text.parse_math"] is False


@pytest.mark.parametrize(
    ("spec", "locs", "language", "shown"),
    [
        ("pct1", [0.0, 0.05, 0.1], "it", ["0%", "5%", "10%"]),
        ("pct1", [0.0, 0.025, 0.05], "it", ["0,0%", "2,5%", "5,0%"]),
        ("int", [0.0, 2500.0], "it", ["0", "2.500"]),
        ("int", [0.0, 0.5], "en", ["0.0", "0.5"]),
        ("", [2020.0, 2021.0], "it", ["2020", "2021"]),
        ("eur0", [-1000.0, 0.0], "it", ["−1.000\xa0€", "0\xa0€"]),
    ],
)
def test_axis_numbers(spec: str, locs: list[float], language: str, shown: list[str]) -> None:
    formatter = NumberFormatter(spec, language)
    formatter.set_locs(locs)
    assert [formatter(value) for value in locs] == shown


@pytest.mark.parametrize(
    ("values", "classes", "expected"),
    [
        ([1, 2, 3, 4, 5], [2.5, 4.0], [2.5, 4.0]),
        ([7, 7, 7], 5, []),
        ([np.nan, 3], 5, []),
        (list(range(101)), 4, [25, 50, 75]),
        ([-10, -5, 5, 10], 2, [0]),
        ([4, 6, 10, 11, 11, 12, 15], 5, [10, 11]),  # seven areas: three classes, none empty
    ],
)
def test_class_breaks(values: list[float], classes: Any, expected: list[float]) -> None:
    assert breaks_of(np.array(values, dtype=float), classes) == expected


def test_a_break_belongs_to_the_class_above_and_each_class_has_its_colour() -> None:
    assert [class_of(value, [2.0, 4.0]) for value in (1.9, 2.0, 4.0)] == [0, 1, 2]
    assert len(set(class_colours([2.0, 4.0]))) == 3
    assert len(set(class_colours([-1.0, 0.0, 2.0, 3.0]))) == 5


def test_labels_are_spread_without_changing_their_order() -> None:
    placed = spread([10.0, 10.5, 30.0, 9.0], 5.0)
    assert np.argsort(placed).tolist() == [3, 0, 1, 2]
    assert np.diff(np.sort(placed)).min() >= 5.0 - 1e-9
    assert placed[2] == 30.0


def test_an_ambito_keeps_its_colour_and_the_district_takes_none_of_theirs() -> None:
    palette = Palette((("AAA", "Ambito Alfa"), ("BBB", "Ambito Beta")))
    assert palette.colour("BBB", ["BBB"]) == palette.colour("Ambito Beta", ["x", "Ambito Beta"])
    assert palette.colour("Distretto", ["Distretto", "AAA"]) == OUTSIDERS[0]
    assert palette.colour("primo", ["primo", "secondo"]) == OKABE_ITO[0]


def test_likert_middle_and_logic_boxes() -> None:
    assert middle_of(np.array([0.2, 0.3, 0.5])) == pytest.approx(0.35)
    assert middle_of(np.array([0.2, 0.3, 0.1, 0.4])) == pytest.approx(0.5)
    boxes, height = place_boxes(Drawing(BLOCKS["schema"], "it"))
    assert boxes["a"].x < boxes["b"].x
    assert boxes["a"].height > boxes["b"].height
    assert height > boxes["a"].y + boxes["a"].height


@pytest.mark.parametrize(("width", "km"), [(40_000, 10), (9_000, 2), (1_000, 1)])
def test_scale_bar_is_a_round_length(width: float, km: int) -> None:
    assert scale_length(width) == km
