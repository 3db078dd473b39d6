"""Blocks for planning: what continues, funds in time, demand to come, hours under each rule."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import one_row, with_area_names, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable, warning
from bgest_analysis.pages.fondi import STATES, fund_name
from bgest_analysis.pages.modello.words import SERVIZI, name_of
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

ALL = "tutti"
COMPONENTS = {
    "integrata": T("Mediazione integrata nei servizi"),
    "lettura_progettazione": T("Mediatore in lettura e progettazione"),
    "attivazione": T("Attivazione delle risorse"),
    "prassi_ucraina": T("Prassi per l'emergenza Ucraina"),
    "altro": T("Altro"),
}
WAYS = {
    "modello": T("modello con andamento e stagione"),
    "anno_prima": T("stesso mese dell'anno prima"),
    "nessuna": T("nessuna"),
}


def headings(study: Study, area: str) -> list[Block]:
    """Return the analysis' heading and its question."""
    return [
        title("titolo", T("Programmazione: {area}", area=study.nome_area(area)), level=1),
        paragraph(
            "domanda",
            T(
                "Domanda valutativa (sostenibilità): che cosa resta dopo la fine del progetto, chi "
                "lo paga, e come si potrebbero distribuire le ore della prossima edizione?"
            ),
        ),
    ]


