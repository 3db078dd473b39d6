"""Fidelity to the model: the shares M3 to M6 by Ambito and over time, with their intervals."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.indicators.calendario import COVID, UKRAINE, event_day
from bgest_analysis.pages.areas import only_ambiti, with_area_names, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable, warning
from bgest_analysis.pages.modello.words import (
    INDICATORI,
    ORIGINI,
    SERVIZI,
    interval,
    main_origin,
    name_of,
    overall,
    rows_of,
    value,
)
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

TABLE = "ind_quote_modello"
CHANGES = "ind_variazioni_modello"
CODES = ("M3", "M4", "M5", "M6")
LABELS = {
    "M3": T("M3 Integrata"),
    "M4": T("M4 Letta o progettata"),
    "M5": T("M5 Programmata"),
    "M6": T("M6 Attivazione"),
}
DIFFERENCES = ("differenza", "differenza_basso", "differenza_alto")
EVENT_NAMES = {COVID: T("COVID-19"), UKRAINE: T("Ucraina")}


def fidelity(quote: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Return the shares of an area in words, and every Ambito's as dots and table."""
    return [
        title("sez_fedelta", T("Quanto il lavoro somiglia al modello")),
        *_sentences(quote, study, area),
        *_dots(quote, study, source),
        _shares_table(quote, study, source),
        note(
            "fedelta_nota",
            T(
                "Intervalli al 95%: Wilson, con n effettivo perché gli interventi di uno stesso "
                "caso si somigliano. Dicono quanto conta il caso; il registro è completo, quindi "
                "la quota osservata è quella e l'intervallo serve a non leggere come diversi due "
                "Ambiti che potrebbero esserlo per fortuna. Nessuna quota indica da sola se il "
                "modello è applicato bene."
            ),
        ),
    ]


def _sentences(quote: pd.DataFrame, study: Study, area: str) -> list[Block]:
    blocks = []
    for code in CODES:
        row = overall(quote, code, area)
        if row is None:
            blocks.append(_share_missing(code, study, area))
        else:
            blocks.append(_share_sentence(row, code, study, area))
    return blocks


def _share_sentence(row: pd.Series, code: str, study: Study, area: str) -> Block:
    origin = str(row["origine_variabile"])
    coded = code in ("M3", "M6")
    return paragraph(
        f"fedelta_{code}",
        T(
            "{area}: {name}, {v}{interval}, su {n}{origin}.",
            area=study.nome_area(area),
            name=INDICATORI[code],
            v=value(row, "valore", "pct1"),
            interval=interval(row, "basso", "alto", "pct1"),
            n=_units(row, code),
            origin=T(" (variabile {o})", o=ORIGINI[origin]) if coded else Message(""),
        ),
    )


def _units(row: pd.Series, code: str) -> Message:
    n = value(row, "n", "int")
    if code == "M4":
        return T("{n} casi", n=n)
    return T("{n} richieste", n=n) if code == "M5" else T("{n} interventi", n=n)


NEEDS = {
    "M3": T("la colonna fase (lettura, progettazione, attuazione, verifica) nel registro."),
    "M4": T("il codice del caso (caso_id) e la fase nel registro."),
    "M5": T("la colonna modalita (programmata, a chiamata, urgente) nel registro."),
    "M6": T("la colonna orientamento, scritta dal mediatore o codificata su un campione."),
}


def _share_missing(code: str, study: Study, area: str) -> Block:
    what = T("{area}: {name} non si può calcolare.", area=study.nome_area(area), name=LABELS[code])
    return unavailable(f"fedelta_{code}", what, NEEDS[code])


def _ambito_rows(quote: pd.DataFrame, study: Study) -> pd.DataFrame:
    rows = pd.concat([rows_of(quote, code, "tutto") for code in CODES], ignore_index=True)
    rows = rows[rows["gruppo"] == "tutti"]
    place = {area: i for i, area in enumerate(study.aree)}
    ordered = rows.assign(_area=rows["area"].map(place)).sort_values(["codice", "_area"])
    shown = with_area_names(ordered, study)
    return with_words(
        shown,
        indicatore=[LABELS[code] for code in shown["codice"]],
        origine=[ORIGINI[str(o)] for o in shown["origine_variabile"]],
    )


