"""Answers to the questionnaires: item by item, with who did not answer and who was helped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import one_row, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable, warning
from bgest_analysis.pages.modello.words import hidden, value
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

RILEVAZIONI = {
    "destinatari": T("destinatari"),
    "operatori": T("operatori"),
    "partner": T("partner"),
}
ONDE = {
    "pre": T("prima"),
    "post": T("dopo"),
    "retrospettiva": T("retrospettiva: tutto chiesto dopo"),
}
SCALE = {
    "si_no": T("sì o no"),
    "likert_1_4": T("accordo da 1 a 4"),
    "likert_1_5": T("accordo da 1 a 5"),
    "likert_1_5_inversa": T("accordo da 1 a 5, domanda inversa"),
    "faccine_1_3": T("faccine da 1 a 3"),
    "faccine_1_5": T("faccine da 1 a 5"),
    "numerica_0_10": T("voto da 0 a 10"),
}
LIKERT = ("likert_1_4", "likert_1_5", "likert_1_5_inversa", "faccine_1_3", "faccine_1_5")
PRE, POST, RETRO = "pre", "post", "retrospettiva"
GRUPPI = {
    "tutti": T("tutti"),
    "con_mediatore": T("compilato con il mediatore"),
    "senza_mediatore": T("compilato senza mediatore"),
    "F": T("donne"),
    "M": T("uomini"),
    "meno_18": T("meno di 18 anni"),
    "18_60": T("da 18 a 60 anni"),
    "oltre_60": T("più di 60 anni"),
    "nd": T("età non indicata"),
    "altro_nd": T("altro o non indicato"),
}
FEW = {
    reason.template: reason
    for reason in (
        T("meno di tre domande sulla stessa scala: non è una scala"),
        T("meno di dieci persone con tutte le risposte"),
    )
}


def headings(study: Study, area: str) -> list[Block]:
    """Return the analysis' heading and its questions."""
    return [
        title("titolo", T("Percezioni: {area}", area=study.nome_area(area)), level=1),
        paragraph(
            "domanda",
            T(
                "Domande valutative (impatto percepito): che cosa dicono le persone, gli operatori "
                "e i partner? Per chi, perché e in quale contesto funziona, secondo interviste, "
                "gruppi e verbali?"
            ),
        ),
        note(
            "cautela",
            T(
                "La soddisfazione da sola non distingue un servizio buono da uno medio: quasi "
                "tutti rispondono bene. Risponde chi ha voluto rispondere."
            ),
        ),
    ]


def missing() -> list[Block]:
    """Say what the questionnaires would add."""
    return [
        title("sez_questionari", T("I questionari")),
        unavailable(
            "questionari",
            T("Che cosa pensano persone, operatori e partner non si può ancora dire."),
            T("i questionari compilati (tabella questionari, in data/raw/questionari)."),
        ),
    ]


