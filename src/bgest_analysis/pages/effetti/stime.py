"""The estimates the design allows, three ways of judging them, and how far they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.impact.effetti import (
    ALL_ROWS,
    CR2,
    DOSE,
    EVENT,
    NO_SHOCKS,
    OMITTED,
    RANDOM,
    SMOOTH,
    WILD,
    WITHOUT,
)
from bgest_analysis.impact.scaglionata import CALLAWAY, SUN
from bgest_analysis.indicators.adozione import ENUMERATED_AMBITI
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, warning
from bgest_analysis.pages.effetti.parole import ESITI, METODI, VERSIONI, in_unit, interval
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

MAIN, ALPHA = "autonomia", 0.05
TABLES = ("ind_effetti_disegno", "ind_effetti_potenza")
SHOWN = (CR2, WILD, RANDOM, DOSE, CALLAWAY, SUN)


def _pick(stime: pd.DataFrame, method: str, variant: str = ALL_ROWS, outcome: str = MAIN) -> Any:
    """Return an estimate as a dict; an empty one (no estimate) where there is none."""
    rows = stime[(stime["metodo"] == method) & (stime["variante"] == variant)]
    rows = rows[rows["esito"] == outcome]
    return rows.iloc[0].to_dict() if len(rows) else {"stima": None, "motivo": "", "esito": outcome}


def available(stime: pd.DataFrame) -> bool:
    """Tell whether the estimator had its tables."""
    return "esito" in stime.columns


def estimates(stime: pd.DataFrame, potenza: pd.DataFrame, source: Message) -> list[Block]:
    """Return the estimates of every outcome with their uncertainty."""
    if not available(stime) or stime["stima"].notna().sum() == 0:
        return [_none()]
    return [
        title("sez_stime", T("Le stime che il disegno permette")),
        _main_sentence(stime),
        _estimates_table(stime, potenza, source),
        _methods_note(),
    ]


def _none() -> Block:
    return warning(
        "nessuna_stima",
        T(
            "Nessun effetto è stimabile con i dati disponibili: i motivi stanno sopra, esito per "
            "esito. La risposta resta l'analisi del contributo, nesso per nesso."
        ),
    )


def _main_sentence(stime: pd.DataFrame) -> Block:
    row = _pick(stime, CR2)
    if is_missing(row["stima"]):
        return paragraph("effetto_frase", T("Autonomia nel caso: effetto non stimabile."))
    return paragraph(
        "effetto_frase",
        T(
            "Rispetto agli Ambiti che non avevano ancora adottato, nei casi aperti dopo "
            "l'adozione la variazione dell'autonomia differisce di {v} punti ({ci}, su {n:int} "
            "casi). {reading}",
            v=in_unit(row, "stima"),
            ci=interval(row),
            n=row["n"],
            reading=_reading(stime),
        ),
    )


def _reading(stime: pd.DataFrame) -> Message:
    ways = [_pick(stime, method) for method in (CR2, WILD, RANDOM)]
    found = [w for w in ways if not is_missing(w.get("p"))]
    below = sum(float(w["p"]) <= ALPHA for w in found)
    calm = _pick(stime, CR2, NO_SHOCKS)
    return T(
        "Modi di giudicare l'incertezza che lo distinguono da zero al 5%: {k:int} su {n:int}. "
        "Senza i mesi delle emergenze la stima è {w} ({ci}).",
        k=below,
        n=len(found),
        w=in_unit(calm, "stima"),
        ci=interval(calm),
    )


def _estimates_table(stime: pd.DataFrame, potenza: pd.DataFrame, source: Message) -> Block:
    rows = stime[stime["metodo"].isin(SHOWN)].reset_index(drop=True)
    facts = potenza.drop_duplicates("esito").set_index("esito")
    sizes, exact = (
        facts["misura_wild"].to_dict(),
        bool((facts["ambiti"] <= ENUMERATED_AMBITI).all()),
    )
    records = rows.to_dict("records")
    shown = with_words(
        rows,
        esito_nome=[ESITI[row["esito"]] for row in records],
        metodo_nome=[METODI[row["metodo"]] for row in records],
        versione=[VERSIONI.get(row["variante"], row["variante"]) for row in records],
        valore=[in_unit(row, "stima") for row in records],
        campo=[interval(row) for row in records],
        prob=[_p(row, sizes, exact) for row in records],
    )
    return table(
        "stime_tabella",
        shown,
        [
            ("esito_nome", T("Esito"), "text"),
            ("metodo_nome", T("Metodo"), "text"),
            ("versione", T("Versione"), "text"),
            ("valore", T("Stima"), "text"),
            ("campo", T("Intervallo al 95%"), "text"),
            ("prob", T("p"), "text"),
            ("p_corretto", T("p corretto (Holm)"), "prob3"),
            ("n", T("n"), "int"),
        ],
        caption=T("Effetto dell'adozione del modello, per esito, metodo e versione"),
        alt=T("Tabella di {n:int} stime con intervallo e p.", n=len(shown)),
        source=source,
        n=T("{n:int} stime", n=len(shown)),
        tables=TABLES,
    )


def _p(row: Mapping[Any, Any], sizes: Mapping[Any, Any], exact: bool) -> Message:
    if is_missing(row["p"]):
        return T("nessuno")
    if row["metodo"] == WILD:
        return T(
            "{p:prob3} (minimo {m:dec3}; falsi positivi misurati {s:pct1})",
            p=row["p"],
            m=row["p_minimo"],
            s=sizes.get(row["esito"]),
        )
    if row["metodo"] == RANDOM:
        values = {"p": row["p"], "m": row["p_minimo"]}
        if exact:
            return T("{p:prob4} (esatto, minimo {m:dec4})", **values)
        return T("{p:prob4} (ordini estratti a caso, minimo {m:dec4})", **values)
    return T("{p:prob3}", p=row["p"])


def _methods_note() -> Block:
    return note(
        "stime_nota",
        T(
            "Il test di casualizzazione tratta come ugualmente probabili tutti gli ordini in cui "
            "gli Ambiti avrebbero potuto adottare: qui l'ordine non è stato sorteggiato, e questa "
            "è un'ipotesi. Il wild bootstrap è enumerato per intero ma non esatto. Il p corretto "
            "tiene conto di quanti esiti si guardano. I confronti «prima e dopo» attraversano il "
            "2020: gli effetti di periodo tolgono ciò che è comune a tutti gli Ambiti, non una "
            "chiusura che ha colpito un Ambito più degli altri. Un caso è «dopo» se la sua prima "
            "richiesta segue l'adozione. Le annotazioni mancanti accorciano la variazione "
            "dell'autonomia: negli studi sintetici, dove ne manca il 6%, l'effetto risulta più "
            "piccolo del vero di circa il 4%."
        ),
    )


def sensitivity(stime: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    """Show trends before adoption, bends of trends, and each Ambito left out."""
    if not available(stime) or is_missing(_pick(stime, CR2)["stima"]):
        return []
    blocks = [title("sez_sensibilita", T("Quanto regge"))]
    return [
        *blocks,
        *_event_figure(stime, source),
        *_smooth_sentence(stime),
        *_omitted_sentence(stime),
        *_left_out(stime, study, source),
    ]


def _event_figure(stime: pd.DataFrame, source: Message) -> list[Block]:
    rows = stime[(stime["metodo"] == EVENT) & (stime["esito"] == MAIN) & stime["stima"].notna()]
    if rows.empty:
        return []
    shown = rows.assign(k=[int(k) for k in rows["variante"]])
    early = shown[shown["k"] < 0]
    off = int(((early["basso"] > 0) | (early["alto"] < 0)).sum())
    picture = figure(
        "evento_grafico",
        ChartKind.PUNTI,
        shown,
        [
            ("variante", T("Periodi dall'adozione"), "text"),
            ("stima", T("Differenza"), "sdec2"),
            ("basso", T("Limite basso"), "sdec2"),
            ("alto", T("Limite alto"), "sdec2"),
            ("n", T("Casi"), "int"),
        ],
        {"x": "variante", "y": "stima", "low": "basso", "high": "alto"},
        caption=T("Autonomia prima e dopo l'adozione, rispetto al periodo appena prima"),
        alt=T("Un punto con intervallo per ciascuno di {n:int} periodi.", n=len(shown)),
        source=source,
        n=T("{n:int} casi", n=int(shown["n"].sum())),
        tables=TABLES,
        unit=T("punti di autonomia, intervallo CR2 al 95%"),
        options={"riferimento": [0, T("nessuna differenza")]},
    )
    sentence = paragraph(
        "evento_frase",
        T(
            "Prima dell'adozione le differenze dovrebbero essere nulle: quelle con un intervallo "
            "che esclude lo zero sono {off:int} su {n:int}. Il primo e l'ultimo punto raccolgono "
            "anche i periodi più lontani.",
            off=off,
            n=len(early),
        ),
    )
    return [picture, sentence]


def _smooth_sentence(stime: pd.DataFrame) -> list[Block]:
    rows = stime[(stime["metodo"] == SMOOTH) & (stime["esito"] == MAIN) & stime["stima"].notna()]
    if rows.empty:
        return []
    lines = [
        T("{m} → {ci}", m=row["variante"].replace(".", ","), ci=interval(row))
        for row in rows.to_dict("records")
    ]
    return [
        paragraph(
            "regolarita_frase",
            T(
                "Se le tendenze degli Ambiti non fossero parallele e potessero piegarsi, a ogni "
                "periodo, di una parte dell'errore medio delle stime per periodo (limiti di "
                "Rambachan e Roth), l'effetto medio starebbe: {lines}.",
                lines=lines,
            ),
        )
    ]


def _omitted_sentence(stime: pd.DataFrame) -> list[Block]:
    value = _pick(stime, OMITTED)["stima"]
    if is_missing(value):
        return []
    return [
        paragraph(
            "omessa_frase",
            T(
                "Una causa non osservata, diversa da Ambito e periodo, porterebbe la stima a zero "
                "se spiegasse almeno il {v:pct1} di ciò che resta sia dell'adozione sia "
                "dell'autonomia (valore di robustezza di Cinelli e Hazlett). Più è piccolo, meno "
                "serve per smentire la stima.",
                v=value,
            ),
        )
    ]


def _left_out(stime: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    rows = stime[(stime["metodo"] == WITHOUT) & (stime["esito"] == MAIN)]
    names = [T("senza {area}", area=study.nome_area(area)) for area in rows["variante"]]
    shown = with_words(rows, chi=names)
    if shown["stima"].notna().sum() == 0:
        return []
    return [
        figure(
            "senza_grafico",
            ChartKind.PUNTI,
            shown,
            [
                ("chi", T("Ambito tolto"), "text"),
                ("stima", T("Stima"), "sdec2"),
                ("basso", T("Limite basso"), "sdec2"),
                ("alto", T("Limite alto"), "sdec2"),
            ],
            {"x": "chi", "y": "stima", "low": "basso", "high": "alto"},
            caption=T("L'effetto sull'autonomia togliendo un Ambito alla volta"),
            alt=T(
                "Stime tra {a:sdec2} e {b:sdec2} punti, una per Ambito tolto.",
                a=shown["stima"].min(),
                b=shown["stima"].max(),
            ),
            source=source,
            n=T("{n:int} stime", n=len(shown)),
            tables=TABLES,
            unit=T("punti di autonomia, intervallo CR2 al 95%"),
            options={"riferimento": [0, T("nessun effetto")]},
        )
    ]


def series(serie: pd.DataFrame, source: Message) -> list[Block]:
    """Show the interrupted series, with and without terms of the emergencies."""
    if not available(serie):
        return []
    records = serie.to_dict("records")
    shown = with_words(
        serie,
        esito_nome=[ESITI[row["esito"]] for row in records],
        versione=[VERSIONI[row["variante"]] for row in records],
        valore=[in_unit(row, "stima") for row in records],
        campo=[interval(row) for row in records],
    )
    return [
        title("sez_serie", T("La serie mensile interrotta"), level=3),
        table(
            "serie_tabella",
            shown,
            [
                ("esito_nome", T("Esito"), "text"),
                ("versione", T("Versione"), "text"),
                ("valore", T("Passando da nessuno a tutti gli Ambiti"), "text"),
                ("campo", T("Intervallo al 95%"), "text"),
                ("n", T("n"), "int"),
            ],
            caption=T("Serie mensile dell'insieme: effetto della quota di Ambiti che ha adottato"),
            alt=T("Tabella di {n:int} stime, tre versioni per esito.", n=len(shown)),
            source=source,
            n=T("{n:int} stime", n=len(shown)),
            tables=TABLES,
        ),
        warning(
            "serie_nota",
            T(
                "La serie dell'insieme non ha confronto e attraversa il 2020: la quota di Ambiti "
                "cresce quasi come il tempo, e il modello fatica a separarli. È un indizio debole "
                "(errori Newey-West, tre ritardi, senza prewhitening; tendenza e stagioni)."
            ),
        ),
    ]


def headline(stime: pd.DataFrame, area: str) -> dict[str, Any]:
    """Return the effect on autonomy (E3), as fields of ``notebook.door.Result``."""
    none: Any = {"stima": None, "motivo": ""}
    row = _pick(stime, CR2) if available(stime) else none
    why = "un solo Ambito non ha un confronto: vedi l'insieme" if area != DISTRETTO else ""
    if why or is_missing(row["stima"]):
        return {
            "codice": "E3", "ambito": area, "stima": None, "basso": None, "alto": None,
            "n": None, "intervallo": "nessuno", "forza": "non stimabile",
            "blocco": "tutti_trattati", "motivo": why or str(row["motivo"]) or _absent(stime),
        }  # fmt: skip
    return {
        "codice": "E3", "ambito": area, "stima": float(row["stima"]),
        "basso": float(row["basso"]), "alto": float(row["alto"]), "n": int(row["n"]),
        "intervallo": "95%, CR2 con gli Ambiti come gruppi", "forza": strength(stime),
        "blocco": "stime_tabella",
    }  # fmt: skip


def _absent(stime: pd.DataFrame) -> str:
    return str(stime["motivo"].iloc[0]) if len(stime) else "nessuna stima"


def strength(stime: pd.DataFrame) -> str:
    """Return ``media`` where every way of judging and every check agree, else ``debole``.

    Never ``forte``: adoption was not assigned at random and nobody stayed without the model.
    """
    ways = [_pick(stime, method) for method in (CR2, WILD, RANDOM)]
    checks = stime[(stime["metodo"] == WITHOUT) & (stime["esito"] == MAIN)].to_dict("records")
    sure = all(not is_missing(way.get("p")) and way["p"] <= ALPHA for way in ways)
    kept = [_excludes_zero(row) for row in (*checks, _pick(stime, CR2, NO_SHOCKS))]
    return "media" if sure and all(kept) else "debole"


def _excludes_zero(row: Mapping[Any, Any]) -> bool:
    if is_missing(row["stima"]) or is_missing(row.get("basso")):
        return False
    return bool(row["basso"] > 0 or row["alto"] < 0)