def _dots(quote: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    shown = _ambito_rows(quote, study)
    return [
        _dots_of(shown[shown["codice"] == c], c, source) for c in CODES if c in set(shown["codice"])
    ]


def _dots_of(rows: pd.DataFrame, code: str, source: Message) -> Block:
    whole = rows[rows["area"] == DISTRETTO]
    ambiti = only_ambiti(rows)
    shown = ambiti if len(ambiti) else rows
    return figure(
        f"fedelta_{code}_grafico",
        ChartKind.PUNTI,
        shown,
        [
            ("nome_area", T("Ambito"), "text"),
            ("valore", T("Quota"), "pct1"),
            ("basso", T("Limite basso"), "pct1"),
            ("alto", T("Limite alto"), "pct1"),
            ("n", T("n"), "int"),
        ],
        {"x": "nome_area", "y": "valore", "low": "basso", "high": "alto"},
        caption=T("{code}: {name}, per Ambito", code=code, name=INDICATORI[code]),
        alt=T(
            "Punti con intervallo per {n:int} Ambiti: da {low:pct1} a {high:pct1}.",
            n=len(shown),
            low=shown["valore"].min(),
            high=shown["valore"].max(),
        ),
        source=source,
        n=_total(whole if len(whole) else rows),
        tables=[TABLE],
        unit=INDICATORI[code],
        options=_reference(whole),
    )


def _total(rows: pd.DataFrame) -> Message:
    return T("n = {n}", n=value(rows.iloc[0], "n", "int"))


def _reference(whole: pd.DataFrame) -> dict[str, Any]:
    if whole.empty or is_missing(whole.iloc[0]["valore"]):
        return {}
    return {"riferimento": [float(whole.iloc[0]["valore"]), T("insieme")]}


def _shares_table(quote: pd.DataFrame, study: Study, source: Message) -> Block:
    shown = _ambito_rows(quote, study)
    return table(
        "fedelta_tabella",
        shown,
        [
            ("indicatore", T("Indicatore"), "text"),
            ("nome_area", T("Area"), "text"),
            ("n", T("n"), "int"),
            ("valore", T("Quota"), "pct1"),
            ("basso", T("Limite basso"), "pct1"),
            ("alto", T("Limite alto"), "pct1"),
            ("origine", T("Origine della variabile"), "text"),
        ],
        caption=T("Le quote del modello per area, con intervallo al 95%"),
        alt=T("Tabella di {n} righe con quota, intervallo e n.", n=len(shown)),
        source=source,
        n=T("{n:int} aree", n=shown["area"].nunique()),
        tables=[TABLE],
    )


def log_missing() -> Block:
    """Say what the log of interventions would allow."""
    return unavailable(
        "registro",
        T(
            "Senza il registro degli interventi non si può dire in quale fase lavora il "
            "mediatore, quanto il lavoro è programmato e di attivazione, se l'autonomia cambia."
        ),
        T(
            "i registri degli interventi delle cooperative (tabella interventi), da mettere in "
            "data/raw/interventi; il modello del foglio è tra i modelli dello studio."
        ),
    )


def over_time(quote: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Draw M3, M5 and M6 of an area over time, shocks marked, each origin on its own."""
    blocks = [title("sez_tempo", T("Come è cambiato nel tempo"))]
    rows = quote[(quote["area"] == area) & (quote["scala"] == _finest(quote, area))]
    for code in ("M3", "M5", "M6"):
        for origin in (o for o in ORIGINI if o != "tutte"):
            own = rows[(rows["codice"] == code) & (rows["origine_variabile"] == origin)]
            if own["valore"].notna().sum() > 1:
                blocks.append(_series(own, code, study, area, source))
    if len(blocks) == 1:
        text = T("{area}: troppo pochi interventi per una serie.", area=study.nome_area(area))
        return [*blocks, note("tempo_assente", text)]
    return blocks


def _finest(quote: pd.DataFrame, area: str) -> str:
    """Return the scale of an area's series: quarters where there are enough rows, else years."""
    rows = quote[(quote["area"] == area) & (quote["scala"] == "trim")]
    return "trim" if rows["valore"].notna().sum() > 1 else "anno"


def _series(rows: pd.DataFrame, code: str, study: Study, area: str, source: Message) -> Block:
    shown = rows.assign(inizio=[period_start(name) for name in rows["periodo"]])
    shown = shown.sort_values("inizio")
    origin = str(shown["origine_variabile"].iloc[0])
    return figure(
        f"tempo_{code}" if origin != "derivata" else f"tempo_{code}_derivata",
        ChartKind.LINEE,
        shown,
        [
            ("inizio", T("Periodo"), "date"),
            ("valore", T("Quota"), "pct1"),
            ("basso", T("Limite basso"), "pct1"),
            ("alto", T("Limite alto"), "pct1"),
            ("n", T("n"), "int"),
        ],
        {"x": "inizio", "y": "valore", "low": "basso", "high": "alto"},
        caption=_series_caption(shown, code, origin, study.nome_area(area)),
        alt=T(
            "Linea da {a} a {b}: quota tra {low:pct1} e {high:pct1}.",
            a=shown["periodo"].iloc[0],
            b=shown["periodo"].iloc[-1],
            low=rows["valore"].min(),
            high=rows["valore"].max(),
        ),
        source=source,
        n=T("{n:int} periodi", n=rows["periodo"].nunique()),
        tables=[TABLE],
        unit=T("quota"),
        options={"da_zero": True, "eventi": event_marks(study)},
    )


def _series_caption(rows: pd.DataFrame, code: str, origin: str, area: str) -> Message:
    scale = T("per trimestre") if rows["scala"].iloc[0] == "trim" else T("per anno")
    if origin == "nessuna":
        return T(
            "{area}: {name}, {scale} (banda: intervallo al 95%)",
            area=area,
            name=INDICATORI[code],
            scale=scale,
        )
    return T(
        "{area}: {name}, {scale}, variabile {origin} (banda: intervallo al 95%)",
        area=area,
        name=INDICATORI[code],
        scale=scale,
        origin=ORIGINI[origin],
    )


def period_start(name: str) -> str:
    """Return the first day of ``2021-T2``, or of ``2021``, as an ISO date."""
    year, _, quarter = name.partition("-T")
    return f"{year}-{3 * int(quarter or 1) - 2:02d}-01"


def event_marks(study: Study) -> list[list[Any]]:
    """Return the shocks to mark on a series, ``[ISO day, name]``, as far as they are known."""
    days = {evento: event_day(study, evento) for evento in EVENT_NAMES}
    return [[day.date().isoformat(), EVENT_NAMES[e]] for e, day in days.items() if day is not None]


def changes(variazioni: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Compare the first and last year of each share for an area, with the warning on 2020."""
    rows = variazioni[variazioni["area"] == area]
    firm = [rows[rows["origine_variabile"] == main_origin(variazioni, c)] for c in CODES]
    rows = pd.concat([part[part["codice"] == c] for part, c in zip(firm, CODES, strict=True)])
    if rows.empty:
        return [
            note(
                "variazioni_assenti",
                T("Non ci sono due anni con abbastanza interventi per un confronto."),
            )
        ]
    points = {f"{name}_punti": 100 * rows[name] for name in DIFFERENCES}
    shown = with_words(
        rows.assign(**points),
        indicatore=[LABELS[code] for code in rows["codice"]],
        origine=[ORIGINI[str(o)] for o in rows["origine_variabile"]],
    )
    return [_changes_table(shown, study, area, source), *_crossing(rows)]


def _changes_table(shown: pd.DataFrame, study: Study, area: str, source: Message) -> Block:
    return table(
        "variazioni",
        shown,
        [
            ("indicatore", T("Indicatore"), "text"),
            ("origine", T("Origine"), "text"),
            ("primo_anno", T("Da"), ""),
            ("valore_primo", T("Quota"), "pct1"),
            ("ultimo_anno", T("A"), ""),
            ("valore_ultimo", T("Quota"), "pct1"),
            ("differenza_punti", T("Differenza (punti)"), "sdec1"),
            ("differenza_basso_punti", T("Limite basso"), "sdec1"),
            ("differenza_alto_punti", T("Limite alto"), "sdec1"),
        ],
        caption=T(
            "{area}: le quote nel primo e nell'ultimo anno, differenza in punti percentuali",
            area=study.nome_area(area),
        ),
        alt=T("Tabella di {n} indicatori con due anni e la differenza.", n=len(shown)),
        source=source,
        n=T("{n:int} confronti", n=len(shown)),
        tables=[CHANGES],
    )


def _crossing(rows: pd.DataFrame) -> list[Block]:
    crossing = [str(code) for code in rows.loc[rows["attraversa_2020"], "codice"]]
    if not crossing:
        return []
    return [
        warning(
            "variazioni_2020",
            T(
                "Il confronto di {codes} attraversa il 2020: tra i due anni sono cambiati insieme "
                "il modello, il COVID-19 (chiusure, lavoro a distanza, chi ha potuto chiedere) e, "
                "dal 2022, l'emergenza Ucraina. La differenza non si può attribuire al solo "
                "modello.",
                codes=crossing,
            ),
        )
    ]


def cases_by_service(quote: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show M4 by the service that asked first, among the cases with mediation."""
    rows = quote[(quote["codice"] == "M4") & (quote["area"] == area) & (quote["gruppo"] != "tutti")]
    if rows.empty:
        return []
    rows = rows.sort_values("n", ascending=False, kind="stable")
    shown = with_words(rows, servizio=[name_of(code, SERVIZI) for code in rows["gruppo"]])
    return [
        table(
            "casi_servizio",
            shown,
            [
                ("servizio", T("Servizio che ha chiesto per primo"), "text"),
                ("n", T("Casi con mediazione"), "int"),
                ("valore", T("con mediatore in lettura o progettazione"), "pct1"),
                ("basso", T("Limite basso"), "pct1"),
                ("alto", T("Limite alto"), "pct1"),
            ],
            caption=T(
                "{area}: M4 tra i casi con mediazione, per servizio", area=study.nome_area(area)
            ),
            alt=T("Tabella di {n} servizi con casi e quota M4.", n=len(shown)),
            source=source,
            n=T("{n:int} casi con valore mostrato", n=int(rows["n"].sum())),
            tables=[TABLE],
        ),
        note(
            "casi_nota",
            T(
                "Il registro contiene solo i casi in cui un mediatore è intervenuto: M4 si legge "
                "«tra i casi con mediazione» e non dice quanti casi dei servizi ne hanno avuto "
                "bisogno. Per saperlo serve l'elenco di tutti i casi."
            ),
        ),
    ]
