"""Blocks on the finding: what the percentages titled "Extra UE" on the slides really measure."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import highest, lowest, one_row, with_area_names, with_words
from bgest_analysis.pages.build import figure, paragraph, table, warning
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

GAPS = "ind_confronto_slide"
SUMMARY = "ind_confronto_sintesi"
DEFINITIONS = {"stranieri": T("tutti gli stranieri"), "extra_ue": T("extra-UE (stima)")}


def best(sintesi: pd.DataFrame, definition: str) -> pd.Series:
    """Return the year in which a definition comes closest to the slides."""
    rows = sintesi[sintesi["definizione"] == definition]
    return lowest(rows, "scarto_medio")


def finding(sintesi: pd.DataFrame, confronto: pd.DataFrame, study: Study) -> list[Block]:
    """Say which definition the slides are compatible with; every number is computed."""
    foreign, non_eu = best(sintesi, "stranieri"), best(sintesi, "extra_ue")
    closer, other = (
        (foreign, non_eu)
        if foreign["scarto_medio"] <= non_eu["scarto_medio"]
        else (non_eu, foreign)
    )
    first, last = int(sintesi["anno"].min()), int(sintesi["anno"].max())
    blocks = [
        paragraph(
            "slide_esito",
            T(
                "Le percentuali delle slide, intitolate «Extra UE», sono compatibili con "
                "l'incidenza di {closer}: nell'anno più vicino ({year}) lo scarto medio assoluto è "
                "{gap:dec2} punti e il massimo {worst:dec2} ({worst_name}). Non lo sono con "
                "l'incidenza di {other}: lo scarto medio è almeno {other_gap:dec2} punti "
                "({other_year}).",
                closer=DEFINITIONS[closer["definizione"]],
                year=int(closer["anno"]),
                gap=closer["scarto_medio"],
                worst=closer["scarto_massimo"],
                worst_name=study.nome_area(closer["ambito_massimo"]),
                other=DEFINITIONS[other["definizione"]],
                other_gap=other["scarto_medio"],
                other_year=int(other["anno"]),
            ),
        )
    ]
    blocks += _misfits(closer, confronto, study)
    blocks.append(
        warning(
            "slide_cautele",
            T(
                "Le slide non dicono anno né denominatore. Gli anni prima del {first} e dopo il "
                "{last} non sono stati provati; le annate dei dati ufficiali sono miste; gli "
                "extra-UE sono una stima. Il titolo della colonna va verificato con il Consorzio "
                "prima di usarlo.",
                first=first,
                last=last,
            ),
        )
    )
    return blocks


def _misfits(closer: pd.Series, confronto: pd.DataFrame, study: Study) -> list[Block]:
    excluded = [code for code in str(closer["esclusi"]).split("|") if code]
    if not excluded:
        return []
    rows = confronto[confronto["definizione"] == closer["definizione"]]
    own = rows[rows["ambito_id"] == excluded[0]]
    return [
        paragraph(
            "slide_eccezioni",
            T(
                "{names}: il valore delle slide non torna in alcun anno provato. Per {one} le "
                "slide scrivono {slide:dec1}%, il ricalcolo va da {low:dec1}% a {high:dec1}%. "
                "Senza {names} lo scarto medio scende a {gap:dec2} punti (massimo {worst:dec2}).",
                names=[study.nome_area(code) for code in excluded],
                one=study.nome_area(excluded[0]),
                slide=own["valore_slide_pct"].iloc[0],
                low=own["ricalcolato_pct"].min(),
                high=own["ricalcolato_pct"].max(),
                gap=closer["scarto_medio_senza"],
                worst=closer["scarto_massimo_senza"],
            ),
        )
    ]


def table_of_gaps(
    confronto: pd.DataFrame,
    incidenza: pd.DataFrame,
    study: Study,
    years: list[int],
    source: Message,
) -> Block:
    """Show the slide beside all foreigners (two years) and estimated non-EU with its range."""
    foreign = confronto[confronto["definizione"] == "stranieri"]
    wide = foreign[["ambito_id", "valore_slide_pct"]].drop_duplicates().set_index("ambito_id")
    for year in years:
        of_year = foreign[foreign["anno"] == year].set_index("ambito_id")
        wide[f"stranieri_{year}"] = of_year["ricalcolato_pct"]
        wide[f"scarto_{year}"] = of_year["scarto_punti"]
    last = years[-1]
    estimate = incidenza[incidenza["anno"] == last].set_index("area")
    for suffix in ("", "_basso", "_alto"):
        wide[f"extra{suffix}"] = 100 * estimate[f"incidenza_extra_ue{suffix}"]
    wide["scarto_extra"] = wide["extra"] - wide["valore_slide_pct"]
    rows = with_area_names(wide.reset_index(), study, "ambito_id")
    rows = rows.sort_values("valore_slide_pct", ascending=False)
    by_year = [
        column
        for year in years
        for column in (
            (f"stranieri_{year}", T("Stranieri {y} (%)", y=year), "dec2"),
            (f"scarto_{year}", T("Scarto {y} (punti)", y=year), "sdec2"),
        )
    ]
    return table(
        "slide_tabella",
        rows,
        [
            ("nome_area", T("Ambito"), "text"),
            ("valore_slide_pct", T("Slide, «Extra UE» (%)"), "dec2"),
            *by_year,
            ("extra", T("Extra-UE stimati {y} (%)", y=last), "dec2"),
            ("extra_basso", T("minimo"), "dec2"),
            ("extra_alto", T("massimo"), "dec2"),
            ("scarto_extra", T("Scarto extra-UE (punti)"), "sdec2"),
        ],
        caption=T("La tabella delle slide, ricalcolata dai dati ufficiali"),
        alt=T("Tabella di {n} Ambiti: valore delle slide, ricalcoli e scarti.", n=len(rows)),
        source=source,
        n=T("{n:int} Ambiti, {c:int} comuni", n=len(rows), c=len(study.comuni)),
        tables=[GAPS, "ind_incidenza"],
    )


def table_of_years(sintesi: pd.DataFrame, study: Study, source: Message) -> Block:
    """Show mean and largest gap for each definition and year."""
    rows = with_words(
        sintesi,
        nome=[DEFINITIONS[d] for d in sintesi["definizione"]],
        massimo_in=[study.nome_area(code) for code in sintesi["ambito_massimo"]],
    )
    excluded = [study.nome_area(c) for c in str(sintesi["esclusi"].iloc[0]).split("|") if c]
    without = T("Scarto medio senza {names}", names=excluded) if excluded else T("Scarto medio")
    return table(
        "slide_anni",
        rows,
        [
            ("nome", T("Definizione"), "text"),
            ("anno", T("1° gennaio"), "text"),
            ("scarto_medio", T("Scarto medio"), "dec2"),
            ("scarto_massimo", T("Scarto massimo"), "dec2"),
            ("massimo_in", T("Massimo in"), "text"),
            ("scarto_medio_senza", without, "dec2"),
        ],
        caption=T("Scarti assoluti dalle slide per definizione e anno (punti percentuali)"),
        alt=T("Tabella di {n} combinazioni di definizione e anno con i loro scarti.", n=len(rows)),
        source=source,
        n=T("{n:int} Ambiti per ogni riga", n=len(study.ambiti)),
        tables=[SUMMARY],
    )


def chart_of_gaps(confronto: pd.DataFrame, study: Study, year: int, source: Message) -> Block:
    """Draw, for each Ambito, the slide's value and the two recomputed ones."""
    rows = with_area_names(confronto[confronto["anno"] == year], study, "ambito_id")
    slide = rows[rows["definizione"] == "stranieri"].assign(
        serie="slide", valore=lambda t: t["valore_slide_pct"]
    )
    both = rows.assign(serie=rows["definizione"], valore=rows["ricalcolato_pct"])
    points = pd.concat([slide, both], ignore_index=True)
    labels = {"slide": T("slide, «Extra UE»"), **DEFINITIONS}
    points = with_words(points, serie=[labels[s] for s in points["serie"]])
    points = points.assign(valore=points["valore"] / 100)
    far = highest(rows.assign(_scarto=rows["scarto_punti"].abs()), "_scarto")
    return figure(
        "slide_grafico",
        ChartKind.PUNTI,
        points,
        [
            ("nome_area", T("Ambito"), "text"),
            ("serie", T("Serie"), "text"),
            ("valore", T("Incidenza"), "pct1"),
        ],
        {"x": "nome_area", "y": "valore", "group": "serie"},
        caption=T("Le slide e i due ricalcoli, 1° gennaio {year}", year=year),
        alt=T(
            "Per ogni Ambito tre punti: slide, tutti gli stranieri, extra-UE stimati. Lo scarto "
            "più grande è in {name}: {gap:sdec1} punti.",
            name=far["nome_area"],
            gap=far["scarto_punti"],
        ),
        source=source,
        n=T("{n:int} Ambiti", n=len(study.ambiti)),
        tables=[GAPS],
        unit=T("% dei residenti"),
    )


