"""Names of codes, and values as a reader meets them: shown, hidden with a reason, or not known."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

FASI = {
    "segnalazione": T("Segnalazione"),
    "lettura": T("Lettura della situazione"),
    "progettazione": T("Progettazione"),
    "attuazione": T("Attuazione"),
    "verifica": T("Verifica"),
}
ORIENTAMENTI = {
    "assistenza": T("Assistenza"),
    "accompagnamento": T("Accompagnamento"),
    "attivazione": T("Attivazione"),
}
ORIGINI = {
    "registrata": T("registrata nel file"),
    "ricodificata": T("ricodificata da due persone"),
    "derivata": T("derivata da una regola"),
    "tutte": T("tutte le origini insieme"),
    "nessuna": T("nessuna"),
}
VARIABILI = {
    "modalita": T("Attivazione"),
    "utenza": T("Utenza"),
    "canale": T("Canale"),
    "tipologia": T("Tipologia"),
}
SERVIZI = {
    "scuola_infanzia": T("Scuola dell'infanzia"),
    "scuola_primaria": T("Scuola primaria"),
    "secondaria_I": T("Secondaria di I grado"),
    "secondaria_II": T("Secondaria di II grado"),
    "cti": T("CTI"),
    "cpia": T("CPIA"),
    "servizio_sociale_base": T("Servizio sociale di base"),
    "tutela_minori": T("Tutela minori"),
    "consultorio": T("Consultorio"),
    "ospedale_asst": T("Ospedale o ASST"),
    "salute_mentale": T("Salute mentale"),
    "tribunale_forze_ordine": T("Tribunale o forze dell'ordine"),
    "sportello_stranieri": T("Sportello stranieri"),
    "terzo_settore": T("Terzo settore"),
    "comune_altro": T("Altro servizio del Comune"),
    "famiglia_diretta": T("Richiesta diretta della famiglia"),
}
CATEGORIE: Mapping[str, Message] = {
    **FASI,
    **ORIENTAMENTI,
    **SERVIZI,
    "programmata": T("Programmata"),
    "a_chiamata": T("A chiamata"),
    "urgente": T("Urgente"),
    "presidio_fisso": T("Presidio fisso"),
    "individuale": T("Individuale"),
    "familiare": T("Familiare"),
    "gruppo": T("Gruppo"),
    "operatori": T("Operatori"),
    "presenza": T("In presenza"),
    "telefono": T("Per telefono"),
    "video": T("In video"),
    "scritto": T("Per iscritto"),
    "linguistica": T("Mediazione linguistica"),
    "orientamento_accompagnamento": T("Orientamento e accompagnamento"),
    "colloquio_scuola_famiglia": T("Colloquio scuola-famiglia"),
    "incontro_familiare": T("Incontro familiare"),
    "visita_domiciliare": T("Visita domiciliare"),
    "laboratorio_gruppo": T("Laboratorio di gruppo"),
    "equipe_coordinamento": T("Équipe e coordinamento"),
    "supervisione_consulenza": T("Supervisione e consulenza"),
    "attivazione_comunita": T("Attivazione di comunità"),
    "traduzione": T("Traduzione"),
    "non_registrata": T("Non registrata"),
}
COMPONENTI = {
    "integrata": T("Mediazione integrata nei servizi"),
    "lettura_progettazione": T("Mediatore in lettura e progettazione"),
    "attivazione": T("Attivazione delle risorse"),
    "prassi_ucraina": T("Prassi per l'emergenza Ucraina"),
    "altro": T("Altro"),
}
INDICATORI = {
    "M3": T("quota integrata delle ore"),
    "M4": T("casi con mediatore in lettura o progettazione, tra i casi con mediazione"),
    "M5": T("quota programmata delle richieste"),
    "M6": T("quota di attivazione tra gli interventi codificati"),
}
HIDDEN = T("n.p. (tutela delle persone)")
NOT_ESTIMABLE = T("non stimabile")


def name_of(code: str, names: Mapping[str, Message] = CATEGORIE) -> Message | str:
    """Return the name of a code; one the product does not know keeps its own words."""
    return names.get(code, code.replace("_", " "))


def hidden(row: pd.Series, column: str) -> bool:
    """Tell whether a cell of a protected table is not shown."""
    marks = row.get("protezione")
    if is_missing(marks):
        return False
    return any(mark.partition(":")[0] == column for mark in str(marks).split("|"))


def value(row: pd.Series, column: str, spec: str) -> Message:
    """Return a value as words: itself, or why it is not there."""
    if is_missing(row[column]):
        return HIDDEN if hidden(row, column) else NOT_ESTIMABLE
    return Message("{v:" + spec + "}", {"v": row[column]})


def interval(row: pd.Series, low: str, high: str, spec: str) -> Message:
    """Return an interval as words; nothing where an end is missing."""
    if is_missing(row[low]) or is_missing(row[high]):
        return Message("")
    return T(" (tra {a} e {b})", a=value(row, low, spec), b=value(row, high, spec))


def main_origin(quote: pd.DataFrame, code: str) -> str:
    """Return the firmest origin an indicator has: recorded, recoded, else derived by rule.

    An indicator whose variable has no origin keeps ``nessuna`` or ``tutte``.
    """
    present = set(quote.loc[quote["codice"] == code, "origine_variabile"])
    order = ("registrata", "ricodificata", "derivata", "nessuna", "tutte")
    return next((origin for origin in order if origin in present), "nessuna")


def rows_of(quote: pd.DataFrame, code: str, scale: str, origin: str = "") -> pd.DataFrame:
    """Return an indicator's rows on one scale of time, of its firmest origin or the one asked."""
    wanted = origin or main_origin(quote, code)
    mask = (
        (quote["codice"] == code)
        & (quote["scala"] == scale)
        & (quote["origine_variabile"] == wanted)
    )
    return quote[mask]


def overall(quote: pd.DataFrame, code: str, area: str) -> pd.Series | None:
    """Return an indicator's row over the whole time for an area; ``None`` if there is none."""
    rows = rows_of(quote, code, "tutto")
    rows = rows[(rows["area"] == area) & (rows["gruppo"] == "tutti")]
    return None if rows.empty else rows.iloc[0]