def at_risk(rows: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show the share of the last year's hours that ended projects paid, by service."""
    own = rows[rows["area"] == area].sort_values("ore", ascending=False, kind="stable")
    if own.empty:
        need = T("interventi dell'area negli ultimi dodici mesi.")
        return [unavailable("ore_rischio", T("Le ore a rischio non si possono dire."), need)]
    whole = one_row(own, servizio=ALL)
    shown = with_words(
        own,
        nome=[T("Tutti i servizi") if s == ALL else name_of(s, SERVIZI) for s in own["servizio"]],
    )
    return [
        title("sez_resta", T("Che cosa resta")),
        paragraph(
            "rischio_frase",
            T(
                "{area}: tra il {a:date} e il {b:date} le ore sono state {h:dec0}; il {q:pct0} è "
                "stato pagato da progetti oggi conclusi ed è a rischio se nessun altro le prende.",
                area=study.nome_area(area),
                a=whole["dal"],
                b=whole["al"],
                h=whole["ore"],
                q=whole["quota_rischio"],
            ),
        ),
        _risk_table(shown, study, area, source),
    ]


def _risk_table(shown: pd.DataFrame, study: Study, area: str, source: Message) -> Block:
    return table(
        "rischio_tabella",
        shown,
        [
            ("nome", T("Servizio"), "text"),
            ("interventi", T("Interventi"), "int"),
            ("ore", T("Ore"), "dec1"),
            ("ore_rischio", T("Ore a rischio"), "dec1"),
            ("quota_rischio", T("Quota a rischio"), "pct0"),
        ],
        caption=T("Ore degli ultimi dodici mesi pagate da progetti conclusi: {area}",
                  area=study.nome_area(area)),
        alt=T("Tabella di {n} servizi con ore e quota a rischio.", n=len(shown)),
        source=source,
        n=T("{n:int} interventi", n=shown["interventi"].max()),
        tables=["ind_ore_rischio"],
    )  # fmt: skip


def successors(progetti: pd.DataFrame) -> Block:
    """Say who could pay after each project that has ended."""
    ended = progetti[progetti["stato"] == "concluso"]
    after = progetti[progetti["continua_da"].notna()].set_index("continua_da")
    said = [_successor(row, after) for _, row in ended.iterrows()]
    return paragraph(
        "chi_paga",
        T("Chi paga dopo: {said}.", said=said or [T("nessun progetto risulta concluso")]),
    )


def _successor(row: pd.Series, after: pd.DataFrame) -> Message:
    if row["progetto_id"] not in after.index:
        return T("{t}: nessun seguito noto", t=row["titolo"])
    found = after.loc[[row["progetto_id"]]].iloc[0]
    state = STATES.get(found["stato"], found["stato"])
    return T("{t}: {n} ({s})", t=row["titolo"], n=found["titolo"], s=state)


def practices(rows: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show practices adopted and those that a formal instrument holds."""
    own = rows[rows["area"] == area]
    if own.empty:
        need = T("la ricognizione delle pratiche nell'area (tabella pratiche).")
        return [unavailable("pratiche", T("Le pratiche non si conoscono."), need)]
    shown = with_words(own, nome=[COMPONENTS.get(c, c) for c in own["componente"]])
    return [
        table(
            "tenuta_tabella",
            shown,
            [
                ("nome", T("Componente del modello"), "text"),
                ("pratiche", T("Pratiche adottate"), "int"),
                ("con_atto", T("Con un atto firmato"), "int"),
                ("ambiti", T("Ambiti"), "int"),
            ],
            caption=T("Pratiche adottate e atti che le reggono: {area}",
                      area=study.nome_area(area)),
            alt=T("Tabella di {n} componenti con pratiche e atti.", n=len(own)),
            source=source,
            n=T("{n:int} pratiche", n=int(own["pratiche"].sum())),
            tables=["ind_pratiche_tenuta"],
        ),
        note(
            "tenuta_nota",
            T(
                "Un atto firmato rende più probabile che una pratica resti, non dice chi la paga: "
                "chi paga ogni pratica non è tra i dati e va chiesto agli Uffici di Piano."
            ),
        ),
    ]  # fmt: skip


def funds_in_time(progetti: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    """Draw the funds along the calendar; an unknown end is an arrow, no date is no bar."""
    dated = progetti[progetti["dal"].notna() | progetti["al"].notna()]
    undated = progetti[progetti["dal"].isna() & progetti["al"].isna()]
    blocks = [title("sez_fondi", T("I fondi nel tempo"))]
    if not dated.empty:
        blocks.append(_gantt(dated, source))
    blocks.append(
        paragraph(
            "fondi_senza_date",
            T(
                "Senza alcuna data nota, e quindi fuori dal disegno: {names}.",
                names=undated["titolo"].tolist() or [T("nessuno")],
            ),
        )
    )
    return blocks


def _gantt(dated: pd.DataFrame, source: Message) -> Block:
    shown = with_words(dated, fondo_nome=[fund_name(fund) for fund in dated["fondo"]])
    return figure(
        "fondi_gantt",
        ChartKind.GANTT,
        shown,
        [
            ("titolo", T("Progetto"), "text"),
            ("fondo_nome", T("Fondo"), "text"),
            ("dal", T("Dal"), "date"),
            ("al", T("Al"), "date"),
        ],
        {"x": "titolo", "y": "titolo", "low": "dal", "high": "al", "group": "fondo_nome"},
        caption=T("I fondi nel tempo: una freccia dove la data non è nota"),
        alt=T("Calendario di {n} progetti; {u:int} hanno una data non nota.", n=len(dated),
              u=int((dated["dal"].isna() | dated["al"].isna()).sum())),
        source=source,
        n=T("{n:int} progetti con almeno una data", n=len(dated)),
        tables=["ind_progetti"],
        unit=T("anni"),
    )  # fmt: skip


def forecast(
    rows: pd.DataFrame, tests: pd.DataFrame, study: Study, area: str, source: Message
) -> list[Block]:
    """Show the demand to come, where it can be forecast, beside how well it would have done."""
    head = title("sez_previsione", T("La domanda che potrebbe arrivare"))
    own = tests[tests["area"] == area]
    if own.empty:
        need = T("richieste registrate nell'area.")
        return [head, unavailable("previsione", T("La domanda non si può prevedere."), need)]
    test = own.iloc[0]
    if test["usata"] == "nessuna":
        need = T("{why}; i mesi utili sono {n:int}.", why=test["motivo"], n=test["mesi_utili"])
        return [head, unavailable("previsione", T("La domanda non si può prevedere."), need)]
    return [
        head,
        _test_sentence(test, study, area),
        _forecast_chart(rows[rows["area"] == area], study, area, source),
        _tests_table(tests, study, source),
        warning(
            "previsione_nota",
            T(
                "I mesi di chiusura per il COVID-19 hanno un termine proprio e non contano tra "
                "quelli utili; dall'invasione dell'Ucraina il livello è un altro, e la previsione "
                "lo tiene fermo all'ultimo. Le richieste seguono anche le ore offerte: finito il "
                "progetto, la serie può cambiare senza che cambi il bisogno."
            ),
        ),
    ]


def _test_sentence(test: pd.Series, study: Study, area: str) -> Block:
    return paragraph(
        "previsione_frase",
        T(
            "{area}: provata all'indietro su {m:int} mesi, la previsione del modello sbaglia in "
            "media di {e:dec1} richieste al mese, lo stesso mese dell'anno prima di {p:dec1}. Si "
            "usa: {way}.",
            area=study.nome_area(area),
            m=test["mesi_prova"],
            e=test["errore_modello"],
            p=test["errore_anno_prima"],
            way=WAYS[test["usata"]],
        ),
    )


def _forecast_chart(rows: pd.DataFrame, study: Study, area: str, source: Message) -> Block:
    shown = with_words(
        rows, serie=[T("osservate") if k == "osservato" else T("previste") for k in rows["tipo"]]
    )
    return figure(
        "previsione_grafico",
        ChartKind.LINEE,
        shown,
        [
            ("mese", T("Mese"), "date"),
            ("serie", T("Serie"), "text"),
            ("valore", T("Richieste"), "dec1"),
            ("basso", T("da"), "dec1"),
            ("alto", T("a"), "dec1"),
        ],
        {"x": "mese", "y": "valore", "group": "serie", "low": "basso", "high": "alto"},
        caption=T("Richieste al mese, osservate e previste: {area}", area=study.nome_area(area)),
        alt=T("Linea di {n} mesi di richieste, con un anno di previsione e il suo campo.",
              n=len(rows)),
        source=source,
        n=T("{n:int} mesi osservati", n=int((rows["tipo"] == "osservato").sum())),
        tables=["ind_previsione"],
        unit=T("richieste al mese"),
        options={"da_zero": True},
    )  # fmt: skip


def _tests_table(tests: pd.DataFrame, study: Study, source: Message) -> Block:
    named = with_area_names(tests, study)
    shown = with_words(
        named,
        scelta=[
            WAYS[way] if not why else T("non stimabile: {w}", w=why)
            for way, why in zip(named["usata"], named["motivo"], strict=True)
        ],
    )
    return table(
        "previsione_prova",
        shown,
        [
            ("nome_area", T("Area"), "text"),
            ("mesi_utili", T("Mesi utili"), "int"),
            ("errore_modello", T("Errore del modello"), "dec1"),
            ("errore_anno_prima", T("Errore dell'anno prima"), "dec1"),
            ("scelta", T("Previsione usata"), "text"),
        ],
        caption=T("Prova all'indietro delle previsioni (richieste al mese)"),
        alt=T("Tabella di {n} aree con gli errori delle due previsioni.", n=len(tests)),
        source=source,
        n=T("{n:int} aree", n=len(tests)),
        tables=["ind_previsione_prova"],
    )


def missing(what: str) -> Block:
    """Say what a part of the analysis would need."""
    parts = {
        "rischio": (T("Quali ore restano e quali sono a rischio non si può dire."),
                    T("il registro degli interventi, in data/raw/interventi.")),
        "previsione": (T("La domanda che verrà non si può prevedere."),
                       T("il registro degli interventi, in data/raw/interventi.")),
        "riparto": (T("Le ore per ciascuna regola non si possono calcolare."),
                    T("il registro degli interventi e i residenti per Ambito.")),
        "pratiche": (T("Quali pratiche restano non si può dire."),
                     T("la ricognizione delle pratiche, in data/raw/pratiche.")),
    }  # fmt: skip
    return unavailable(what, *parts[what])


def editions_heading(study: Study) -> list[Block]:
    """Return the heading of the two editions side by side."""
    ends = [study.progetto.al] if not is_missing(study.progetto.al) and study.progetto.al else []
    return [
        title("sez_edizioni", T("Le due edizioni, una accanto all'altra")),
        paragraph(
            "edizioni_frase",
            T(
                "Questo progetto risponde all'insieme {e}{fine}. Gli indicatori dell'edizione "
                "successiva stanno qui solo come lettura: nessun loro valore si ricava da questo "
                "progetto senza ricodificare i servizi.",
                e=study.progetto.edizione,
                fine=T(" (fine: {d:date})", d=ends[0]) if ends else "",
            ),
        ),
    ]
