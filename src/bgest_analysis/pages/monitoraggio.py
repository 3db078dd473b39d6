"""Blocks on monitoring: planned against achieved, official set, deviations from the plan."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import highest, lowest, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable, warning
from bgest_analysis.pages.fondi import quarter_starts
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

NAMES = {
    "M1": T("Ore di mediazione"),
    "P3": T("Accessi"),
    "P6": T("Strumenti e protocolli attivi"),
    "SO2.ii": T("Persone assistite con misure di integrazione"),
}
DIGITS = "qty1"


def headings(study: Study, area: str) -> list[Block]:
    """Return the analysis' heading, its question and whose the figures are."""
    return [
        title("titolo", T("Monitoraggio e indicatori"), level=1),
        paragraph(
            "domanda",
            T("Domanda valutativa (efficacia): è stato realizzato quanto era previsto?"),
        ),
        note(
            "monitoraggio_area",
            T(
                "Le schede di monitoraggio riguardano il progetto intero, non i singoli Ambiti: "
                "le cifre qui sotto valgono per {name}.",
                name=study.nome_insieme,
            ),
        ),
    ]


def code_name(code: str) -> Message | str:
    """Return an indicator's code with its name, where the product knows one."""
    return T("{c} {n}", c=code, n=NAMES[code]) if code in NAMES else code


def achieved(rows: pd.DataFrame, source: Message) -> list[Block]:
    """Show what each indicator reached; a projection only while the project is open."""
    ended = not rows["aperto"].fillna(False).any()
    words = T("Conseguimento finale") if ended else T("Conseguito e proiezione alla fine")
    return [
        title("sez_conseguimento", T("Previsto e realizzato")),
        _achieved_sentence(rows),
        _achieved_chart(rows, source),
        _achieved_table(rows, words, source, ended=ended),
        *_reasons(rows, ended=ended),
    ]


def _achieved_sentence(rows: pd.DataFrame) -> Block:
    known = rows.dropna(subset=["quota"])
    if known.empty:
        need = T("valori attesi nelle schede trimestrali.")
        return unavailable("conseguimento", T("Manca l'obiettivo con cui confrontare."), need)
    best, least = highest(known, "quota"), lowest(known, "quota")
    return paragraph(
        "conseguimento_frase",
        T(
            "Su {n:int} indicatori con un obiettivo, {k:int} lo raggiungono. Il più alto è {b} "
            "({bq:pct0} dell'atteso), il più basso {w} ({wq:pct0}).",
            n=len(known),
            k=int((known["quota"] >= 1).sum()),
            b=code_name(best["codice"]),
            bq=best["quota"],
            w=code_name(least["codice"]),
            wq=least["quota"],
        ),
    )


def _achieved_chart(rows: pd.DataFrame, source: Message) -> Block:
    shown = with_words(rows, nome=[code_name(code) for code in rows["codice"]])
    return figure(
        "conseguimento_grafico",
        ChartKind.BARRE,
        shown,
        [("nome", T("Indicatore"), "text"), ("quota", T("Quota dell'atteso"), "pct0")],
        {"x": "nome", "y": "quota"},
        caption=T("Quota dell'atteso raggiunta"),
        alt=T("Barre di {n} indicatori con la quota dell'atteso e il riferimento al 100%.",
              n=len(rows)),
        source=source,
        n=T("{n:int} indicatori", n=len(rows)),
        tables=["ind_conseguimento"],
        unit=T("quota dell'atteso"),
        options={"riferimento": [1, T("atteso")]},
    )  # fmt: skip


def _achieved_table(rows: pd.DataFrame, words: Message, source: Message, *, ended: bool) -> Block:
    shown = with_words(
        rows,
        nome=[code_name(code) for code in rows["codice"]],
        campo=[_projected(row) for _, row in rows.iterrows()],
    )
    columns = [
        ("nome", T("Indicatore"), "text"),
        ("unita", T("Unità"), "text"),
        ("atteso", T("Atteso"), DIGITS),
        ("finale", T("Realizzato"), DIGITS),
        ("quota", T("Quota"), "pct1"),
        ("ultimo_trimestre", T("Ultimo trimestre"), "text"),
        ("ritmo_covid", T("Ritmo nei trimestri COVID-19"), DIGITS),
        ("ritmo_altri", T("Ritmo negli altri"), DIGITS),
    ]
    if not ended:
        columns.append(("campo", T("Proiezione alla fine (dal ritmo più lento al più veloce)"),
                        "text"))  # fmt: skip
    return table(
        "conseguimento_tabella",
        shown,
        columns,
        caption=words,
        alt=T("Tabella di {n} indicatori con atteso, realizzato e quota.", n=len(rows)),
        source=source,
        n=T("{n:int} indicatori", n=len(rows)),
        tables=["ind_conseguimento"],
    )


