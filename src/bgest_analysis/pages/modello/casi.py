"""Autonomy within cases, the spread of practices, and whether the Ambiti converge."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import one_row, with_area_names, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable
from bgest_analysis.pages.modello.words import COMPONENTI, interval, name_of, value
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

AUTONOMY, PRACTICES, LOG = "ind_autonomia", "ind_pratiche", "tidy_interventi"
MEASURES = {
    "integrata": T("quota integrata (fase registrata)"),
    "programmata": T("quota programmata"),
    "attivazione": T("quota di attivazione"),
}


def autonomy(autonomia: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show the change of autonomy within cases (E3)."""
    blocks = [title("sez_autonomia", T("L'autonomia nei casi"))]
    row = one_row(autonomia, area=area)
    if not is_missing(row["casi_seguiti"]) and row["casi_seguiti"] == 0:
        return [*blocks, _autonomy_missing(study, area)]
    return [
        *blocks,
        _autonomy_sentence(row, study, area),
        *_autonomy_figures(autonomia, study, source),
        note(
            "autonomia_nota",
            T(
                "L'autonomia è annotata da chi segue il caso (da 0, dipende in tutto, a 3, fa da "
                "sé). È un prima e dopo nello stesso caso, senza confronto: anche il tempo, da "
                "solo, può rendere più autonomi. Contano solo i casi annotati almeno due volte; "
                "dove la prima o l'ultima annotazione manca, la variazione risulta più piccola."
            ),
        ),
    ]


def _autonomy_missing(study: Study, area: str) -> Block:
    return unavailable(
        "autonomia",
        T("{area}: il cambiamento nei casi non si può misurare.", area=study.nome_area(area)),
        T("caso_id e autonomia_0_3 annotati almeno due volte per caso nel registro."),
    )


def _autonomy_sentence(row: pd.Series, study: Study, area: str) -> Block:
    return paragraph(
        "autonomia_frase",
        T(
            "{area}: nei casi annotati almeno due volte ({n}) l'autonomia passa in media da "
            "{a} a {b}; la variazione media è {v} punti{interval}.",
            area=study.nome_area(area),
            n=value(row, "casi_seguiti", "int"),
            a=value(row, "prima", "dec2"),
            b=value(row, "ultima", "dec2"),
            v=value(row, "variazione", "sdec2"),
            interval=interval(row, "variazione_basso", "variazione_alto", "sdec2"),
        ),
    )


