"""Blocks on the incidence of foreign residents: sentence, tables, comparison, trend, maps."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import (
    highest,
    lowest,
    one_row,
    only_ambiti,
    with_area_names,
    with_words,
)
from bgest_analysis.pages.build import figure, note, paragraph, table
from bgest_analysis.pages.territorio.texts import method_word, range_words
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

TABLE = "ind_incidenza"
COMUNI = "ind_incidenza_comuni"
LONGEST_LIST = 15


def of_year(incidenza: pd.DataFrame, anno: int) -> pd.DataFrame:
    """Return one year's rows."""
    return incidenza[incidenza["anno"] == anno]


def count_message(incidenza: pd.DataFrame, area: str, anno: int) -> Message:
    """Say what the figures of an area rest on."""
    row = one_row(incidenza, area=area, anno=anno)
    return T(
        "{comuni:int} comuni, {residenti:int} residenti, {stranieri:int} stranieri al 1° gennaio "
        "{anno}",
        comuni=int(row["n_comuni"]),
        residenti=row["residenti"],
        stranieri=row["stranieri"],
        anno=anno,
    )


def opening(incidenza: pd.DataFrame, study: Study, area: str, anno: int) -> Block:
    """Say the area's share of foreign residents, always with the number beside it."""
    row = one_row(incidenza, area=area, anno=anno)
    first = incidenza[incidenza["area"] == area]["anno"].min()
    return paragraph(
        "incidenza_frase",
        T(
            "{area}, 1° gennaio {anno}: {residenti:int} residenti, di cui {stranieri:int} "
            "stranieri, cioè il {incidenza:pct1}; dal {primo} la quota è cambiata di "
            "{variazione:sdec1} punti percentuali. I residenti di paesi non UE sono {metodo} "
            "{extra:int}, il {quota:pct1} dei residenti{campo}.",
            anno=anno,
            area=study.nome_area(area),
            residenti=row["residenti"],
            stranieri=row["stranieri"],
            incidenza=row["incidenza"],
            variazione=row["variazione_punti"],
            primo=int(first),
            metodo=method_word(row["extra_ue_metodo"]),
            extra=row["extra_ue"],
            quota=row["incidenza_extra_ue"],
            campo=range_words(row["incidenza_extra_ue_basso"], row["incidenza_extra_ue_alto"]),
        ),
    )


def table_of_areas(incidenza: pd.DataFrame, study: Study, anno: int, source: Message) -> Block:
    """Show all areas side by side in one year."""
    rows = with_area_names(of_year(incidenza, anno), study)
    return table(
        "incidenza_aree",
        rows,
        [
            ("nome_area", T("Area"), "text"),
            ("residenti", T("Residenti"), "int"),
            ("stranieri", T("Stranieri"), "int"),
            ("incidenza", T("Incidenza stranieri"), "pct1"),
            ("extra_ue", T("Extra-UE (stima)"), "int"),
            ("incidenza_extra_ue", T("Incidenza extra-UE (stima)"), "pct1"),
            ("incidenza_extra_ue_basso", T("minimo"), "pct1"),
            ("incidenza_extra_ue_alto", T("massimo"), "pct1"),
        ],
        caption=T("Residenti stranieri ed extra-UE per area, 1° gennaio {anno}", anno=anno),
        alt=T(
            "Tabella di {n} aree con residenti, stranieri, incidenza e stima degli extra-UE con il "
            "suo intervallo.",
            n=len(rows),
        ),
        source=source,
        n=count_message(incidenza, DISTRETTO, anno),
        tables=[TABLE],
    )