def own_gap(confronto: pd.DataFrame, study: Study, area: str, year: int) -> Block:
    """Say, for one Ambito, what the slide writes and what the figures give."""
    foreign = one_row(confronto, ambito_id=area, definizione="stranieri", anno=year)
    non_eu = one_row(confronto, ambito_id=area, definizione="extra_ue", anno=year)
    return paragraph(
        "slide_ambito",
        T(
            "Per {area} le slide scrivono {slide:dec1}% sotto il titolo «Extra UE». Al 1° gennaio "
            "{year} gli stranieri sono {foreign:dec1}% dei residenti ({gap:sdec2} punti), gli "
            "extra-UE stimati {non_eu:dec1}% ({gap2:sdec2} punti). Il confronto completo è nel "
            "dossier del distretto.",
            area=study.nome_area(area),
            slide=foreign["valore_slide_pct"],
            year=year,
            foreign=foreign["ricalcolato_pct"],
            gap=foreign["scarto_punti"],
            non_eu=non_eu["ricalcolato_pct"],
            gap2=non_eu["scarto_punti"],
        ),
    )


def section(
    confronto: pd.DataFrame,
    sintesi: pd.DataFrame,
    incidenza: pd.DataFrame,
    study: Study,
    area: str,
    anno: int,
    source: Message,
) -> list[Block]:
    """Return the whole comparison for the district, or one Ambito's own line."""
    if area != DISTRETTO:
        return [own_gap(confronto, study, area, anno)]
    closest = int(best(sintesi, "stranieri")["anno"])
    years = sorted({closest, anno})
    return [
        *finding(sintesi, confronto, study),
        table_of_gaps(confronto, incidenza, study, years, source),
        chart_of_gaps(confronto, study, closest, source),
        table_of_years(sintesi, study, source),
    ]


def headline(sintesi: pd.DataFrame, area: str) -> dict[str, Any]:
    """Return the mean gap of the closest definition, as fields of ``notebook.door.Result``."""
    closest = lowest(sintesi, "scarto_medio")
    return {
        "codice": "C1G",
        "ambito": area,
        "stima": float(closest["scarto_medio"]),
        "basso": None,
        "alto": None,
        "n": None,
        "intervallo": "nessuno: differenza tra valori pubblicati",
        "forza": "forte",
        "blocco": "slide_anni",
    }
