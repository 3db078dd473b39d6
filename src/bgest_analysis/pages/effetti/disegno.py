"""The design before any estimate: who adopted when, and what could be seen at all."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import with_area_names, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable, warning
from bgest_analysis.pages.effetti.parole import ESITI, SCALES, reason
from bgest_analysis.pages.modello.words import value
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

DISEGNO, POTENZA = "ind_effetti_disegno", "ind_effetti_potenza"
UNITS = {"autonomia": T("punti"), "attivazione": T("punti percentuali"), "attesa": T("giorni")}


def headings(study: Study, area: str) -> list[Block]:
    """Return the analysis' heading, its question, and what the answer cannot be."""
    return [
        title("titolo", T("Effetti: {area}", area=study.nome_area(area)), level=1),
        paragraph(
            "domanda",
            T(
                "Domanda valutativa (impatto): c'è un segno che il modello integrato abbia "
                "cambiato l'autonomia delle persone, l'orientamento del lavoro o le attese?"
            ),
        ),
        warning(
            "tutti_trattati",
            T(
                "Tutti gli Ambiti hanno partecipato al progetto. Questo esclude un gruppo di "
                "controllo senza modello: l'effetto dell'intero progetto non è stimabile. Si può "
                "solo confrontare chi aveva già adottato la mediazione integrata con chi non "
                "ancora, nello stesso periodo; gli altri Ambiti della provincia avevano progetti "
                "simili e non sono controlli."
            ),
        ),
    ]


