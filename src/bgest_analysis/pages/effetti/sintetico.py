"""The synthetic controls: what they can be with everybody treated, and what they give."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable
from bgest_analysis.pages.effetti.parole import ESITI, SCALES, in_unit, interval, reason
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

TABLES = ("ind_effetti_disegno",)
ALPHA = 0.05
ENDS = ("stima", "basso", "alto")


def synthetic(stime: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    """Return what the design allows, the estimates by Ambito, and why the others have none."""
    head = [title("sez_sintetico", T("Il controllo sintetico, Ambito per Ambito")), _design(study)]
    if "esito" not in stime.columns or stime["stima"].notna().sum() == 0:
        return [*head, _none(stime)]
    return [
        *head,
        _sentence(stime),
        _figure(stime, study, source),
        _table(stime, study, source),
        _method(),
    ]


def _design(study: Study) -> Block:
    groups = len(study.ambito_ids)
    return paragraph(
        "sintetico_disegno",
        T(
            "Prima il disegno: nessun Ambito resta senza modello, quindi il controllo sintetico di "
            "un Ambito può essere fatto solo con quelli che adottano più tardi, e solo finché non "
            "adottano. Chi ha adottato tra gli ultimi non ha donatori: per lui non è stimabile. "
            "Con J donatori il p più piccolo è 1/(J + 1): con {n:int} Ambiti mai sotto {p:dec2}. "
            "Per poter arrivare al {a:pct0} servirebbero almeno {j:int} Ambiti senza il modello, "
            "osservati con lo stesso registro.",
            n=groups,
            p=1 / groups,
            a=ALPHA,
            j=round(1 / ALPHA) - 1,
        ),
    )


def _none(stime: pd.DataFrame) -> Block:
    whys = sorted({str(why) for why in stime["motivo"].dropna() if why})
    return unavailable(
        "sintetico",
        T("Controllo sintetico non stimabile: {why}.", why=[reason(why) for why in whys]),
        T(
            "almeno tre Ambiti che adottano più tardi, due periodi osservati prima e uno dopo, con "
            "osservazioni dell'esito in ogni Ambito e periodo."
        ),
    )


def _sentence(stime: pd.DataFrame) -> Block:
    found = stime[stime["stima"].notna()]
    extreme = int((found["p"] <= found["p_minimo"] + 1e-9).sum())
    return paragraph(
        "sintetico_frase",
        T(
            "Stime possibili: {k:int} su {n:int} (esito e Ambito). "
            "L'Ambito trattato è il più estremo tra sé e i suoi donatori in {e:int} casi su "
            "{k:int}; il p più piccolo ottenibile va da {p:dec2} a {q:dec2}.",
            k=len(found),
            n=len(stime),
            e=extreme,
            p=found["p_minimo"].min(),
            q=found["p_minimo"].max(),
        ),
    )


def _figure(stime: pd.DataFrame, study: Study, source: Message) -> Block:
    """Show the outcome with the most estimates."""
    found = stime[stime["stima"].notna()]
    outcome = str(found["esito"].mode().iloc[0])
    rows = found[found["esito"] == outcome]
    rows = rows.assign(**{name: rows[name] * SCALES[outcome] for name in ENDS})
    shown = with_words(rows, chi=[study.nome_area(area) for area in rows["variante"]])
    return figure(
        "sintetico_grafico",
        ChartKind.PUNTI,
        shown,
        [
            ("chi", T("Ambito"), "text"),
            ("stima", T("Stima"), "sdec2"),
            ("basso", T("Limite basso"), "sdec2"),
            ("alto", T("Limite alto"), "sdec2"),
        ],
        {"x": "chi", "y": "stima", "low": "basso", "high": "alto"},
        caption=T(
            "{what}: effetto rispetto al controllo sintetico, con limiti placebo",
            what=ESITI[outcome],
        ),
        alt=T(
            "Stime tra {a:sdec2} e {b:sdec2} per {n:int} Ambiti.",
            a=rows["stima"].min(),
            b=rows["stima"].max(),
            n=len(rows),
        ),
        source=source,
        n=T("{n:int} stime", n=len(rows)),
        tables=TABLES,
        unit=T("differenza, limiti placebo"),
        options={"riferimento": [0, T("nessun effetto")]},
    )


def _table(stime: pd.DataFrame, study: Study, source: Message) -> Block:
    records = stime.to_dict("records")
    shown = with_words(
        stime,
        esito_nome=[ESITI[row["esito"]] for row in records],
        chi=[study.nome_area(str(row["variante"])) for row in records],
        valore=[in_unit(row, "stima") for row in records],
        campo=[_limits(row) for row in records],
        prob=[_p(row) for row in records],
    )
    return table(
        "sintetico_tabella",
        shown,
        [
            ("esito_nome", T("Esito"), "text"),
            ("chi", T("Ambito"), "text"),
            ("donatori", T("Donatori"), "int"),
            ("prima", T("Periodi prima"), "int"),
            ("dopo", T("Periodi dopo"), "int"),
            ("valore", T("Stima"), "text"),
            ("campo", T("Limiti placebo (fiducia) o motivo"), "text"),
            ("prob", T("p placebo (minimo)"), "text"),
        ],
        caption=T("Controllo sintetico di ogni Ambito, con chi adotta più tardi come donatore"),
        alt=T("Tabella di {n:int} righe, una per esito e Ambito.", n=len(shown)),
        source=source,
        n=T("{n:int} stime", n=int(stime["stima"].notna().sum())),
        tables=TABLES,
    )


def _limits(row: dict[object, object]) -> Message:
    given = {str(key): value for key, value in row.items()}
    if is_missing(given["stima"]):
        return interval(given)
    return T("{ci} ({f:pct0})", ci=interval(given), f=given["fiducia"])


def _p(row: dict[object, object]) -> Message:
    if is_missing(row["p"]):
        return T("nessuno")
    return T("{p:dec2} ({m:dec2})", p=row["p"], m=row["p_minimo"])


def _method() -> Block:
    return note(
        "sintetico_nota",
        T(
            "Medie per periodo; pesi di Ambiti e periodi come nelle differenze in differenze "
            "sintetiche, che tolgono le differenze di livello stabili. Placebo nello spazio: ogni "
            "donatore fa a turno da trattato. I limiti contengono gli effetti per i quali l'Ambito "
            "non sarebbe il più estremo: la loro fiducia è J/(J + 1), la massima che il disegno "
            "consente. Le stime di Ambiti diversi hanno donatori in comune e non si sommano."
        ),
    )
