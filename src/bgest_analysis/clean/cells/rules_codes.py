"""The rules on codes, rows and headers: what each says and how to mend a breach."""

from __future__ import annotations

from bgest_analysis.problems.record import Rule, Treatment

_ASK = Treatment.REVISIONE
_FIX = Treatment.CORREZIONE
_NOTE = Treatment.AVVISO

# --- codes -----------------------------------------------------------------------------------
CODE_UNKNOWN = Rule(
    "codice_sconosciuto",
    "«{valore}» non è tra i valori noti della colonna «{colonna}»",
    "scegliere un valore dell'elenco, oppure aggiungere la correzione alla tabella dello studio",
    _ASK,
)
CODE_AMBIGUOUS = Rule(
    "codice_ambiguo",
    "«{valore}» può voler dire più cose nella colonna «{colonna}»",
    "scrivere il nome per esteso, oppure aggiungere la correzione alla tabella dello studio",
    _ASK,
)
CODE_INVALID = Rule(
    "codice_non_valido",
    "«{valore}» è di un altro tipo e non un valore della colonna «{colonna}»",
    "scegliere un valore dell'elenco",
    _ASK,
)
CODE_NAMED = Rule(
    "codice_riconosciuto",
    "il nome «{valore}» è stato tradotto nel suo codice",
    "nessuna azione necessaria",
    _FIX,
)
PATTERN = Rule(
    "forma_non_valida",
    "«{valore}» non ha la forma che serve nella colonna «{colonna}»",
    "scriverlo come nell'esempio del modello",
    _ASK,
)

# --- rows ------------------------------------------------------------------------------------
REQUIRED = Rule(
    "obbligatorio_mancante",
    "manca «{colonna}», che è obbligatorio: la riga resta da parte",
    "completare la cella",
    Treatment.QUARANTENA,
)
COLUMN_MISSING = Rule(
    "colonna_mancante",
    "nel foglio manca la colonna obbligatoria «{colonna}»: le righe restano da parte",
    "aggiungere la colonna, oppure darle il nome del modello",
    Treatment.QUARANTENA,
)
OUT_OF_RANGE = Rule(
    "fuori_intervallo",
    "il valore «{valore}» di «{colonna}» è fuori dai limiti possibili",
    "controllare il valore",
    _ASK,
)
HEADER_UNKNOWN = Rule(
    "intestazione_sconosciuta",
    "non conosco l'intestazione «{valore}»: la colonna non è stata letta",
    "se serve, darle il nome di una colonna del modello",
    _NOTE,
)
HEADER_REPEATED = Rule(
    "intestazione_doppia",
    "due colonne del foglio vogliono dire «{colonna}»: «{valore}» non è stata letta",
    "tenere una colonna sola",
    _NOTE,
)
KEY_MADE = Rule(
    "codice_creato",
    "il file non dà un codice alle righe: ne è stato creato uno da foglio e riga",
    "nessuna azione necessaria",
    _FIX,
)
FROM_SHEET = Rule(
    "valore_dal_foglio",
    "il valore di «{colonna}» viene dal nome del foglio",
    "nessuna azione necessaria",
    _FIX,
)
IDEM_FILLED = Rule(
    "idem_ripetuto",
    "«idem» è stato sostituito con il valore della riga sopra",
    "ripetere il valore per esteso in ogni riga",
    _FIX,
)
