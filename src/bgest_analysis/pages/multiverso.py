"""Every headline figure over the declared choices: curve, what moves it, what it keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.impact.griglia import ALL_AMBITI, EXCLUDED, choices_of, threshold_of
from bgest_analysis.impact.scelte import FIGURES
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable
from bgest_analysis.pages.modello.words import name_of
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.vocabulary.load import read_list

NAMES = {
    "M3": T("Quota integrata"),
    "M6": T("Quota di attivazione"),
    "M7": T("Richieste inevase"),
    "M8": T("Giorni di attesa"),
    "E1": T("Utilità percepita"),
    "E3": T("Effetto dell'adozione sull'autonomia"),
}
SPECS = {"M3": "pct1", "M6": "pct1", "M7": "pct1", "M8": "dec1", "E1": "pct1", "E3": "sdec2"}
CHOICES = {
    "canale": T("canale"),
    "compilazione": T("compilazione"),
    "definizione": T("definizione"),
    "denominatore": T("denominatore"),
    "modalita": T("modalità"),
    "non_risposta": T("non risposta"),
    "origine": T("origine"),
    "periodo": T("periodo"),
    "peso": T("peso"),
    "prima_rilevazione": T("prima rilevazione"),
    "stimatore": T("stimatore"),
    EXCLUDED: T("Ambito escluso"),
}
POINTS = 101  # places along the curve, from the smallest estimate to the largest
SIGNED = ("E3",)


def headings(study: Study, area: str) -> list[Block]:
    """Return the analysis' heading and its question."""
    return [
        title("titolo", T("Multiverso delle scelte: {a}", a=study.nome_area(area)), level=1),
        paragraph(
            "domanda",
            T(
                "Domanda: quanto dipendono le cifre principali dalle scelte di calcolo? Ogni "
                "cifra è ricalcolata su tutte le combinazioni di una tabella di scelte dichiarata "
                "prima, ciascuna con il suo motivo e un'opzione preferita."
            ),
        ),
    ]


def declared(scelte: pd.DataFrame, source: Message) -> list[Block]:
    """Show the declared choices, and the combinations that are impossible, with why."""
    parts = [choices_of(code).assign(figura=code) for code in FIGURES]
    options = pd.concat(parts, ignore_index=True)
    common = options["scelta"] == "periodo"
    options = options[~common | (options["figura"] == FIGURES[0])]
    shown = with_words(
        options,
        cifra=[
            T("tutte") if choice == "periodo" else NAMES[code]
            for code, choice in zip(options["figura"], options["scelta"], strict=True)
        ],
        cosa=[name_of(choice, CHOICES) for choice in options["scelta"]],
        preferisce=[T("sì") if value == "si" else T("no") for value in options["preferita"]],
    )
    return [
        title("sez_scelte", T("Le scelte dichiarate")),
        table(
            "scelte_tabella",
            shown,
            [
                ("cifra", T("Cifra"), "text"),
                ("cosa", T("Scelta"), "text"),
                ("titolo", T("Opzione"), "text"),
                ("motivo", T("Motivo"), "text"),
                ("preferisce", T("Preferita"), "text"),
            ],
            caption=T("Le scelte, le opzioni, i motivi"),
            alt=T("Tabella di {n:int} opzioni con motivo e preferenza.", n=len(shown)),
            source=source,
            n=T("{n:int} opzioni", n=len(shown)),
            tables=[],
        ),
        _impossible(scelte),
    ]


def _impossible(scelte: pd.DataFrame) -> Block:
    reasons = sorted(set(read_list("scelte_impossibili")["perche"]))
    excluded = int(scelte.groupby("codice")["impossibili"].max().sum()) if _made(scelte) else 0
    return note(
        "scelte_impossibili",
        T(
            "Nell'insieme si toglie anche un Ambito alla volta. Combinazioni escluse perché "
            "impossibili: {n:int} ({why}). Quelle con meno di venti osservazioni non danno una "
            "cifra. Le stime sono arrotondate a tre decimali.",
            n=excluded,
            why=reasons,
        ),
    )


def _made(scelte: pd.DataFrame) -> bool:
    return "stima" in scelte.columns