def table_of_comparison(incidenza: pd.DataFrame, study: Study, anno: int, source: Message) -> Block:
    """Show each area's weight in the district and its change over time."""
    rows = with_area_names(of_year(incidenza, anno), study)
    first = int(incidenza["anno"].min())
    return table(
        "confronto_aree",
        rows,
        [
            ("nome_area", T("Area"), "text"),
            ("n_comuni", T("Comuni"), "int"),
            ("stranieri", T("Stranieri"), "int"),
            ("quota_distretto", T("Quota degli stranieri del distretto"), "pct1"),
            ("quoziente", T("Quoziente di localizzazione"), "dec2"),
            ("variazione_punti", T("Variazione dal {anno} (punti)", anno=first), "sdec1"),
        ],
        caption=T("Peso di ogni area nel distretto, 1° gennaio {anno}", anno=anno),
        alt=T("Tabella di {n} aree con peso nel distretto e variazione.", n=len(rows)),
        source=source,
        n=count_message(incidenza, DISTRETTO, anno),
        tables=[TABLE],
    )


def chart_of_areas(incidenza: pd.DataFrame, study: Study, anno: int, source: Message) -> Block:
    """Draw the Ambiti side by side: all foreigners, and non-EU with its range."""
    rows = with_area_names(only_ambiti(of_year(incidenza, anno)), study)
    whole = one_row(incidenza, area=DISTRETTO, anno=anno)
    foreign = rows.assign(definizione="stranieri", valore=rows["incidenza"], basso=None, alto=None)
    non_eu = rows.assign(
        definizione="extra_ue",
        valore=rows["incidenza_extra_ue"],
        basso=rows["incidenza_extra_ue_basso"],
        alto=rows["incidenza_extra_ue_alto"],
    )
    columns = ["nome_area", "area", "definizione", "valore", "basso", "alto"]
    points = pd.concat(
        [foreign[columns], non_eu[columns].astype(foreign[columns].dtypes.to_dict())]
    )
    labels = {"stranieri": T("tutti gli stranieri"), "extra_ue": T("extra-UE (stima)")}
    points = with_words(points, definizione=[labels[d] for d in points["definizione"]])
    top = highest(rows, "incidenza")
    low = lowest(rows, "incidenza")
    return figure(
        "incidenza_confronto",
        ChartKind.PUNTI,
        points.reset_index(drop=True),
        [
            ("nome_area", T("Ambito"), "text"),
            ("definizione", T("Definizione"), "text"),
            ("valore", T("Incidenza"), "pct1"),
            ("basso", T("minimo"), "pct1"),
            ("alto", T("massimo"), "pct1"),
        ],
        {"x": "nome_area", "y": "valore", "group": "definizione", "low": "basso", "high": "alto"},
        caption=T("Incidenza sui residenti per Ambito, 1° gennaio {anno}", anno=anno),
        alt=T(
            "Grafico a punti degli Ambiti: l'incidenza degli stranieri va da {low:pct1} "
            "({low_name}) a {high:pct1} ({high_name}); nel distretto è {whole:pct1}.",
            low=low["incidenza"],
            low_name=low["nome_area"],
            high=top["incidenza"],
            high_name=top["nome_area"],
            whole=whole["incidenza"],
        ),
        source=source,
        n=count_message(incidenza, DISTRETTO, anno),
        tables=[TABLE],
        unit=T("% dei residenti"),
        options={
            "riferimenti": [
                {
                    "valore": whole["incidenza"],
                    "testo": T("distretto, stranieri: {v:pct1}", v=whole["incidenza"]),
                }
            ]
        },
    )


def chart_of_trend(incidenza: pd.DataFrame, study: Study, area: str, source: Message) -> Block:
    """Draw the incidence of each Ambito over the years; the area of the page stands out."""
    rows = with_area_names(incidenza, study).dropna(subset=["incidenza"])
    first, last = int(rows["anno"].min()), int(rows["anno"].max())
    start = one_row(rows, area=area, anno=first)["incidenza"]
    end = one_row(rows, area=area, anno=last)["incidenza"]
    return figure(
        "incidenza_andamento",
        ChartKind.LINEE,
        rows,
        [
            ("anno", T("Anno"), "text"),
            ("nome_area", T("Area"), "text"),
            ("incidenza", T("Incidenza stranieri"), "pct1"),
            ("stranieri", T("Stranieri"), "int"),
        ],
        {"x": "anno", "y": "incidenza", "group": "nome_area"},
        caption=T("Incidenza dei residenti stranieri al 1° gennaio, {a}–{b}", a=first, b=last),
        alt=T(
            "Serie annuali per area. {area}: l'incidenza passa da {start:pct1} nel {a} a "
            "{end:pct1} nel {b}.",
            area=study.nome_area(area),
            start=start,
            end=end,
            a=first,
            b=last,
        ),
        source=source,
        n=T("{n:int} osservazioni (aree per anni)", n=len(rows)),
        tables=[TABLE],
        unit=T("% dei residenti"),
        options={"evidenzia": [study.nome_area(area)]},
    )


