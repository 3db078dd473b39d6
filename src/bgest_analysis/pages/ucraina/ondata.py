"""The shock, the surge and how it faded: requests by quarter, size and half-life."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.impact.ucraina import (
    HALF_LIFE,
    OWN_HALF_LIFE,
    SIZE,
    VERSIONS,
    WITH_TERMS,
    WITHOUT_MONTHS,
)
from bgest_analysis.indicators.calendario import UKRAINE, event_day
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable, warning
from bgest_analysis.pages.modello.fedelta import EVENT_NAMES, event_marks
from bgest_analysis.pages.ucraina.parole import (
    GRUPPI,
    MISURE,
    VERSIONI,
    in_unit,
    interval,
    pick,
    reason,
)
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

TABLE = "ind_ucraina_serie"
MEASURES = (SIZE, HALF_LIFE, OWN_HALF_LIFE)
EXPECTED = {"ordinario": T("Attese senza l'ondata"), "modello": T("Attese con l'ondata")}


def headings(study: Study, area: str) -> list[Block]:
    """Return the analysis' heading, its question and what stands beside the emergency."""
    return [
        title("titolo", T("L'emergenza Ucraina: {area}", area=study.nome_area(area)), level=1),
        paragraph(
            "domanda",
            T(
                "Domanda valutativa (efficacia, sostenibilità): quanto è stata grande l'ondata di "
                "richieste dopo l'invasione, come è scesa, chi l'ha portata, che cosa è costata a "
                "chi era già seguito, che cosa ne resta?"
            ),
        ),
        warning(
            "covid",
            T(
                "La serie attraversa il 2020: ogni stima è data due volte, con un termine per ogni "
                "trimestre di COVID-19 e togliendo quei mesi. Se le due differiscono molto, la "
                "conclusione dipende da come si tratta la pandemia."
            ),
        ),
    ]


def no_log() -> Block:
    """Say what the analysis needs where there is no log."""
    return unavailable(
        "ondata",
        T("L'ondata di richieste non si può misurare."),
        T(
            "i registri degli interventi con la data della richiesta (data/raw/interventi) e "
            "l'evento «ucraina» nel calendario (tabella eventi)."
        ),
    )


def surge(
    serie: pd.DataFrame,
    stime: pd.DataFrame,
    mesi: pd.DataFrame,
    study: Study,
    area: str,
    source: Message,
) -> list[Block]:
    """Return the series, the sentence, the estimates in both versions and how they are made."""
    blocks = [title("sez_ondata", T("Lo shock, l'ondata, la discesa"))]
    own = serie[serie["area"] == area]
    if event_day(study, UKRAINE) is None:
        return [*blocks, no_log()]
    return [
        *blocks,
        _sentence(stime, study, area),
        *_series_figure(own, study, area, source),
        *_model_figure(mesi, study, area, source),
        *estimates("ondata_tabella", stime, MEASURES, _caption(), source),
        _method(),
    ]


def _caption() -> Message:
    return T("Ampiezza e discesa dell'ondata, nelle due versioni per il COVID-19")


def _sentence(stime: pd.DataFrame, study: Study, area: str) -> Block:
    size, half, other = (
        pick(stime, SIZE),
        pick(stime, OWN_HALF_LIFE),
        pick(stime, SIZE, VERSIONS[1]),
    )
    if is_missing(size.get("stima")):
        why = reason(str(size["motivo"]))
        where = "" if area == DISTRETTO else T(" Vale il confronto con l'insieme.")
        return paragraph(
            "ondata_frase",
            T(
                "{area}: ampiezza e discesa dell'ondata non stimabili: {why}.{where}",
                area=study.nome_area(area),
                why=why,
                where=where,
            ),
        )
    return paragraph(
        "ondata_frase",
        T(
            "{area}: il primo giorno si aggiungono {v} volte le richieste ordinarie (al 95% "
            "{ci}; senza i mesi di COVID-19 {w}). {fade}",
            area=study.nome_area(area),
            v=in_unit(size),
            ci=interval(size),
            w=in_unit(other),
            fade=_fading(half),
        ),
    )


def _fading(half: dict[str, Any]) -> Message:
    if is_missing(half.get("stima")):
        return T("Come l'ondata scenda non è stimabile: {why}.", why=reason(str(half["motivo"])))
    return T(
        "Le richieste per persone dall'Ucraina si dimezzano ogni {d} giorni ({ci}): dopo un anno "
        "ne resta circa il {left:pct0} di quelle del primo giorno.",
        d=in_unit(half),
        ci=interval(half),
        left=0.5 ** (365.25 / float(half["stima"])),
    )


