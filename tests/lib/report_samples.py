"""An invented study for tests of documents: two Ambiti, four square comuni, a short dossier."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
from shapely.geometry import box

from bgest_analysis.blocks import Block, Chart, ChartKind, Column, Grid, Kind
from bgest_analysis.report.charts.drawing import MapSource
from bgest_analysis.report.charts.render import ChartStyle
from bgest_analysis.report.dossier import Colophon, Dossier, InputFile, Meta, Section
from bgest_analysis.report.theme import Palette
from bgest_analysis.text.formats import Hidden
from bgest_analysis.text.messages import Message, T

AMBITI = (("AAA", "Ambito Alfa"), ("BBB", "Ambito Beta"))
AMBITO_OF = {"990001": "AAA", "990002": "AAA", "990003": "BBB", "990004": "BBB"}
HOSTILE = "<script>alert(1)</script> #x $a$ @b [[t1]] \u202eabc\x07 =1+1"


def borders(codes: object) -> gpd.GeoDataFrame:
    """Return four squares side by side, in degrees."""
    wanted = list(codes)  # type: ignore[call-overload]
    squares = [
        box(9.8 + 0.1 * (int(c) - 990001), 45.7, 9.9 + 0.1 * (int(c) - 990001), 45.8)
        for c in wanted
    ]
    return gpd.GeoDataFrame({"cod_istat": wanted}, geometry=squares, crs="EPSG:4326")


STYLE = ChartStyle(Palette(AMBITI), MapSource(borders, AMBITO_OF, Message("Confini inventati")))


def columns(*items: tuple[str, str, str]) -> tuple[Column, ...]:
    """Make grid columns from (key, title, format)."""
    return tuple(Column(key, Message(title), spec) for key, title, spec in items)


def figure(
    id: str,
    chart: Chart,
    heads: tuple[Column, ...],
    rows: list[tuple[object, ...]],
    origin: str = "pubblica",
) -> Block:
    """Make a figure block with every text it must have."""
    return Block(
        id,
        Kind.FIGURE,
        Message(f"Figura di prova {id}"),
        alt=Message(f"Descrizione della figura {id}"),
        source=Message("Fonte inventata"),
        n=T("n = {n:int}", n=12345),
        origin=origin,
        grid=Grid(heads, tuple(rows)),
        chart=chart,
    )


def table(
    id: str, heads: tuple[Column, ...], rows: list[tuple[object, ...]], **more: object
) -> Block:
    """Make a table block with every text it must have."""
    return Block(
        id,
        Kind.TABLE,
        Message(f"Tabella di prova {id}"),
        alt=Message(f"Descrizione della tabella {id}"),
        source=Message("Fonte inventata"),
        n=T("n = {n:int}", n=12345),
        grid=Grid(heads, tuple(rows)),
        **more,  # type: ignore[arg-type]
    )


TABLE = table(
    "t1",
    columns(
        ("a", "Ambito", "text"),
        ("n", "Residenti", "int"),
        ("q", "Incidenza", "pct1"),
        ("d", "Scarto", "sdec2"),
        ("e", "Spesa", "eur2"),
        ("g", "Data", "date"),
        ("y", "Anno", ""),
    ),
    [
        ("Ambito Alfa", 41234, 0.1378, -0.204, 1234.5, "2023-01-01", 2023),
        ("Ambito Beta", 1234567, 0.0641, 0.5, None, None, 2021),
        (T("Distretto"), Hidden(5), Hidden(None), 0.0, 0.0, "2022-12-31", 2020),
    ],
)
WIDE = table(
    "t2",
    columns(("a", "Riga", "text"), *((f"c{i}", str(2000 + i), "int") for i in range(16))),
    [(HOSTILE, *(1_000_000 + 37 * i for i in range(16)))],
    origin="sintetica",
    suppression=Message("celle sotto cinque nascoste"),
)
MAP = figure(
    "f1",
    Chart(ChartKind.MAPPA, "cod", "q", unit=Message("Quota")),
    columns(("cod", "Codice", "text"), ("q", "Incidenza", "pct1")),
    [("990001", 0.12), ("990002", 0.055), ("990003", Hidden(5))],
)
BARS = figure(
    "f2",
    Chart(ChartKind.BARRE, "a", "n", unit=Message("Persone")),
    columns(("a", "Ambito", "text"), ("n", "Persone", "int")),
    [("Ambito Alfa", 12500), (HOSTILE, 7300), ("Terzo", Hidden(5)), ("Quarto", None)],
    origin="sintetica",
)


def paragraph(id: str, template: str, **values: object) -> Block:
    """Make a paragraph block."""
    return Block(id, Kind.PARAGRAPH, Message(template, values))


TERRITORIO = Section(
    "01_territorio",
    Message("Titolo sostituito"),
    (
        Block("h0", Kind.TITLE, Message("Il territorio"), level=1),
        paragraph(
            "p1", "Si vedano [[t1]], [[f1]], [[h2]], [[00_sintesi:]] e [[c1]]. Errato: [[zz]]."
        ),
        Block("h1", Kind.TITLE, Message("Residenti"), level=2),
        TABLE,
        MAP,
        Block("h2", Kind.TITLE, Message("Confronti"), level=2),
        Block("h3", Kind.TITLE, Message("Dettagli"), level=3),
        WIDE,
        BARS,
        Block("w1", Kind.WARNING, Message("Attenzione ai numeri")),
        Block("n1", Kind.NOTE, Message("Una nota")),
        Block("s1", Kind.SOURCE, Message("Elaborazioni inventate")),
        Block("x1", Kind.FORMULA, Message("QL = a / b")),
        Block("c1", Kind.CITATION, Message("Autore (2020). Opera.")),
    ),
    notebook="../../notebooks/distretto/01_territorio.ipynb",
)
SINTESI = Section(
    "00_sintesi",
    Message("Sintesi"),
    (
        paragraph("p1", "Residenti: {n:int}.\n\nSeconda parte.", n=393212),
        paragraph("p2", "- primo\n- secondo con [[01_territorio:t1]]"),
        Block("c1", Kind.CITATION, Message("Autore (2020). Opera.")),
    ),
)
EFFETTI = Section("05_effetti", Message("Effetti"), missing=Message("Serve il registro."))
DOSSIER = Dossier(
    "distretto",
    Message("Profilo di prova"),
    Message("Un sottotitolo"),
    (SINTESI, TERRITORIO, EFFETTI),
    Colophon(
        "esecuzione-1",
        "abcdef123456",
        (InputFile("data/raw/a.csv", "ab" * 32, "pubblica", "ISTAT"),),
        (("python", "3.11"),),
        (("anno", "2023"),),
        ("Contatto: ufficio",),
    ),
    Meta(
        "prova",
        "Studio di prova",
        dt.date(2026, 11, 3),
        ("Gruppo di valutazione",),
        "Università di prova",
        ("Progetto co-finanziato", "Fondo di prova"),
        Message("Bergamo"),
    ),
)