def _known(scelte: pd.DataFrame, code: str) -> pd.DataFrame:
    if not _made(scelte):
        return scelte.head(0)
    rows = scelte[(scelte["codice"] == code) & scelte["stima"].notna()]
    return rows.assign(tiene=keeps(rows)) if len(rows) else rows


def keeps(rows: pd.DataFrame) -> pd.Series:
    """Tell which combinations stand on the same side of the declared value as the preferred."""
    own = rows[rows["preferita"].astype(bool)]["stima"]
    if own.empty:
        return pd.Series(data=False, index=rows.index)
    side = np.sign(own.iloc[0] - rows["confronto"].iloc[0])
    same: pd.Series = np.sign(rows["stima"] - rows["confronto"]) == side
    return same


def figures(scelte: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    """Return the summary of all figures, then the curve and the choices of each."""
    made = [code for code in FIGURES if _has_preferred(_known(scelte, code))]
    absent = [code for code in FIGURES if code not in made]
    blocks = [title("sez_cifre", T("Quanto tengono le cifre"))]
    if made:
        blocks += [_summary_sentence(scelte, made), _summary(scelte, made, source)]
    for code in made:
        blocks += _one(_known(scelte, code), code, study, source)
    return [*blocks, *_absent(absent)]


def _has_preferred(rows: pd.DataFrame) -> bool:
    return len(rows) > 0 and bool(rows["preferita"].astype(bool).any())


def _absent(codes: list[str]) -> list[Block]:
    if not codes:
        return []
    return [
        unavailable(
            "multiverso",
            T("Cifre che qui non si possono ricalcolare: {n}.", n=[NAMES[c] for c in codes]),
            T(
                "almeno venti osservazioni nella combinazione preferita, in interventi, "
                "questionari e pratiche; per l'effetto, più di un Ambito."
            ),
        )
    ]


def _summary_sentence(scelte: pd.DataFrame, codes: list[str]) -> Block:
    shares = {code: _known(scelte, code)["tiene"].mean() for code in codes}
    lowest = min(shares, key=lambda code: shares[code])
    total = sum(len(_known(scelte, code)) for code in codes)
    return paragraph(
        "multiverso_frase",
        T(
            "Combinazioni calcolate: {n:int}. La cifra che dipende di più dalle scelte è «{name}», "
            "che resta dalla stessa parte del valore di confronto nel {v:pct0} delle combinazioni.",
            n=total,
            name=NAMES[lowest],
            v=shares[lowest],
        ),
    )


def _summary(scelte: pd.DataFrame, codes: list[str], source: Message) -> Block:
    lines = [_facts(_known(scelte, code), code) for code in codes]
    return table(
        "multiverso_tabella",
        pd.DataFrame(lines),
        [
            ("cifra", T("Cifra"), "text"),
            ("combinazioni", T("Combinazioni"), "int"),
            ("preferita", T("Preferita"), "text"),
            ("campo", T("Campo"), "text"),
            ("mediana", T("Mediana"), "text"),
            ("confronto", T("Valore di confronto"), "text"),
            ("tiene", T("Stessa conclusione"), "pct0"),
            ("segno", T("Stesso segno"), "text"),
        ],
        caption=T("Le cifre principali su tutte le combinazioni di scelte"),
        alt=T("Tabella di {n:int} cifre con campo e quota di combinazioni.", n=len(lines)),
        source=source,
        n=T("{n:int} combinazioni", n=sum(line["combinazioni"] for line in lines)),
        tables=[],
    )


def _in_words(code: str, value: float) -> Message:
    return Message("{v:" + SPECS[code] + "}", {"v": value})


def _facts(rows: pd.DataFrame, code: str) -> dict[str, Any]:
    own = float(rows[rows["preferita"].astype(bool)]["stima"].iloc[0])
    ends = rows["stima"].min(), rows["stima"].max()
    sign = float((np.sign(rows["stima"]) == np.sign(own)).mean())
    return {
        "cifra": NAMES[code],
        "combinazioni": len(rows),
        "preferita": _in_words(code, own),
        "campo": T("{a} – {b}", a=_in_words(code, ends[0]), b=_in_words(code, ends[1])),
        "mediana": _in_words(code, float(rows["stima"].median())),
        "confronto": _in_words(code, threshold_of(code)),
        "tiene": float(rows["tiene"].mean()),
        "segno": T("{s:pct0}", s=sign) if code in SIGNED else T("non si applica"),
    }


def _one(rows: pd.DataFrame, code: str, study: Study, source: Message) -> list[Block]:
    return [
        title(f"sez_{code}", NAMES[code], level=3),
        _curve(rows, code, source),
        _options(rows, code, study, source),
    ]


def _curve(rows: pd.DataFrame, code: str, source: Message) -> Block:
    ranks = np.linspace(0, 1, POINTS)
    values = np.quantile(rows["stima"].to_numpy(np.float64), ranks, method="closest_observation")
    shown = pd.DataFrame({"posto": ranks * 100, "stima": values})
    own = rows[rows["preferita"].astype(bool)]["stima"].iloc[0]
    return figure(
        f"curva_{code}",
        ChartKind.GRADINI,
        shown,
        [
            ("posto", T("Combinazioni, dalla stima più bassa alla più alta (%)"), "int"),
            ("stima", NAMES[code], SPECS[code]),
        ],
        {"x": "posto", "y": "stima"},
        caption=T("{name}: curva delle specificazioni", name=NAMES[code]),
        alt=T(
            "Curva crescente da {a} a {b}; la combinazione preferita vale {p}.",
            a=_in_words(code, float(values[0])),
            b=_in_words(code, float(values[-1])),
            p=_in_words(code, float(own)),
        ),
        source=source,
        n=T("{n:int} combinazioni", n=len(rows)),
        tables=[],
        unit=NAMES[code],
        options={"riferimento": [float(own), T("combinazione preferita")]},
    )


def _options(rows: pd.DataFrame, code: str, study: Study, source: Message) -> Block:
    declared_options = choices_of(code)
    names = declared_options.set_index(["scelta", "opzione"])["titolo"].to_dict()
    choices = [*dict.fromkeys(declared_options["scelta"]), EXCLUDED]
    lines = [
        {
            "scelta": name_of(choice, CHOICES),
            "opzione": _left_out(str(option), study)
            if choice == EXCLUDED
            else names[choice, option],
            "combinazioni": len(part),
            "mediana": _in_words(code, float(part["stima"].median())),
            "tiene": float(part["tiene"].mean()),
        }
        for choice in choices
        for option, part in rows.groupby(choice, sort=False)
    ]
    return table(
        f"opzioni_{code}",
        pd.DataFrame(lines),
        [
            ("scelta", T("Scelta"), "text"),
            ("opzione", T("Opzione"), "text"),
            ("combinazioni", T("Combinazioni"), "int"),
            ("mediana", T("Mediana delle stime"), "text"),
            ("tiene", T("Stessa conclusione"), "pct0"),
        ],
        caption=T("{name}: quale scelta la sposta", name=NAMES[code]),
        alt=T("Tabella di {n:int} opzioni con la mediana delle stime.", n=len(lines)),
        source=source,
        n=T("{n:int} combinazioni", n=len(rows)),
        tables=[],
    )


def _left_out(option: str, study: Study) -> Message:
    if option == ALL_AMBITI:
        return T("tutti gli Ambiti")
    return T("senza {area}", area=study.nome_area(option))


def headlines(scelte: pd.DataFrame, area: str) -> list[dict[str, Any]]:
    """Return, for each figure, the share of combinations that keep its conclusion."""
    return [_headline(_known(scelte, code), code, area) for code in FIGURES]


def _headline(rows: pd.DataFrame, code: str, area: str) -> dict[str, Any]:
    share = float(rows["tiene"].mean()) if _has_preferred(rows) else None
    return {
        "codice": code,
        "ambito": area,
        "stima": share,
        "basso": None,
        "alto": None,
        "n": len(rows) or None,
        "intervallo": "nessuno: tutte le combinazioni",
        "forza": "non stimabile" if is_missing(share) else "media",
        "blocco": "manca_multiverso" if is_missing(share) else "multiverso_tabella",
        "motivo": "troppo poche osservazioni" if is_missing(share) else "",
    }