def table_of_years(incidenza: pd.DataFrame, study: Study, area: str, source: Message) -> Block:
    """Show an area year by year, with the status of each figure."""
    rows = incidenza[incidenza["area"] == area]
    shown = with_words(rows, stato=[status_name(status) for status in rows["stato_dato"]])
    return table(
        "incidenza_anni",
        shown,
        [
            ("anno", T("1° gennaio"), "text"),
            ("residenti", T("Residenti"), "int"),
            ("stranieri", T("Stranieri"), "int"),
            ("incidenza", T("Incidenza stranieri"), "pct1"),
            ("extra_ue", T("Extra-UE (stima)"), "int"),
            ("incidenza_extra_ue", T("Incidenza extra-UE (stima)"), "pct1"),
            ("stato", T("Stato del dato"), "text"),
        ],
        caption=T("{area}: residenti stranieri anno per anno", area=study.nome_area(area)),
        alt=T("Tabella di {n} anni con residenti, stranieri e incidenza.", n=len(rows)),
        source=source,
        n=T("{n:int} comuni", n=len(study.comuni_area(area))),
        tables=[TABLE],
    )


STATUSES = {
    "definitivo": T("definitivo"),
    "provvisorio": T("provvisorio"),
    "ricostruito": T("ricostruito"),
    "prima_diffusione": T("prima diffusione"),
    "non_noto": T("non noto"),
}


def status_name(status: str) -> Message:
    """Return the words for a figure's status."""
    return STATUSES[status]


def table_of_comuni(
    comuni: pd.DataFrame, study: Study, area: str, anno: int, source: Message
) -> Block:
    """Show the comuni of an Ambito, or those of the district with the highest incidence."""
    rows = comuni[comuni["anno"] == anno]
    rows = rows[rows["cod_istat"].isin(study.comuni_area(area)["cod_istat"])]
    total = len(rows)
    rows = rows.sort_values(["incidenza", "cod_istat"], ascending=[False, True])
    rows = with_area_names(rows, study, "ambito_id")
    caption = T("{area}: residenti stranieri per comune, 1° gennaio {anno}")
    if area == DISTRETTO:
        rows = rows.head(LONGEST_LIST)
        caption = T("{area}: i {shown} comuni con l'incidenza più alta, 1° gennaio {anno}")
    values = {"area": study.nome_area(area), "anno": anno, "shown": len(rows)}
    used = {key: value for key, value in values.items() if "{" + key + "}" in caption.template}
    return table(
        "incidenza_comuni",
        rows,
        [
            ("comune", T("Comune"), "text"),
            ("nome_area", T("Ambito"), "text"),
            ("residenti", T("Residenti"), "int"),
            ("stranieri", T("Stranieri"), "int"),
            ("incidenza", T("Incidenza stranieri"), "pct1"),
        ],
        caption=Message(caption.template, used),
        alt=T("Tabella di {n} comuni ordinati per incidenza.", n=len(rows)),
        source=source,
        n=T("{shown:int} comuni su {total:int}", shown=len(rows), total=total),
        tables=[COMUNI],
    )