def _projected(row: pd.Series) -> Message:
    if is_missing(row["proiezione"]):
        return T("non stimabile: manca la data di fine o un anno di trimestri")
    values = {"p": row["proiezione"], "a": row["basso"], "b": row["alto"]}
    return Message("{p:qty1} ({a:qty1}–{b:qty1})", values)


def _reasons(rows: pd.DataFrame, *, ended: bool) -> list[Block]:
    slower = rows[rows["ritmo_covid"] < rows["ritmo_altri"]]
    words = T("Il progetto è chiuso: si dà il conseguimento finale e nessuna proiezione.")
    if not ended:
        words = T("Il progetto è aperto: la proiezione tiene il ritmo degli ultimi trimestri.")
    return [
        paragraph(
            "scostamenti_ritmo",
            T(
                "{words} Nei trimestri delle chiusure per il COVID-19 il ritmo è stato più lento "
                "per {k:int} indicatori su {n:int}: {names}.",
                words=words,
                k=len(slower),
                n=len(rows),
                names=sorted(slower["codice"]) or [T("nessuno")],
            ),
        ),
        unavailable(
            "motivi",
            T(
                "I motivi degli scostamenti dichiarati dal progetto non sono tra i dati: il ritmo "
                "nei trimestri COVID-19 è un indizio, non una spiegazione."
            ),
            T("i testi della scheda procedurale (scostamenti, criticità, soluzioni)."),
        ),
    ]


def by_quarter(rows: pd.DataFrame, source: Message) -> list[Block]:
    """Draw progress by quarter and list what later versions corrected."""
    shown = rows.assign(inizio=quarter_starts(rows["trimestre"]))
    return [
        title("sez_trimestri", T("Trimestre per trimestre")),
        figure(
            "trimestri_grafico",
            ChartKind.LINEE,
            shown,
            [
                ("inizio", T("Inizio del trimestre"), "date"),
                ("trimestre", T("Trimestre"), "text"),
                ("codice", T("Indicatore"), "text"),
                ("quota", T("Quota dell'atteso"), "pct0"),
                ("cumulativo", T("Realizzato, cumulato"), DIGITS),
                ("incremento", T("Nel trimestre"), DIGITS),
            ],
            {"x": "inizio", "y": "quota", "group": "codice"},
            caption=T("Avanzamento cumulato di ogni indicatore"),
            alt=T(
                "Linee di {n} indicatori per {m} trimestri: quota dell'atteso.",
                n=rows["codice"].nunique(),
                m=rows["trimestre"].nunique(),
            ),
            source=source,
            n=T("{n:int} valori", n=len(rows)),
            tables=["ind_indicatori_trimestri"],
            unit=T("quota dell'atteso"),
            options={"da_zero": True, "riferimento": [1, T("atteso")]},
        ),
        *_versions(rows, source),
        warning(
            "trimestri_2020",
            T("La serie attraversa il COVID-19 (dal 2020) e l'emergenza Ucraina (dal 2022)."),
        ),
    ]


def _versions(rows: pd.DataFrame, source: Message) -> list[Block]:
    changed = rows[(rows["versioni"] > 1) | rows["calo"] | rows["prima_in_calo"]]
    mixed = rows.groupby("codice")["cumulato"].nunique().gt(1).sum()
    said = paragraph(
        "versioni_frase",
        T(
            "{k:int} valori su {n:int} hanno più versioni; si usa l'ultima. Cumulati che calano "
            "ancora nell'ultima versione: {c:int}; solo nella prima: {f:int}. Indicatori inviati "
            "ora come cumulati e ora per trimestre: {m:int}.",
            k=int((rows["versioni"] > 1).sum()),
            n=len(rows),
            c=int(rows["calo"].sum()),
            f=int((rows["prima_in_calo"] & ~rows["calo"]).sum()),
            m=int(mixed),
        ),
    )
    if changed.empty:
        return [said]
    shown = with_words(
        changed,
        nome=[code_name(code) for code in changed["codice"]],
        segno=[T("cala") if c else T("calava") if f else T("no")
               for c, f in zip(changed["calo"], changed["prima_in_calo"], strict=True)],
    )  # fmt: skip
    return [said, _versions_table(shown, source)]


