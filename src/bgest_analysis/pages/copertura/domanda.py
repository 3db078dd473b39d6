"""Languages and services asked for and not given, and how long requests wait."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import one_row, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable
from bgest_analysis.pages.modello.words import interval, value
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.vocabulary.load import read_list
from bgest_analysis.workspace import DISTRETTO

TABLE, LANGUAGES = "ind_domanda", "ind_lingue"
ALL_LANGUAGES, ALL_SERVICES = "tutte", "tutti"
OTHERS = {"altre": T("altre lingue"), "nd": T("lingua non indicata")}
SERVICES = {
    "scuola": T("Scuola (CTI e CPIA compresi)"),
    "sociale": T("Servizi sociali e tutela"),
    "salute": T("Salute"),
    "sportello": T("Sportelli e Comune"),
    "altro": T("Altri"),
    "nd": T("Non indicato"),
}


def language_name(code: str) -> Message | str:
    """Return the name of a language, or of the groups that stand for the rest."""
    if code in OTHERS:
        return OTHERS[code]
    names = read_list("lingue").set_index("iso639_3")["nome_it"]
    return str(names.get(code, code))


def log_missing() -> Block:
    """Say what demand and waits would need."""
    return unavailable(
        "domanda",
        T("Non si può dire quali lingue e servizi chiedono e non ottengono, né quanto aspettano."),
        T(
            "i registri degli interventi con anche le richieste inevase (tabella interventi), da "
            "mettere in data/raw/interventi."
        ),
    )


def demand(
    domanda: pd.DataFrame, lingue: pd.DataFrame, study: Study, area: str, source: Message
) -> list[Block]:
    """Return languages and services asked for, unmet requests, concentration."""
    blocks = [title("sez_domanda", T("Lingue e servizi: chi chiede e chi non ottiene"))]
    own = domanda[domanda["area"] == area]
    if own.empty:
        text = T("{area}: nessuna richiesta nel registro.", area=study.nome_area(area))
        return [*blocks, paragraph("domanda_frase", text)]
    languages = own[(own["servizio"] == ALL_SERVICES) & (own["lingua"] != ALL_LANGUAGES)]
    services = own[(own["lingua"] == ALL_LANGUAGES) & (own["servizio"] != ALL_SERVICES)]
    return [
        *blocks,
        _unmet_sentence(own, study, area),
        *_concentration(lingue, study, area),
        *_margin(languages, "lingua", study, area, source),
        *_margin(services, "servizio", study, area, source),
        *_cross(domanda, study, source),
        note(
            "domanda_nota",
            T(
                "Inevase: lingua non coperta, o richiesta annullata dall'ente o dal mediatore. Il "
                "tasso vale se anche le richieste inevase sono scritte nel registro: dove non lo "
                "sono, è più basso del vero. Le lingue più chieste sono mostrate una per una, le "
                "altre insieme; dove le richieste, o quelle inevase, sono poche per ogni voce, "
                "la ripartizione non è data."
            ),
        ),
    ]


def _unmet_sentence(own: pd.DataFrame, study: Study, area: str) -> Block:
    row = one_row(own, lingua=ALL_LANGUAGES, servizio=ALL_SERVICES)
    return paragraph(
        "domanda_frase",
        T(
            "{area}: su {n} richieste, {unmet} sono inevase: {share}{interval}.",
            area=study.nome_area(area),
            n=value(row, "richieste", "int"),
            unmet=value(row, "inevase", "int"),
            share=value(row, "quota_inevase", "pct1"),
            interval=interval(row, "quota_inevase_basso", "quota_inevase_alto", "pct1"),
        ),
    )


def _concentration(lingue: pd.DataFrame, study: Study, area: str) -> list[Block]:
    rows = lingue[lingue["area"] == area]
    if rows.empty:
        return []
    row = rows.iloc[0]
    return [
        paragraph(
            "lingue_frase",
            T(
                "{area}: le lingue chieste sono {n}; la concentrazione (HHI) è {hhi}, tra 0 "
                "(infinite lingue uguali) e 1 (una lingua sola).",
                area=study.nome_area(area),
                n=value(row, "lingue", "int"),
                hhi=value(row, "hhi", "dec2"),
            ),
        )
    ]


def _margin(rows: pd.DataFrame, key: str, study: Study, area: str, source: Message) -> list[Block]:
    what = T("lingua") if key == "lingua" else T("gruppo di servizi")
    if rows.empty:
        text = T(
            "{area}: troppo poche richieste per {what}.", area=study.nome_area(area), what=what
        )
        return [note(f"domanda_{key}_nota", text)]
    rows = rows.sort_values("richieste", ascending=False, kind="stable")
    names = [
        language_name(code) if key == "lingua" else SERVICES[code] for code in rows[key].tolist()
    ]
    heading = T("Lingua") if key == "lingua" else T("Servizi")
    unmet = [
        ("inevase", T("Inevase"), "int"),
        ("quota_inevase", T("Quota inevasa"), "pct1"),
        ("quota_inevase_basso", T("Limite basso"), "pct1"),
        ("quota_inevase_alto", T("Limite alto"), "pct1"),
    ]
    block = table(
        f"domanda_{key}",
        with_words(rows, nome=names),
        [
            ("nome", heading, "text"),
            ("richieste", T("Richieste"), "int"),
            *(unmet if rows["inevase"].notna().any() else []),
        ],
        caption=T(
            "{area}: richieste e inevase per {what}",
            area=study.nome_area(area),
            what=what,
        ),
        alt=T("Tabella di {n} righe con richieste, inevase e quota.", n=len(rows)),
        source=source,
        n=T("{n:int} richieste con valore mostrato", n=int(rows["richieste"].sum())),
        tables=[TABLE],
    )
    return [block]


def _cross(domanda: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    rows = domanda[
        (domanda["area"] == DISTRETTO)
        & (domanda["lingua"] != ALL_LANGUAGES)
        & (domanda["servizio"] != ALL_SERVICES)
    ]
    if rows.empty:
        return []
    order = rows.groupby("lingua")["richieste"].sum().sort_values(ascending=False)
    place = {code: len(order) if code in OTHERS else i for i, code in enumerate(order.index)}
    services = {code: i for i, code in enumerate(SERVICES)}
    rows = rows.assign(_l=rows["lingua"].map(place), _s=rows["servizio"].map(services))
    rows = rows.sort_values(["_l", "lingua", "_s"])
    shown = with_words(
        rows,
        nome_lingua=[language_name(code) for code in rows["lingua"]],
        nome_servizio=[SERVICES[code] for code in rows["servizio"]],
    )
    maps = [_heat_map(shown, study, source, "richieste", "int", T("Richieste"))]
    if rows["quota_inevase"].notna().any():
        maps.append(_heat_map(shown, study, source, "quota_inevase", "pct0", T("Quota inevasa")))
    return maps


def _heat_map(
    shown: pd.DataFrame, study: Study, source: Message, column: str, spec: str, what: Message
) -> Block:
    return figure(
        f"domanda_incrocio_{column}",
        ChartKind.MATRICE,
        shown,
        [
            ("nome_lingua", T("Lingua"), "text"),
            ("nome_servizio", T("Servizi"), "text"),
            (column, what, spec),
        ],
        {"x": "nome_servizio", "y": column, "group": "nome_lingua"},
        caption=T(
            "{area}: {what}, per lingua e gruppo di servizi",
            area=study.nome_area(DISTRETTO),
            what=what,
        ),
        alt=T(
            "Matrice di {l:int} lingue per {s:int} gruppi di servizi.",
            l=shown["lingua"].nunique(),
            s=shown["servizio"].nunique(),
        ),
        source=source,
        n=T("{n:int} richieste con valore mostrato", n=int(shown["richieste"].sum())),
        tables=[TABLE],
        unit=what,
    )
