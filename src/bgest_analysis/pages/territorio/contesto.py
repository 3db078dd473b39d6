"""Blocks on the context: non-EU share by province, citizenships, distribution, income."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import highest, lowest, one_row, with_area_names, with_words
from bgest_analysis.pages.build import (
    figure,
    formula,
    note,
    paragraph,
    table,
    unavailable,
)
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

TOP = 10
INDICES = {
    "dissimilarita": T("Dissimilarità (D)"),
    "isolamento": T("Isolamento (xPx)"),
    "concentrazione": T("Concentrazione (Delta)"),
}


def non_eu_assumption(quote: pd.DataFrame, incidenza: pd.DataFrame) -> list[Block]:
    """Say how non-EU residents are estimated, and how far the assumption can move them."""
    year = int(quote["anno"].max())
    rows = quote[quote["anno"] == year]
    own = one_row(rows, riferimento=True)
    low = lowest(rows, "quota_extra_ue")
    high = highest(rows, "quota_extra_ue")
    estimated = incidenza[incidenza["extra_ue_metodo"] == "stimata"]
    others = sorted(set(estimated["anno"]) - set(quote["anno"]))
    blocks = [
        formula(
            "extra_ue_formula",
            T("extra-UE = stranieri × quota extra-UE della provincia nell'anno più vicino"),
        ),
        paragraph(
            "extra_ue_ipotesi",
            T(
                "La cittadinanza per comune non è ancora caricata: i residenti extra-UE sono una "
                "stima. Si applica a ogni comune la quota extra-UE degli stranieri della "
                "provincia di {name} ({own:pct1} al 1° gennaio {year}). L'intervallo usa la quota "
                "più bassa e la più alta tra le province della regione in quell'anno ({n}): "
                "{low:pct1} ({low_name}) e {high:pct1} ({high_name}).",
                name=own["provincia"],
                own=own["quota_extra_ue"],
                year=year,
                n=len(rows),
                low=low["quota_extra_ue"],
                low_name=low["provincia"],
                high=high["quota_extra_ue"],
                high_name=high["provincia"],
            ),
        ),
    ]
    if others:
        blocks.append(
            note(
                "extra_ue_altri_anni",
                T(
                    "La quota del {year} è usata anche per gli anni {others}, per i quali non è "
                    "disponibile.",
                    year=year,
                    others=[int(other) for other in others],
                ),
            )
        )
    return blocks


def table_of_provinces(quote: pd.DataFrame, source: Message) -> Block:
    """Show the non-EU share of each province of the region."""
    year = int(quote["anno"].max())
    rows = quote[quote["anno"] == year].sort_values("quota_extra_ue", ascending=False)
    return table(
        "quota_province",
        rows,
        [
            ("provincia", T("Provincia"), "text"),
            ("stranieri", T("Stranieri"), "int"),
            ("ue", T("di cui cittadini UE"), "int"),
            ("quota_extra_ue", T("Quota extra-UE"), "pct2"),
        ],
        caption=T("Quota extra-UE degli stranieri residenti per provincia, 1° gennaio {y}", y=year),
        alt=T("Tabella di {n} province con stranieri, cittadini UE e quota extra-UE.", n=len(rows)),
        source=source,
        n=T("{n:int} stranieri residenti", n=int(rows["stranieri"].sum())),
        tables=["ind_quota_extra_ue"],
    )


def citizenships(cittadinanze: pd.DataFrame, provincia: str, source: Message) -> list[Block]:
    """Show the most frequent citizenships of the province."""
    year = int(cittadinanze["anno"].max())
    rows = cittadinanze[cittadinanze["anno"] == year]
    top = rows[rows["rango"] <= TOP]
    total = int(rows["n"].sum())
    first = top.iloc[0]
    n = T("{n:int} stranieri residenti di {k:int} cittadinanze", n=total, k=len(rows))
    tables = ["ind_cittadinanze"]
    columns = [
        ("rango", T("Posizione"), "int"),
        ("paese", T("Cittadinanza"), "text"),
        ("n", T("Residenti"), "int"),
        ("maschi", T("Maschi"), "int"),
        ("femmine", T("Femmine"), "int"),
        ("quota", T("Quota sugli stranieri"), "pct1"),
        ("ue", T("UE"), "text"),
    ]
    values = {"year": year, "name": provincia}
    return [
        paragraph(
            "cittadinanze_frase",
            T(
                "Nella provincia di {name} al 1° gennaio {year} la cittadinanza più numerosa è "
                "{first} ({n:int} residenti, {quota:pct1} degli stranieri); le prime {top} "
                "raccolgono {share:pct1}. Il dato per comune e cittadinanza non è ancora caricato.",
                **values,
                first=first["paese"],
                n=first["n"],
                quota=first["quota"],
                top=len(top),
                share=float(top["quota"].sum()),
            ),
        ),
        figure(
            "cittadinanze_grafico",
            ChartKind.BARRE,
            top,
            columns,
            {"x": "paese", "y": "n"},
            caption=T(
                "Le prime {top} cittadinanze, provincia di {name}, {year}", top=TOP, **values
            ),
            alt=T(
                "Barre delle prime {top} cittadinanze, da {first} ({n:int}) in giù.",
                top=len(top),
                first=first["paese"],
                n=first["n"],
            ),
            source=source,
            n=n,
            tables=tables,
            unit=T("residenti"),
        ),
        table(
            "cittadinanze_tabella",
            top,
            columns,
            caption=T(
                "Stranieri residenti per cittadinanza, provincia di {name}, 1° gennaio {year}",
                **values,
            ),
            alt=T("Tabella delle prime {top} cittadinanze.", top=len(top)),
            source=source,
            n=n,
            tables=tables,
        ),
    ]


def distribution(
    segregazione: pd.DataFrame, study: Study, area: str, anno: int, source: Message
) -> list[Block]:
    """Show how unevenly foreign residents are spread between comuni, and what chance would do."""
    rows = segregazione[(segregazione["anno"] == anno) & (segregazione["area"] == area)]
    shown = with_words(rows, nome=[INDICES[index] for index in rows["indice"]])
    uneven = one_row(rows, indice="dissimilarita")
    return [
        paragraph(
            "distribuzione_frase",
            T(
                "{area}: perché la quota di stranieri fosse la stessa in tutti i comuni dovrebbe "
                "cambiare comune il {d:pct1} degli stranieri (indice di dissimilarità); corretto "
                "per le piccole unità il valore è {corrected:pct1}.",
                area=study.nome_area(area),
                d=uneven["stima"],
                corrected=uneven["corretto"],
            ),
        ),
        table(
            "distribuzione_tabella",
            shown,
            [
                ("nome", T("Indice"), "text"),
                ("stima", T("Valore"), "dec3"),
                ("corretto", T("Corretto per le piccole unità"), "dec3"),
                ("atteso_caso", T("Atteso per solo caso"), "dec3"),
            ],
            caption=T(
                "{area}: distribuzione degli stranieri tra i comuni, 1° gennaio {anno}",
                area=study.nome_area(area),
                anno=anno,
            ),
            alt=T("Tabella di {n} indici di distribuzione tra comuni.", n=len(rows)),
            source=source,
            n=T("{n:int} comuni", n=uneven["n_comuni"]),
            tables=["ind_segregazione"],
        ),
        note(
            "distribuzione_nota",
            T(
                "D = ½ Σ |stranieri_i/S − italiani_i/I|; xPx = Σ (stranieri_i/S)(stranieri_i/"
                "residenti_i); Delta = ½ Σ |stranieri_i/S − superficie_i/superficie|. "
                "Correzione di Allen e altri (2015). Gli indici descrivono i comuni, non i "
                "quartieri: dentro un comune la distribuzione non è nota."
            ),
        ),
    ]


def income_sentence(now: pd.Series, whole: pd.Series, study: Study, area: str) -> Block:
    """Say the area's mean taxable income beside the district's, and what it does not say."""
    values = {
        "area": study.nome_area(area),
        "year": int(now["anno_imposta"]),
        "value": now["imponibile_medio_eur"],
    }
    first = T(
        "{area}, {year}: il reddito imponibile medio per contribuente con imponibile è "
        "{value:eur0}.",
        **values,
    )
    if area != DISTRETTO:
        first = T(
            "{area}, {year}: il reddito imponibile medio per contribuente con imponibile è "
            "{value:eur0}; nell'insieme del distretto {whole:eur0}.",
            **values,
            whole=whole["imponibile_medio_eur"],
        )
    return paragraph(
        "redditi_frase",
        T(
            "{first} Sono euro correnti, non corretti per l'inflazione, e riguardano tutti i "
            "contribuenti: è un dato di contesto e non dice nulla sul reddito degli stranieri.",
            first=first,
        ),
    )


def income(redditi: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show mean taxable income over the years, as context only."""
    rows = with_area_names(redditi, study).dropna(subset=["imponibile_medio_eur"])
    last = int(rows["anno_imposta"].max())
    first = int(rows["anno_imposta"].min())
    now = one_row(rows, area=area, anno_imposta=last)
    whole = one_row(rows, area=DISTRETTO, anno_imposta=last)
    columns = [
        ("anno_imposta", T("Anno d'imposta"), "text"),
        ("nome_area", T("Area"), "text"),
        ("contribuenti", T("Contribuenti"), "int"),
        ("imponibile_medio_eur", T("Imponibile medio"), "eur0"),
    ]
    n = T("{n:int} contribuenti nel distretto ({year})", n=whole["contribuenti"], year=last)
    return [
        income_sentence(now, whole, study, area),
        figure(
            "redditi_grafico",
            ChartKind.LINEE,
            rows,
            columns,
            {"x": "anno_imposta", "y": "imponibile_medio_eur", "group": "nome_area"},
            caption=T("Reddito imponibile medio per contribuente, {a}–{b}", a=first, b=last),
            alt=T(
                "Serie annuali per area. {area}, {year}: imponibile medio {value:eur0}.",
                area=study.nome_area(area),
                year=last,
                value=now["imponibile_medio_eur"],
            ),
            source=source,
            n=n,
            tables=["ind_redditi"],
            unit=T("euro correnti"),
            options={"evidenzia": [study.nome_area(area)]},
        ),
        table(
            "redditi_tabella",
            rows[rows["anno_imposta"] == last],
            columns[1:],
            caption=T("Reddito imponibile medio per area, anno d'imposta {year}", year=last),
            alt=T("Tabella delle aree con contribuenti e imponibile medio."),
            source=source,
            n=n,
            tables=["ind_redditi"],
        ),
    ]


def citizenships_missing() -> Block:
    """Say what the citizenships would need."""
    return unavailable(
        "cittadinanze",
        T("Le cittadinanze degli stranieri non sono caricate."),
        T("il file ISTAT degli stranieri per cittadinanza, in data/raw/stranieri_provincia/."),
    )


def income_missing() -> Block:
    """Say what the income context would need."""
    return unavailable(
        "redditi",
        T("I redditi per comune non sono caricati."),
        T("i file del MEF (redditi IRPEF per comune), in data/raw/redditi/."),
    )
