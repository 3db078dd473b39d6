"""What a figure says about the model: for it, against it, neither, or only a level."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bgest_analysis.pages.areas import one_row
from bgest_analysis.pages.modello.words import INDICATORI, main_origin
from bgest_analysis.pages.monitoraggio import code_name
from bgest_analysis.pages.temi import THEMES, theme_name
from bgest_analysis.pages.temi import WORDS as SPOKEN
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

FOR, AGAINST, UNCLEAR, LEVEL, SAID = "favore", "contro", "incerto", "livello", "parole"
WORDS = {
    FOR: T("a favore"),
    AGAINST: T("contro"),
    UNCLEAR: T("non decide"),
    LEVEL: T("livello"),
    SAID: T("parole"),
}
NAMES = {
    "P4": T("copertura per 1.000 residenti extra-UE"),
    "M7": T("quota di richieste inevase"),
    "M8": T("giorni mediani di attesa"),
    "M9": T("concentrazione delle lingue (HHI)"),
    "M10": T("disuguaglianza delle ore tra gli Ambiti (Theil)"),
    "R1": T("densità della rete"),
    "R2": T("presenza dei mediatori agli incontri"),
    "R3": T("continuità dei partner"),
    "R4": T("variazione della collaborazione"),
    "E1": T("utilità percepita dalle persone"),
    "E4": T("utilità per gli operatori"),
    "F1": T("avanzamento della spesa"),
    "F2": T("costo per ora"),
    "P1": T("destinatari unici"),
}
SHARES = ("M7", "R1", "R2", "R3", "E1", "E4", "F1")
LEVELS = {
    **dict.fromkeys(SHARES, T("{name}: {v:pct1}")),
    **dict.fromkeys(("M8", "P1"), T("{name}: {v:int}")),
    **dict.fromkeys(("M9", "M10", "R4"), T("{name}: {v:dec2}")),
    "F2": T("{name}: {v:eur2}"),
}
LEVEL_OF_ANY = T("{name}: {v:dec1}")


@dataclass(frozen=True)
class Evidence:
    """One indicator's say.

    Parameters
    ----------
    codice
        Indicator code of the logic model.
    verso
        ``favore``, ``contro``, ``incerto``, ``livello`` (it does not say whether it changed) or
        ``parole`` (coded documents: a theme has no direction).
    testo
        The figure, or the theme, in words.
    """

    codice: str
    verso: str
    testo: Message

    @property
    def parola(self) -> Message:
        """The verdict as a word."""
        return WORDS[self.verso]


def direction(low: object, high: object) -> str:
    """Return what an interval of a change wished to be positive says."""
    if is_missing(low) or is_missing(high):
        return LEVEL
    if float(str(low)) > 0:
        return FOR
    return AGAINST if float(str(high)) < 0 else UNCLEAR


def gather(
    quote: pd.DataFrame, variazioni: pd.DataFrame, autonomia: pd.DataFrame, area: str
) -> list[Evidence]:
    """Return what the model's own figures say for an area."""
    return [
        *from_changes(variazioni, area),
        *from_cases(quote, area),
        *from_autonomy(autonomia, area),
    ]


def from_changes(variazioni: pd.DataFrame, area: str) -> list[Evidence]:
    """Return what the changes of M3, M5 and M6 say for an area, of their firmest origin."""
    found = []
    for code in ("M3", "M5", "M6"):
        rows = variazioni[(variazioni["codice"] == code) & (variazioni["area"] == area)]
        rows = rows[rows["origine_variabile"] == main_origin(variazioni, code)]
        if not rows.empty and not is_missing(rows.iloc[0]["differenza"]):
            found.append(_change(rows.iloc[0]))
    return found


def _change(row: pd.Series) -> Evidence:
    text = T(
        "{name} da {a:pct1} ({y0}) a {b:pct1} ({y1}), differenza tra {low:sdec1} e "
        "{high:sdec1} punti",
        name=INDICATORI[row["codice"]],
        a=row["valore_primo"],
        y0=int(row["primo_anno"]),
        b=row["valore_ultimo"],
        y1=int(row["ultimo_anno"]),
        low=100 * row["differenza_basso"],
        high=100 * row["differenza_alto"],
    )
    verdict = direction(row["differenza_basso"], row["differenza_alto"])
    return Evidence(str(row["codice"]), verdict, text)


def from_autonomy(autonomia: pd.DataFrame, area: str) -> list[Evidence]:
    """Return what the change of autonomy within cases says for an area."""
    row = one_row(autonomia, area=area)
    if is_missing(row["variazione"]):
        return []
    text = T(
        "autonomia nel caso {v:sdec2} punti (tra {a:sdec2} e {b:sdec2}), {n:int} casi",
        v=row["variazione"],
        a=row["variazione_basso"],
        b=row["variazione_alto"],
        n=row["casi_seguiti"],
    )
    return [Evidence("E3", direction(row["variazione_basso"], row["variazione_alto"]), text)]


def from_cases(quote: pd.DataFrame, area: str) -> list[Evidence]:
    """Return the level of M4 for an area."""
    rows = quote[(quote["codice"] == "M4") & (quote["area"] == area) & (quote["gruppo"] == "tutti")]
    if rows.empty or is_missing(rows.iloc[0]["valore"]):
        return []
    text = T("{name}: {v:pct1}", name=INDICATORI["M4"], v=rows.iloc[0]["valore"])
    return [Evidence("M4", LEVEL, text)]


def from_results(results: pd.DataFrame, area: str) -> list[Evidence]:
    """Return the levels, and the themes of coded documents, that other analyses left."""
    rows = results[(results["ambito"] == area) & results["stima"].notna()]
    found = []
    for code, value in zip(rows["codice"], rows["stima"], strict=True):
        figure = str(code).removeprefix(SPOKEN)
        if figure != code:
            found.append(Evidence(figure, SAID, _theme(figure, float(value))))
        elif code in NAMES:
            found.append(Evidence(code, LEVEL, _level(code, value)))
    return found


def _theme(figure: str, share: float) -> Message:
    return T(
        "temi «{themes}» fino al {s:pct0} dei documenti",
        themes=[theme_name(theme) for theme in THEMES[figure]],
        s=share,
    )


def _level(code: str, value: float) -> Message:
    return Message(LEVELS.get(code, LEVEL_OF_ANY).template, {"name": NAMES[code], "v": value})


def from_achievement(conseguimento: pd.DataFrame) -> list[Evidence]:
    """Return what the monitoring sheets say was achieved, for the whole project."""
    rows = conseguimento[conseguimento["finale"].notna()]
    return [Evidence(str(row["codice"]), LEVEL, _achieved(row)) for row in rows.to_dict("records")]


def _achieved(row: Mapping[Hashable, Any]) -> Message:
    known = {"name": code_name(str(row["codice"])), "v": row["finale"]}
    if is_missing(row["atteso"]):
        return T("{name}: {v:qty1} nell'intero progetto", **known)
    return T("{name}: {v:qty1} di {e:qty1} previsti nell'intero progetto", **known, e=row["atteso"])