def map_of_comuni(
    comuni: pd.DataFrame, study: Study, area: str, anno: int, source: Message
) -> Block:
    """Draw the incidence of each comune."""
    rows = comuni[comuni["anno"] == anno]
    rows = rows[rows["cod_istat"].isin(study.comuni_area(area)["cod_istat"])]
    top = highest(rows, "incidenza")
    low = lowest(rows, "incidenza")
    return figure(
        "mappa_comuni",
        ChartKind.MAPPA,
        rows.reset_index(drop=True),
        [
            ("cod_istat", T("Codice ISTAT"), "text"),
            ("comune", T("Comune"), "text"),
            ("ambito_id", T("Ambito"), "text"),
            ("residenti", T("Residenti"), "int"),
            ("stranieri", T("Stranieri"), "int"),
            ("incidenza", T("Incidenza stranieri"), "pct1"),
        ],
        {"x": "cod_istat", "y": "incidenza", "group": "ambito_id", "label": "comune"},
        caption=T(
            "{area}: incidenza dei residenti stranieri per comune, 1° gennaio {anno}",
            area=study.nome_area(area),
            anno=anno,
        ),
        alt=T(
            "Mappa dei comuni: l'incidenza va da {low:pct1} ({low_name}) a {high:pct1} "
            "({high_name}).",
            low=low["incidenza"],
            low_name=low["comune"],
            high=top["incidenza"],
            high_name=top["comune"],
        ),
        source=source,
        n=T("{n:int} comuni", n=len(rows)),
        tables=[COMUNI],
        unit=T("% dei residenti"),
        options={"livello": "comune", "annata": anno},
    )


def map_of_ambiti(incidenza: pd.DataFrame, study: Study, anno: int, source: Message) -> Block:
    """Draw the incidence of each Ambito."""
    rows = with_area_names(only_ambiti(of_year(incidenza, anno)), study)
    members = study.comuni[["cod_istat", "ambito_id"]].to_dict("records")
    top = highest(rows, "incidenza")
    return figure(
        "mappa_ambiti",
        ChartKind.MAPPA,
        rows.reset_index(drop=True),
        [
            ("area", T("Codice"), "text"),
            ("nome_area", T("Ambito"), "text"),
            ("residenti", T("Residenti"), "int"),
            ("stranieri", T("Stranieri"), "int"),
            ("incidenza", T("Incidenza stranieri"), "pct1"),
        ],
        {"x": "area", "y": "incidenza", "label": "nome_area"},
        caption=T("Incidenza dei residenti stranieri per Ambito, 1° gennaio {anno}", anno=anno),
        alt=T(
            "Mappa degli Ambiti: l'incidenza più alta è quella di {name} ({value:pct1}).",
            name=top["nome_area"],
            value=top["incidenza"],
        ),
        source=source,
        n=count_message(incidenza, DISTRETTO, anno),
        tables=[TABLE],
        unit=T("% dei residenti"),
        options={
            "livello": "ambito",
            "annata": anno,
            "comuni": [f"{row['cod_istat']}:{row['ambito_id']}" for row in members],
        },
    )


def vintage_note(vintages: tuple[str, ...]) -> Block:
    """Say which vintages are mixed."""
    return note("annate", T("Annate dei dati: {annate}.", annate="; ".join(vintages)))


def headlines(incidenza: pd.DataFrame, area: str, anno: int) -> list[dict[str, Any]]:
    """Return the headline values of the profile, as fields of ``notebook.door.Result``."""
    row = one_row(incidenza, area=area, anno=anno)
    estimated = row["extra_ue_metodo"] == "stimata"
    common = {"ambito": area, "n": int(row["residenti"])}
    return [
        {
            **common,
            "codice": "C1",
            "stima": float(row["incidenza_extra_ue"]),
            "basso": float(row["incidenza_extra_ue_basso"]),
            "alto": float(row["incidenza_extra_ue_alto"]),
            "intervallo": "campo di variazione dell'ipotesi",
            "forza": "media" if estimated else "forte",
            "blocco": "incidenza_aree",
        },
        {
            **common,
            "codice": "C1S",
            "stima": float(row["incidenza"]),
            "basso": None,
            "alto": None,
            "intervallo": "nessuno: conteggio anagrafico",
            "forza": "forte",
            "blocco": "incidenza_aree",
        },
    ]