def design(disegno: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show who adopted when, and how much is observed on each side."""
    rows = disegno[disegno["esito"] == "autonomia"]
    dated = rows[rows["adozione"].notna()].sort_values("adozione", kind="stable")
    head = [title("sez_disegno", T("Il disegno, prima di ogni stima"))]
    if dated.empty:
        return [*head, _no_dates()]
    return [
        *head,
        _adoption_sentence(dated, rows, study),
        *_own(rows, study, area),
        _adoption_figure(dated, study, source),
        _observations_table(disegno, study, source),
    ]


def _no_dates() -> Block:
    return unavailable(
        "disegno",
        T("Non si può dire chi ha adottato il modello e quando."),
        T(
            "le date di adozione di ogni Ambito con la loro evidenza (tabella pratiche, in "
            "data/raw/pratiche)."
        ),
    )


def _adoption_sentence(dated: pd.DataFrame, rows: pd.DataFrame, study: Study) -> Block:
    undated = [study.nome_area(area) for area in rows.loc[rows["adozione"].isna(), "area"]]
    return paragraph(
        "adozione_frase",
        T(
            "L'adozione è la prima data documentata di mediazione integrata nei servizi o di "
            "mediatore in lettura e progettazione. Ambiti con data: {n:int}; date distinte: "
            "{dates:int}, dalla prima il {first:date} all'ultima il {last:date}. Senza data, e "
            "quindi fuori dal confronto: {undated}.",
            n=len(dated),
            dates=dated["adozione"].nunique(),
            first=dated["adozione"].iloc[0],
            last=dated["adozione"].iloc[-1],
            undated=undated or [T("nessuno")],
        ),
    )


def _own(rows: pd.DataFrame, study: Study, area: str) -> list[Block]:
    if area == DISTRETTO:
        return []
    row = rows[rows["area"] == area].iloc[0]
    day = T("il {d:date}", d=row["adozione"])
    return [
        paragraph(
            "adozione_ambito",
            T(
                "{area}: adozione {day}; casi seguiti aperti prima circa {before}, dopo circa "
                "{after}. Un solo Ambito non permette una stima propria: le stime riguardano "
                "l'insieme.",
                area=study.nome_area(area),
                day=T("non documentata") if is_missing(row["adozione"]) else day,
                before=value(row, "osservazioni_prima", "int"),
                after=value(row, "osservazioni_dopo", "int"),
            ),
        )
    ]


def _adoption_figure(dated: pd.DataFrame, study: Study, source: Message) -> Block:
    last = dated["ultima_data"].max()
    shown = with_area_names(dated, study).assign(fine=last)
    shown = shown.assign(da=shown["adozione"].dt.date, a=shown["fine"].dt.date)
    return figure(
        "adozione_grafico",
        ChartKind.GANTT,
        shown,
        [
            ("nome_area", T("Ambito"), "text"),
            ("da", T("Adozione"), "date"),
            ("a", T("Ultima osservazione"), "date"),
        ],
        {"x": "nome_area", "y": "da", "low": "da", "high": "a"},
        caption=T("Da quando ogni Ambito usa il modello integrato, secondo le pratiche"),
        alt=T(
            "Una barra per ciascuno di {n:int} Ambiti, dall'adozione alla fine delle osservazioni.",
            n=len(shown),
        ),
        source=source,
        n=T("{n:int} Ambiti", n=len(shown)),
        tables=[DISEGNO],
        unit=T("periodo con il modello"),
    )


def _observations_table(disegno: pd.DataFrame, study: Study, source: Message) -> Block:
    shown = with_area_names(disegno, study)
    shown = with_words(shown, esito_nome=[ESITI[outcome] for outcome in shown["esito"]])
    return table(
        "disegno_tabella",
        shown,
        [
            ("esito_nome", T("Esito"), "text"),
            ("nome_area", T("Ambito"), "text"),
            ("adozione", T("Adozione"), "date"),
            ("osservazioni_prima", T("Osservazioni prima (arrotondate)"), "int"),
            ("osservazioni_dopo", T("Osservazioni dopo (arrotondate)"), "int"),
        ],
        caption=T("Quante osservazioni ci sono prima e dopo l'adozione, per esito e Ambito"),
        alt=T("Tabella di {n:int} righe con adozione e osservazioni.", n=len(shown)),
        source=source,
        n=T("{n:int} righe", n=len(shown)),
        tables=[DISEGNO],
    )


def power(potenza: pd.DataFrame, source: Message) -> list[Block]:
    """Say what the design can see: smallest p, detectable effect, measured size."""
    possible = potenza[potenza["misura_wild"].notna()]
    blocks = [*_impossible(potenza)]
    if possible.empty:
        return blocks
    return [*blocks, _power_sentence(possible), _power_table(possible, source), _power_note()]


def _impossible(potenza: pd.DataFrame) -> list[Block]:
    rows = potenza.drop_duplicates("esito")
    rows = rows[rows["motivo"].fillna("") != ""]
    return [
        unavailable(
            f"stima_{row['esito']}",
            T("{what}: non stimabile, {why}.", what=ESITI[row["esito"]], why=reason(row["motivo"])),
            T(
                "date di adozione diverse per almeno quattro Ambiti e osservazioni dell'esito, con "
                "la data, prima e dopo l'adozione."
            ),
        )
        for row in rows.to_dict("records")
    ]


def _power_sentence(possible: pd.DataFrame) -> Block:
    row = possible.iloc[0]
    return paragraph(
        "potenza_frase",
        T(
            "Prima di guardare gli esiti: le date di adozione si possono distribuire tra {g:int} "
            "Ambiti in {orders:int} modi diversi, quindi il p più piccolo del test di "
            "casualizzazione è {p:dec4}; quello del wild bootstrap è {w:dec4}. Un effetto più "
            "piccolo di quello della tabella questo disegno probabilmente non lo vedrebbe: non "
            "trovarlo non vorrebbe dire che non c'è.",
            g=row["ambiti"],
            orders=row["assegnazioni"],
            p=row["p_minimo"],
            w=row["p_minimo_wild"],
        ),
    )


def _power_table(possible: pd.DataFrame, source: Message) -> Block:
    rows = possible.to_dict("records")
    shown = with_words(
        possible,
        esito_nome=[ESITI[row["esito"]] for row in rows],
        minimo=[_detectable(row) for row in rows],
        misura=[
            T("{s:pct1} ± {e:pct1}", s=row["misura_wild"], e=row["misura_errore"]) for row in rows
        ],
    )
    return table(
        "potenza_tabella",
        shown,
        [
            ("esito_nome", T("Esito"), "text"),
            ("icc", T("Somiglianza ipotizzata (ICC)"), "dec2"),
            ("n", T("Osservazioni"), "int"),
            ("periodi_confrontabili", T("Semestri confrontabili"), "int"),
            ("effetto_minimo_ds", T("Effetto minimo (dev. standard)"), "dec2"),
            ("minimo", T("Effetto minimo"), "text"),
            ("misura", T("Falsi positivi misurati del wild bootstrap al 5%"), "text"),
        ],
        caption=T("Che cosa il disegno può vedere (potenza 80%, test al 5%)"),
        alt=T("Tabella di {n:int} righe con l'effetto minimo rilevabile.", n=len(shown)),
        source=source,
        n=T("{n:int} esiti", n=possible["esito"].nunique()),
        tables=[POTENZA],
    )


def _detectable(row: dict[object, object]) -> Message:
    outcome = str(row["esito"])
    if is_missing(row["effetto_minimo"]):
        return T("non mostrato, a tutela delle persone")
    return T(
        "{v:dec2} {unit}",
        v=float(str(row["effetto_minimo"])) * SCALES[outcome],
        unit=UNITS[outcome],
    )


def _power_note() -> Block:
    return note(
        "potenza_nota",
        T(
            "L'ICC è un'ipotesi, non una stima: dice quanto si somigliano le osservazioni dello "
            "stesso Ambito e semestre. I falsi positivi del wild bootstrap sono misurati "
            "simulando studi senza effetto su questo stesso disegno (ICC 0,10): non è un test "
            "esatto. La quota integrata (M3) non è tra gli esiti, perché è l'adozione stessa."
        ),
    )