def useful(utilita: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Say how many find the activity useful, and how help with the paper bends it (E1)."""
    own = utilita[utilita["area"] == area]
    head = title("sez_utilita", T("Utile per la propria integrazione?"))
    whole = own[own["gruppo"] == "tutti"]
    if whole.empty or not int(whole["distribuiti"].fillna(1).iloc[0]):
        return [head, _no_question()]
    return [
        head,
        _useful_sentence(whole.iloc[0], study, area),
        _useful_table(own, study, area, source),
        _bias(own),
    ]


def _no_question() -> Block:
    return unavailable(
        "utilita",
        T("La quota di chi trova utile l'attività (E1, R.2.9) non si può calcolare."),
        T("la domanda «utile_integrazione», sì o no, nei questionari dei destinatari."),
    )


def _useful_sentence(row: pd.Series, study: Study, area: str) -> Block:
    return paragraph(
        "utilita_frase",
        T(
            "{area}: dice che l'attività è servita alla propria integrazione il {v} di chi ha "
            "risposto (intervallo di Wilson al 95% da {a} a {b}; rispondenti {n}, non risposta "
            "{m}).",
            area=study.nome_area(area),
            v=value(row, "utile", "pct1"),
            a=value(row, "utile_basso", "pct1"),
            b=value(row, "utile_alto", "pct1"),
            n=value(row, "rispondenti", "int"),
            m=value(row, "non_risposta", "pct1"),
        ),
    )


def _useful_table(own: pd.DataFrame, study: Study, area: str, source: Message) -> Block:
    asked = own[own["distribuiti"].fillna(1) > 0]
    shown = with_words(asked, chi=[GRUPPI.get(name, name) for name in asked["gruppo"]])
    return table(
        "utilita_tabella",
        shown,
        [
            ("chi", T("Chi"), "text"),
            ("rispondenti", T("Rispondenti"), "int"),
            ("utile", T("Sì"), "pct1"),
            ("utile_basso", T("da"), "pct1"),
            ("utile_alto", T("a"), "pct1"),
            ("non_risposta", T("Non risposta"), "pct1"),
        ],
        caption=T("{area}: utilità percepita per l'integrazione", area=study.nome_area(area)),
        alt=T("Tabella di {n:int} gruppi con quota di sì e intervallo.", n=len(shown)),
        source=source,
        n=T("{n:int} gruppi", n=len(shown)),
        tables=["ind_utilita"],
    )


def _bias(own: pd.DataFrame) -> Block:
    helped, alone = one_row(own, gruppo="con_mediatore"), one_row(own, gruppo="senza_mediatore")
    known = not (is_missing(helped["utile"]) or is_missing(alone["utile"]))
    return warning(
        "utilita_mediatore",
        T(
            "Distorsione possibile: chi compila con il mediatore risponde davanti a chi ha "
            "prestato il servizio. {how}",
            how=_gap(helped, alone) if known else NO_GAP,
        ),
    )


NO_GAP = T(
    "La differenza non è stimabile: i questionari non dicono come sono stati compilati, o uno dei "
    "due gruppi è troppo piccolo."
)


def _gap(helped: pd.Series, alone: pd.Series) -> Message:
    return T(
        "Con il mediatore {h:pct1}, senza {s:pct1}: la differenza è di {gap:sdec1} punti "
        "percentuali. La cifra senza mediatore è la più prudente.",
        h=helped["utile"],
        s=alone["utile"],
        gap=(helped["utile"] - alone["utile"]) * 100,
    )


def items(
    risposte: pd.DataFrame,
    domande: pd.DataFrame,
    scale: pd.DataFrame,
    study: Study,
    source: Message,
) -> list[Block]:
    """Show every survey: bars by item, non-response, alpha where there is a scale."""
    blocks = [title("sez_domande", T("Le risposte, domanda per domanda"))]
    risposte, domande = _worded(risposte, study), _worded(domande, study)
    for survey in RILEVAZIONI:
        for wave in (PRE, POST, RETRO):
            blocks += _likert(risposte, survey, wave, source)
    return [*blocks, _items_table(domande, source), _alpha_table(scale, source), _scale_note()]


def _worded(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    return with_words(rows, domanda=[study.testo_domanda(item) for item in rows["item"]])


def _likert(risposte: pd.DataFrame, survey: str, wave: str, source: Message) -> list[Block]:
    rows = risposte[(risposte["rilevazione"] == survey) & (risposte["onda"] == wave)]
    found = [name for name in LIKERT if name in set(rows["scala"])]
    return [
        _likert_figure(rows[rows["scala"] == scale], (survey, wave, scale), source)
        for scale in found
    ]


def _likert_figure(rows: pd.DataFrame, key: Sequence[str], source: Message) -> Block:
    survey, wave, scale = key
    shown = with_words(
        rows,
        punto=[T("{v:int}", v=point) for point in rows["valore"]],
    )
    return figure(
        f"likert_{survey}_{wave}_{scale}",
        ChartKind.LIKERT,
        shown,
        [
            ("domanda", T("Domanda"), "text"),
            ("punto", T("Risposta"), "text"),
            ("quota", T("Quota"), "pct0"),
        ],
        {"x": "domanda", "y": "quota", "group": "punto"},
        caption=T(
            "Risposte di {who} ({when}), {scale}",
            who=RILEVAZIONI[survey],
            when=ONDE[wave],
            scale=SCALE[scale],
        ),
        alt=T("Barre divise per risposta, {n:int} domande.", n=rows["item"].nunique()),
        source=source,
        n=T("{n:int} risposte", n=int(rows["risposte"].sum())),
        tables=["ind_risposte"],
        unit=T("quota delle risposte"),
    )


def _items_table(domande: pd.DataFrame, source: Message) -> Block:
    shown = with_words(
        domande,
        chi=[RILEVAZIONI.get(name, name) for name in domande["rilevazione"]],
        quando=[ONDE.get(name, name) for name in domande["onda"]],
        come=[SCALE.get(name, name) for name in domande["scala"]],
    )
    return table(
        "domande_tabella",
        shown,
        [
            ("chi", T("Chi"), "text"),
            ("quando", T("Quando"), "text"),
            ("domanda", T("Domanda"), "text"),
            ("come", T("Scala"), "text"),
            ("rispondenti", T("Rispondenti"), "int"),
            ("non_risposta", T("Non risposta"), "pct1"),
            ("media", T("Media"), "dec2"),
            ("media_basso", T("da"), "dec2"),
            ("media_alto", T("a"), "dec2"),
        ],
        caption=T("Rispondenti, non risposta e media di ogni domanda (intervallo al 95%)"),
        alt=T("Tabella di {n:int} domande.", n=len(shown)),
        source=source,
        n=T("{n:int} domande", n=len(shown)),
        tables=["ind_domande"],
    )


def _alpha_table(scale: pd.DataFrame, source: Message) -> Block:
    rows = scale.to_dict("records")
    shown = with_words(
        scale,
        chi=[RILEVAZIONI.get(name, name) for name in scale["rilevazione"]],
        quando=[ONDE.get(name, name) for name in scale["onda"]],
        perche=[FEW.get(str(row["motivo"]), str(row["motivo"] or "")) for row in rows],
    )
    return table(
        "alfa_tabella",
        shown,
        [
            ("chi", T("Chi"), "text"),
            ("quando", T("Quando"), "text"),
            ("domande", T("Domande"), "int"),
            ("rispondenti", T("Con tutte le risposte"), "int"),
            ("alfa", T("Alfa di Cronbach"), "dec2"),
            ("alfa_basso", T("da"), "dec2"),
            ("alfa_alto", T("a"), "dec2"),
            ("perche", T("Perché non c'è"), "text"),
        ],
        caption=T("Affidabilità, solo dove le domande formano una scala"),
        alt=T("Tabella di {n:int} gruppi di domande con l'alfa.", n=len(shown)),
        source=source,
        n=T("{n:int} gruppi di domande", n=len(shown)),
        tables=["ind_scale"],
    )


def _scale_note() -> Block:
    return note(
        "scale_nota",
        T(
            "Scale diverse non hanno una media comune. L'alfa usa le sole persone con tutte le "
            "risposte, con le domande inverse girate; un alfa alto non dice che la scala misuri "
            "ciò che si vuole. L'indice di integrazione ORIM non è calcolato: servono domande "
            "ordinali su lavoro, reddito, casa e titolo di soggiorno, che questi questionari non "
            "hanno."
        ),
    )


def change(domande: pd.DataFrame, study: Study) -> list[Block]:
    """Put before and after side by side, and retrospective answers apart."""
    means = domande[domande["media"].notna()]
    pre, post = means[means["onda"] == PRE], means[means["onda"] == POST]
    both = pre.merge(post, on=["rilevazione", "item", "scala"], suffixes=("_pre", "_post"))
    blocks = [title("sez_prima_dopo", T("Prima e dopo"))]
    if both.empty:
        blocks.append(paragraph("prima_dopo", T("Nessuna domanda è stata posta prima e dopo.")))
    else:
        blocks += [_change_sentence(_worded(both, study)), _change_warning()]
    retro = means[means["onda"] == RETRO]
    return blocks if retro.empty else [*blocks, _retro(_worded(retro, study))]


def _change_sentence(both: pd.DataFrame) -> Block:
    lines = [
        T(
            "«{item}» da {a:dec2} a {b:dec2} ({who})",
            item=row["domanda"],
            a=row["media_pre"],
            b=row["media_post"],
            who=RILEVAZIONI.get(row["rilevazione"], row["rilevazione"]),
        )
        for row in both.to_dict("records")
    ]
    apart = int((both["media_basso_post"] > both["media_alto_pre"]).sum())
    return paragraph(
        "prima_dopo",
        T(
            "Medie prima e dopo: {lines}. Domande in cui i due intervalli non si toccano, verso "
            "l'alto: {k:int} su {n:int}.",
            lines=lines,
            k=apart,
            n=len(both),
        ),
    )


def _change_warning() -> Block:
    return warning(
        "prima_dopo_nota",
        T(
            "Sono gruppi di questionari senza un legame tra le persone: può essere cambiato chi "
            "risponde. Un confronto che attraversa il 2020 mescola il progetto con il COVID-19."
        ),
    )


def _retro(retro: pd.DataFrame) -> Block:
    names = sorted({f"«{text}»" for text in retro["domanda"]})
    return warning(
        "retrospettiva",
        T(
            "Domande retrospettive, tenute a parte: {names}. Il «prima» è un ricordo detto dopo, e "
            "tende a far sembrare più grande il cambiamento.",
            names=names,
        ),
    )


def headline(utilita: pd.DataFrame, area: str) -> dict[str, Any]:
    """Return the perceived benefit (E1), as fields of ``notebook.door.Result``."""
    row = utilita[(utilita["area"] == area) & (utilita["gruppo"] == "tutti")].iloc[0]
    if is_missing(row["utile"]):
        secret = hidden(row, "utile")
        return {
            "codice": "E1", "ambito": area, "stima": None, "basso": None, "alto": None, "n": None,
            "intervallo": "nessuno", "forza": "non stimabile",
            "blocco": "utilita_frase" if secret else "manca_utilita",
            "motivo": "non mostrato, a tutela delle persone" if secret else "nessuna risposta",
        }  # fmt: skip
    return {
        "codice": "E1", "ambito": area, "stima": float(row["utile"]),
        "basso": float(row["utile_basso"]), "alto": float(row["utile_alto"]),
        "n": int(row["rispondenti"]), "intervallo": "Wilson 95%", "forza": "debole",
        "blocco": "utilita_frase",
    }  # fmt: skip
