"""What was planted in the files: class by class, file by file, row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.example.draws import Ints
from bgest_analysis.example.files.pages import Page

MOST_ROWS = 500  # rows written out for one class, file and column; the count is always whole


@dataclass(frozen=True)
class DirtClass:
    """A class of dirt and what cleaning should make of it.

    Parameters
    ----------
    trattamento
        ``riparata`` (the value is got back), ``da_rivedere`` (a person decides),
        ``mancante`` (a missing value with its reason), ``scartata`` (a row left out by a named
        rule), ``segnalata`` (kept and reported).
    """

    trattamento: str
    descrizione: str


CLASSES = {
    "ambito_variante": DirtClass("riparata", "nome dell'Ambito scritto in un modo noto"),
    "ambito_sconosciuto": DirtClass("da_rivedere", "Ambito che non è nello studio"),
    "ente_variante": DirtClass("riparata", "nome dell'ente scritto in un modo noto"),
    "lingua_variante": DirtClass("riparata", "grafia nota della lingua"),
    "lingua_paese": DirtClass("da_rivedere", "un Paese al posto della lingua"),
    "cittadinanza_forma": DirtClass("riparata", "demonimo, codice o nome in un'altra lingua"),
    "cittadinanza_ambigua": DirtClass("da_rivedere", "cittadinanza che sta per più Paesi"),
    "codice_alias": DirtClass("riparata", "sinonimo noto di un codice"),
    "esito_ambiguo": DirtClass("da_rivedere", "«annullato» senza dire da chi"),
    "data_forma": DirtClass("riparata", "data scritta in un'altra forma"),
    "data_impossibile": DirtClass("da_rivedere", "giorno che non esiste"),
    "data_sentinella": DirtClass("mancante", "01/01/0001"),
    "data_periodo": DirtClass("da_rivedere", "un mese al posto di un giorno"),
    "data_fuori_periodo": DirtClass("segnalata", "anno sbagliato di dieci"),
    "minuti_forma": DirtClass("riparata", "minuti scritti con segni o in ore"),
    "minuti_impossibili": DirtClass("da_rivedere", "più minuti di quanti ne ha un giorno"),
    "ore_miste": DirtClass("riparata", "ore scritte in molti modi"),
    "ore_sessagesimali": DirtClass("riparata", "1,30 è un'ora e mezza: lo dice la colonna"),
    "ore_decimali": DirtClass("riparata", "1,5 e 1,25 sono decimali"),
    "ore_excel": DirtClass("riparata", "orari di Excel"),
    "ore_giorno_perso": DirtClass("riparata", "25:30 con formato h:mm, che mostra 1:30"),
    "formula_senza_valore": DirtClass("da_rivedere", "formula senza un valore salvato"),
    "mancante_codice": DirtClass("mancante", "n.d., -, /"),
    "idem": DirtClass("da_rivedere", "«idem»: il valore della riga sopra"),
    "spazi": DirtClass("riparata", "spazi in più, anche indivisibili"),
    "mojibake": DirtClass("riparata", "lettere accentate guastate da due codifiche"),
    "intestazione_sconosciuta": DirtClass("segnalata", "colonna che nessuna tabella ha"),
    "riga_ripetuta": DirtClass("scartata", "la stessa riga due volte"),
    "riga_totale": DirtClass("scartata", "riga di totale"),
    "riga_vuota": DirtClass("scartata", "riga vuota tra i dati"),
    "nota_sotto": DirtClass("scartata", "nota sotto la tabella"),
    "foglio_nascosto": DirtClass("segnalata", "foglio nascosto"),
    "importo_forma": DirtClass("riparata", "importi come 1.234,56 €"),
    "persona_doppia": DirtClass("segnalata", "la stessa persona in due schede"),
    "gemelli": DirtClass("segnalata", "due persone con lo stesso cognome e la stessa data"),
    "fuori_target": DirtClass("segnalata", "cittadini UE o italiani"),
    "foglio_ore_diverso": DirtClass("segnalata", "mese in cui il foglio ore non torna"),
    "oltre_budget": DirtClass("segnalata", "riga rendicontata oltre l'approvato"),
    "scheda_riaperta": DirtClass("segnalata", "trimestre inviato due volte"),
    "cumulato_decrescente": DirtClass("segnalata", "valore cumulato che scende"),
    "richiesta_inevasa": DirtClass(
        "segnalata", "richiesta senza intervento: una riga come le altre"
    ),
}


@dataclass
class Marks:
    """Cells spoiled before the rows are laid out on pages: class, column, labels of rows."""

    found: list[tuple[str, str, Ints]] = field(default_factory=list)

    def add(self, kind: str, column: str, labels: npt.ArrayLike) -> None:
        """Note that the cells of a column were spoiled in some rows."""
        chosen = np.asarray(labels, dtype=np.int64)
        if len(chosen):
            self.found.append((kind, column, chosen))


@dataclass
class Ledger:
    """Everything planted, with the place where it can be found."""

    entries: list[dict[str, Any]] = field(default_factory=list)

    def place(self, file: str, page: Page, marks: Marks) -> None:
        """Note the marks whose rows are on a page, and the page's own totals and notes.

        A row written twice counts twice: its copy has the same spoiled cells.
        """
        index = pd.Index(page.body.index)
        sheet = page.name if file.endswith(".xlsx") else ""
        for kind, column, labels in marks.found:
            inside = np.flatnonzero(index.isin(labels))
            self.note(kind, file, sheet, page.rows_of(inside).tolist(), column)
        self.note("riga_totale", file, sheet, page.totals_rows)
        self.note("riga_vuota", file, sheet, page.blank_rows)
        below = page.first_row + len(page.body) + len(page.blanks) + len(page.totals)
        self.note("nota_sotto", file, sheet, [below + k for k in range(len(page.notes))])

    def note(self, kind: str, file: str, sheet: str, rows: Iterable[int], column: str = "") -> None:
        """Note rows of a file; nothing where there are none."""
        numbers = [int(row) for row in rows]
        if numbers:
            self.entries.append(
                {
                    "classe": kind,
                    "file": file,
                    "foglio": sheet,
                    "colonna": column,
                    "quante": len(numbers),
                    "righe": numbers[:MOST_ROWS],
                }
            )

    def to_json(self) -> dict[str, Any]:
        """Return class -> treatment, count and places."""
        result: dict[str, Any] = {}
        for kind, known in CLASSES.items():
            places = [entry for entry in self.entries if entry["classe"] == kind]
            result[kind] = {
                "descrizione": known.descrizione,
                "trattamento": known.trattamento,
                "quante": sum(entry["quante"] for entry in places),
                "dove": [{k: v for k, v in entry.items() if k != "classe"} for entry in places],
            }
        return result