def _versions_table(shown: pd.DataFrame, source: Message) -> Block:
    return table(
        "versioni_tabella",
        shown,
        [
            ("nome", T("Indicatore"), "text"),
            ("trimestre", T("Trimestre"), "text"),
            ("versioni", T("Versioni"), "int"),
            ("cumulativo", T("Ultima versione, cumulato"), DIGITS),
            ("correzione", T("Correzione sulla prima"), "sdec1"),
            ("segno", T("Cumulato in calo"), "text"),
        ],
        caption=T("Valori riaperti o da controllare"),
        alt=T("Tabella di {n} valori con più versioni o con un calo.", n=len(shown)),
        source=source,
        n=T("{n:int} valori", n=len(shown)),
        tables=["ind_indicatori_trimestri"],
    )


def official(rows: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    """List the official indicators of the study's edition, and which have data."""
    own = rows[rows["dello_studio"]]
    if own.empty:
        need = T("l'edizione del fondo in study.toml, tra: {e}.", e=sorted(set(rows["edizione"])))
        return [unavailable("ufficiali", T("L'insieme ufficiale non si può scegliere."), need)]
    return [
        title("sez_ufficiali", T("Gli indicatori ufficiali")),
        _official_table(own, "ufficiali_tabella", study.progetto.edizione, source),
        note(
            "ufficiali_nota",
            T(
                "I nomi sono da verificare sul testo ufficiale. La mediazione non ha un indicatore "
                "europeo proprio: la portano gli indicatori di progetto. Insiemi di edizioni "
                "diverse non si mescolano in una scheda."
            ),
        ),
    ]


def _official_table(own: pd.DataFrame, id: str, edition: str, source: Message) -> Block:
    return table(
        id,
        own.sort_values("ordine"),
        [
            ("codice", T("Codice"), "text"),
            ("nome", T("Indicatore"), "text"),
            ("unita", T("Unità"), "text"),
            ("atteso", T("Atteso"), DIGITS),
            ("valore", T("Ultimo valore"), DIGITS),
            ("verifica", T("Stato del nome"), "text"),
        ],
        caption=T("Indicatori ufficiali dell'edizione {e}", e=edition),
        alt=T("Tabella di {n} indicatori ufficiali con i valori disponibili.", n=len(own)),
        source=T("regolamenti citati nell'elenco del pacchetto; valori: {s}", s=source),
        n=T("{k:int} indicatori con dati su {n:int}", k=int(own["valore"].notna().sum()),
            n=len(own)),
        tables=["ind_indicatori_ufficiali"],
    )  # fmt: skip


def next_edition(rows: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    """List the other editions' sets, as a reading for what comes next; never values of this one."""
    other = rows[~rows["dello_studio"] & (rows["edizione"] > study.progetto.edizione)]
    return [
        _official_table(part, f"edizione_{index}", str(edition), source)
        for index, (edition, part) in enumerate(other.groupby("edizione"))
    ]


def activities(rows: pd.DataFrame, source: Message) -> list[Block]:
    """Show activities planned and done, with days late."""
    late = rows[rows["ritardo_inizio"].fillna(0) > 0]
    return [
        title("sez_attivita", T("Le attività")),
        paragraph(
            "attivita_frase",
            T(
                "Su {n:int} attività, {k:int} sono iniziate dopo il previsto (al più {d:int} "
                "giorni); di {u:int} non risulta la fine effettiva.",
                n=len(rows),
                k=len(late),
                d=rows["ritardo_inizio"].max(),
                u=int(rows["senza_fine"].sum()),
            ),
        ),
        table(
            "attivita_tabella",
            rows,
            _activity_columns(),
            caption=T("Attività previste e realizzate"),
            alt=T("Tabella di {n} attività con quantità e ritardi.", n=len(rows)),
            source=source,
            n=T("{n:int} attività", n=len(rows)),
            tables=["ind_attivita"],
        ),
    ]


def _activity_columns() -> Sequence[tuple[str, Message, str]]:
    return [
        ("attivita_id", T("Attività"), "text"),
        ("titolo", T("Titolo"), "text"),
        ("previsto", T("Previsto"), DIGITS),
        ("realizzato", T("Realizzato"), DIGITS),
        ("quota", T("Quota"), "pct0"),
        ("ritardo_inizio", T("Ritardo all'inizio (giorni)"), "int"),
        ("scarto_fine", T("Scarto alla fine (giorni)"), "int"),
    ]


def missing() -> Block:
    """Say what monitoring would need."""
    return unavailable(
        "monitoraggio",
        T("Se è stato realizzato quanto previsto non si può ancora dire."),
        T("le schede trimestrali (tabella indicatori), in data/raw/indicatori."),
    )