def _series_figure(own: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    if own.empty:
        return [
            note(
                "ondata_serie_nota",
                T(
                    "La serie per trimestre non si mostra: troppe celle sarebbero sotto la soglia "
                    "di riservatezza."
                ),
            )
        ]
    shown = with_words(own, nome=[GRUPPI[code] for code in own["gruppo"]])
    shown = shown.sort_values(["trimestre", "gruppo"], kind="stable")
    quarters = pd.PeriodIndex(shown["trimestre"].str.replace("-T", "Q"), freq="Q")
    shown = shown.assign(inizio=quarters.to_timestamp().date)
    known = shown["richieste"].fillna(0).astype(int)
    return [
        figure(
            "ondata_grafico",
            ChartKind.LINEE,
            shown,
            [
                ("inizio", T("Trimestre"), "date"),
                ("nome", T("Per chi"), "text"),
                ("richieste", T("Richieste"), "int"),
            ],
            {"x": "inizio", "y": "richieste", "group": "nome"},
            caption=T(
                "{area}: richieste di mediazione per trimestre, per persone dall'Ucraina e per "
                "altre",
                area=study.nome_area(area),
            ),
            alt=T(
                "Due linee dal {a} al {b}; il massimo è {m:int} richieste in un trimestre.",
                a=shown["trimestre"].iloc[0],
                b=shown["trimestre"].iloc[-1],
                m=int(known.max()),
            ),
            source=source,
            n=T("{n:int} richieste mostrate", n=int(known.sum())),
            tables=[TABLE],
            unit=T("richieste nel trimestre"),
            options={"da_zero": True, "eventi": event_marks(study)},
        )
    ]


def _model_figure(mesi: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show what the model expects with and without the surge, in months (no counts)."""
    start = event_day(study, UKRAINE)
    if "mese" not in mesi.columns or start is None:
        return []
    rows = mesi[(mesi["variante"] == WITH_TERMS) & mesi["modello"].notna()]
    if rows.empty:
        return []
    rows = rows[rows["mese"] >= start - pd.DateOffset(years=1)]
    long = rows.melt(id_vars=["mese"], value_vars=list(EXPECTED), var_name="serie")
    long = with_words(
        long.assign(mese=long["mese"].dt.date),
        nome=[EXPECTED[code] for code in long["serie"]],
    )
    extra = float((rows["modello"] - rows["ordinario"]).sum())
    return [
        figure(
            "ondata_modello",
            ChartKind.LINEE,
            long,
            [
                ("mese", T("Mese"), "date"),
                ("nome", T("Serie"), "text"),
                ("value", T("Richieste attese"), "dec1"),
            ],
            {"x": "mese", "y": "value", "group": "nome"},
            caption=T(
                "{area}: richieste attese dal modello, con e senza l'ondata, da un anno prima "
                "dell'invasione",
                area=study.nome_area(area),
            ),
            alt=T(
                "Due linee uguali fino all'invasione, poi distanti; in tutto l'ondata vale "
                "{n:int} richieste.",
                n=round(extra),
            ),
            source=source,
            n=T("{n:int} richieste nel modello", n=int(rows["n"].iloc[0])),
            tables=[TABLE],
            unit=T("richieste al mese"),
            options={"da_zero": True, "eventi": [[start.date().isoformat(), EVENT_NAMES[UKRAINE]]]},
        ),
        paragraph(
            "ondata_totale",
            T(
                "Secondo il modello l'ondata ha portato in tutto circa {n:int} richieste in più.",
                n=round(extra),
            ),
        ),
    ]


def estimates(
    id: str, stime: pd.DataFrame, measures: tuple[str, ...], caption: Message, source: Message
) -> list[Block]:
    """Show some measures in both versions, with intervals and cases; nothing if none is known."""
    rows = [pick(stime, measure, version) for measure in measures for version in VERSIONS]
    if all(is_missing(row.get("stima")) for row in rows):
        return []
    shown = with_words(
        pd.DataFrame(rows).reindex(columns=["n", "mesi"]),
        misura=[MISURE[row["misura"]] for row in rows],
        versione=[VERSIONI[v] for _ in measures for v in (WITH_TERMS, WITHOUT_MONTHS)],
        valore=[in_unit(row) for row in rows],
        campo=[interval(row) for row in rows],
    )
    shown_table = table(
        id,
        shown,
        [
            ("misura", T("Misura"), "text"),
            ("versione", T("Versione"), "text"),
            ("valore", T("Stima"), "text"),
            ("campo", T("Intervallo al 95%"), "text"),
            ("n", T("Richieste"), "int"),
            ("mesi", T("Mesi"), "int"),
        ],
        caption=caption,
        alt=T("Tabella di {n:int} stime con intervallo.", n=len(shown)),
        source=source,
        n=T("{n:int} stime", n=len(shown)),
        tables=[TABLE],
    )
    return [shown_table]


def _method() -> Block:
    return note(
        "ondata_nota",
        T(
            "Conteggi mensili, modello log-lineare con tendenza, mesi dell'anno e trimestri di "
            "COVID-19; dal giorno dell'invasione si moltiplicano per 1 + ampiezza × 0,5^(giorni / "
            "dimezzamento). Si suppone che anche le richieste in più seguano le stagioni: se no, "
            "il dimezzamento risulta più lento del vero (del 10–15% negli studi sintetici). "
            "L'ultimo mese è escluso: chi attende ancora non è nei registri. Intervalli dalla "
            "verosimiglianza profilo, con la dispersione dei residui; un'ondata che non è scesa a "
            "ritmo costante è riassunta, non descritta. Per persone dall'Ucraina: dalla scheda "
            "della persona dove è collegata, altrimenti dalla lingua ucraina; chi parla russo "
            "senza scheda resta tra le altre."
        ),
    )