def _autonomy_figures(autonomia: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    shown = with_area_names(autonomia, study)
    n = T("{n} casi", n=value(shown.iloc[0], "casi_seguiti", "int"))
    columns = [
        ("nome_area", T("Area"), "text"),
        ("casi_seguiti", T("Casi"), "int"),
        ("prima", T("Prima"), "dec2"),
        ("ultima", T("Ultima"), "dec2"),
        ("variazione", T("Variazione media"), "sdec2"),
        ("variazione_basso", T("Limite basso"), "sdec2"),
        ("variazione_alto", T("Limite alto"), "sdec2"),
    ]
    roles = {"low": "variazione_basso", "high": "variazione_alto"}
    counts = [
        ("migliorati", T("Saliti"), "int"),
        ("stabili", T("Fermi"), "int"),
        ("peggiorati", T("Scesi"), "int"),
    ]
    return [
        figure(
            "autonomia_grafico",
            ChartKind.PUNTI,
            shown,
            columns,
            {"x": "nome_area", "y": "variazione", **roles},
            caption=T("Variazione media dell'autonomia nei casi, per area (scala 0-3)"),
            alt=T("Punti con intervallo al 95% per {n:int} aree.", n=len(shown)),
            source=source,
            n=n,
            tables=[AUTONOMY],
            unit=T("punti della scala 0-3"),
            options={"riferimento": [0.0, T("nessun cambiamento")]},
        ),
        table(
            "autonomia_tabella",
            shown,
            [*columns, *counts],
            caption=T("Autonomia alla prima e all'ultima rilevazione, per area"),
            alt=T("Tabella di {n} aree con casi, medie e variazione.", n=len(shown)),
            source=source,
            n=n,
            tables=[AUTONOMY],
        ),
    ]


def practices(pratiche: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    """Show how the model's practices spread between the Ambiti."""
    dated = pratiche[pratiche["adozione"].notna()]
    blocks = [title("sez_pratiche", T("La diffusione delle pratiche")), _spread_sentence(pratiche)]
    if not dated.empty:
        blocks.append(_spread_figure(dated, study, source))
    return [*blocks, _practices_table(pratiche, study, source)]


def _spread_sentence(pratiche: pd.DataFrame) -> Block:
    counts = pratiche[pratiche["pratiche"] > 0].groupby("componente")["area"].nunique()
    formal = pratiche[pratiche["formali"] > 0].groupby("componente")["area"].nunique()
    return paragraph(
        "pratiche_frase",
        T(
            "Ambiti in cui la pratica è documentata, su {total:int}: {items}.",
            total=pratiche["area"].nunique(),
            items=[
                T(
                    "{name} {n:int} (con uno strumento formale {f:int})",
                    name=name_of(str(code), COMPONENTI),
                    n=int(n),
                    f=int(formal.get(code, 0)),
                )
                for code, n in counts.items()
            ],
        ),
    )


def _spread_figure(dated: pd.DataFrame, study: Study, source: Message) -> Block:
    ordered = dated.sort_values(["componente", "adozione"])
    ordered = ordered.assign(ambiti=ordered.groupby("componente").cumcount() + 1)
    last = ordered.groupby("componente").tail(1).assign(adozione=ordered["adozione"].max())
    ordered = pd.concat([ordered, last], ignore_index=True)
    shown = with_words(
        ordered,
        giorno=[day.date().isoformat() for day in ordered["adozione"]],
        pratica=[name_of(str(code), COMPONENTI) for code in ordered["componente"]],
    )
    return figure(
        "pratiche_grafico",
        ChartKind.GRADINI,
        shown,
        [
            ("giorno", T("Data"), "date"),
            ("pratica", T("Pratica"), "text"),
            ("ambiti", T("Ambiti"), "int"),
        ],
        {"x": "giorno", "y": "ambiti", "group": "pratica"},
        caption=T("Ambiti che hanno adottato ciascuna pratica, nel tempo"),
        alt=T("Curve a gradini di {n:int} pratiche.", n=shown["componente"].nunique()),
        source=source,
        n=T("{n:int} Ambiti", n=len(study.ambito_ids)),
        tables=[PRACTICES],
        unit=T("Ambiti"),
        options={"da_zero": True},
    )


def _practices_table(pratiche: pd.DataFrame, study: Study, source: Message) -> Block:
    shown = with_area_names(pratiche, study)
    shown = with_words(shown, pratica=[name_of(str(c), COMPONENTI) for c in shown["componente"]])
    return table(
        "pratiche_tabella",
        shown[shown["pratiche"] > 0].sort_values(["componente", "adozione"]),
        [
            ("pratica", T("Pratica"), "text"),
            ("nome_area", T("Ambito"), "text"),
            ("adozione", T("Prima adozione"), "date"),
            ("pratiche", T("Pratiche"), "int"),
            ("formali", T("con uno strumento formale"), "int"),
        ],
        caption=T("Chi ha adottato che cosa, e quando"),
        alt=T("Tabella delle pratiche adottate da ogni Ambito, con la data."),
        source=source,
        n=T("{n:int} Ambiti", n=len(study.ambito_ids)),
        tables=[PRACTICES],
    )


def practices_missing() -> Block:
    """Say what the spread of practices would need."""
    return unavailable(
        "pratiche",
        T("Non si può dire quali pratiche si sono diffuse, dove e quando."),
        T("la ricognizione delle pratiche, in data/raw/pratiche."),
    )


def convergence(spreads: dict[str, pd.DataFrame], study: Study, source: Message) -> list[Block]:
    """Say whether the Ambiti grow alike: ICC by year, with intervals.

    ``spreads``: by measure, what ``estimate_convergence`` gave.
    """
    shown = pd.concat([frame.assign(misura=key) for key, frame in spreads.items()])
    shown = shown[shown["icc"].notna()] if "icc" in shown else shown.iloc[:0]
    blocks = [title("sez_convergenza", T("Gli Ambiti convergono?"))]
    if shown.empty:
        text = T("La variabilità tra gli Ambiti non è stimabile: servono due Ambiti con dati.")
        return [*blocks, paragraph("convergenza_frase", text)]
    shown = with_words(shown, quota=[MEASURES[key] for key in shown["misura"]])
    return [
        *blocks,
        *(_convergence_sentence(shown[shown["misura"] == key], key) for key in spreads
          if (shown["misura"] == key).sum() > 1),
        _convergence_table(shown, study, source),
        _convergence_note(len(study.ambito_ids)),
    ]  # fmt: skip


def _convergence_sentence(rows: pd.DataFrame, measure: str) -> Block:
    first, last = rows.iloc[0], rows.iloc[-1]
    overlap = not (is_missing(first["basso"]) or is_missing(last["alto"])) and (
        first["basso"] <= last["alto"] and last["basso"] <= first["alto"]
    )
    verdict = (
        T("gli intervalli si sovrappongono: i dati non dicono se gli Ambiti si sono avvicinati")
        if overlap
        else T("gli intervalli non si sovrappongono: la somiglianza tra gli Ambiti è cambiata")
    )
    return paragraph(
        f"convergenza_{measure}",
        T(
            "Per la {name} la variabilità che sta tra gli Ambiti (ICC) è {a:dec2} nel {y0} "
            "(tra {al:dec2} e {ah:dec2}) e {b:dec2} nel {y1} (tra {bl:dec2} e {bh:dec2}); "
            "{verdict}.",
            name=MEASURES[measure],
            a=first["icc"],
            y0=int(first["anno"]),
            al=first["basso"],
            ah=first["alto"],
            b=last["icc"],
            y1=int(last["anno"]),
            bl=last["basso"],
            bh=last["alto"],
            verdict=verdict,
        ),
    )


def _convergence_table(shown: pd.DataFrame, study: Study, source: Message) -> Block:
    return table(
        "convergenza",
        shown,
        [
            ("quota", T("Quota"), "text"),
            ("anno", T("Anno"), ""),
            ("ambiti", T("Ambiti"), "int"),
            ("n", T("n"), "int"),
            ("media", T("Media degli Ambiti"), "pct1"),
            ("deviazione", T("Deviazione tra gli Ambiti"), "pct1"),
            ("icc", T("ICC"), "dec3"),
            ("basso", T("Limite basso"), "dec3"),
            ("alto", T("Limite alto"), "dec3"),
        ],
        caption=T("Quanto differiscono gli Ambiti, anno per anno"),
        alt=T("Tabella di {n} righe con media, deviazione e ICC tra Ambiti.", n=len(shown)),
        source=source,
        n=T("{n:int} Ambiti", n=len(study.ambito_ids)),
        tables=[LOG],
    )


def _convergence_note(ambiti: int) -> Block:
    return note(
        "convergenza_nota",
        T(
            "ICC da analisi della varianza con intervallo F al 95%; zero vuol dire che gli Ambiti "
            "differiscono non più di quanto farebbe il caso. Con {n:int} Ambiti "
            "l'intervallo è sempre largo. La deviazione osservata contiene anche il caso.",
            n=ambiti,
        ),
    )
