"""The rules on project files beyond the single cell: rows, keys, code lists, persons."""

from __future__ import annotations

from bgest_analysis.clean.cells.rules import RULES as CELL_RULES
from bgest_analysis.problems.record import Rule, Treatment

_ASK = Treatment.REVISIONE
_FIX = Treatment.CORREZIONE
_NOTE = Treatment.AVVISO
_ASIDE = Treatment.QUARANTENA
_DROP = Treatment.SCARTO
_MEND = "scrivere una delle voci del modello, oppure decidere in data/raw/correzioni"

# --- code lists, Ambiti, bodies, places --------------------------------------------------------
UNKNOWN_CODE = Rule(
    "voce_sconosciuta", "«{valore}» non è una voce nota per «{colonna}»", _MEND, _ASK
)
SHARED_CODE = Rule(
    "voce_ambigua", "«{valore}» può indicare più voci di «{colonna}»", "precisare quale", _ASK
)
NOT_A_CODE = Rule("voce_non_valida", "«{valore}» non può stare in «{colonna}»", _MEND, _ASK)
COUNTRY_AS_LANGUAGE = Rule(
    "paese_non_lingua",
    "«{valore}» è un Paese e non una lingua: la lingua non si ricava dalla nazionalità",
    "scrivere la lingua in cui si è lavorato",
    _ASK,
)
DUAL_CITIZENSHIP = Rule(
    "doppia_cittadinanza",
    "«{valore}» indica due cittadinanze",
    "scrivere quella del Paese terzo, se c'è",
    _ASK,
)
STATE_NO_MORE = Rule(
    "stato_sciolto", "«{valore}» è uno Stato che non c'è più", "scrivere lo Stato di oggi", _ASK
)
AMBITO_IS_COMUNE = Rule(
    "ambito_con_comune",
    "in «{colonna}» c'è un comune («{valore}») e non un Ambito",
    "scrivere il nome dell'Ambito",
    _ASK,
)
AMBITO_IS_LARGER = Rule(
    "ambito_con_distretto",
    "in «{colonna}» c'è un territorio più grande di un Ambito («{valore}»)",
    "scrivere il nome dell'Ambito",
    _ASK,
)
SEVERAL_CODES = Rule(
    "voci_multiple",
    "nella cella ci sono più voci («{valore}») e «{colonna}» ne vuole una",
    "scrivere una voce sola",
    _ASK,
)
PART_UNKNOWN = Rule(
    "elenco_con_voci_ignote",
    "nell'elenco «{valore}» c'è una voce non riconosciuta",
    _MEND,
    _ASK,
)

# --- values against the schema -----------------------------------------------------------------
OUT_OF_RANGE = Rule(
    "fuori_intervallo",
    "«{valore}» è fuori dai valori possibili per «{colonna}»",
    "controllare il valore",
    _ASK,
)
BAD_FORM = Rule(
    "forma_non_valida",
    "«{valore}» non ha la forma richiesta per «{colonna}»",
    "scriverlo come nel modello",
    _ASK,
)
PERSON_IN_TEXT = Rule(
    "persona_nel_testo",
    "in «{colonna}» c'è un codice fiscale o un indirizzo di posta: non entra nelle tabelle",
    "scriverlo nella colonna delle persone, oppure toglierlo",
    _ASK,
)
YEAR_FROM_DATE = Rule(
    "anno_da_data", "da una data si è preso l'anno", "nessuna azione necessaria", _FIX
)
SHORT_PERIOD = Rule(
    "periodo_da_giorno",
    "il periodo di «{colonna}» è ricavato da un giorno",
    "nessuna azione necessaria",
    _FIX,
)
WRONG_PERIOD = Rule(
    "periodo_di_altra_durata",
    "«{valore}» non è del tipo di periodo che «{colonna}» richiede",
    "scrivere il mese (marzo 2021) o il trimestre (I trim. 2021), come chiede il modello",
    _ASK,
)
DECIDED = Rule(
    "decisione",
    "il valore è stato deciso da una persona (data/raw/correzioni)",
    "nessuna azione necessaria",
    _FIX,
)

# --- headers and sheets ------------------------------------------------------------------------
UNKNOWN_HEADER = Rule(
    "intestazione_sconosciuta",
    "la colonna «{colonna}» non è stata riconosciuta e non viene letta{valore}",
    "rinominarla come nel modello",
    _NOTE,
)
REPEATED_HEADER = Rule(
    "intestazione_doppia",
    "la colonna «{colonna}» ripete un'altra colonna e non viene letta",
    "tenere una colonna sola",
    _NOTE,
)
HEADER_MISSING = Rule(
    "colonna_mancante",
    "manca la colonna «{colonna}», senza cui le righe non si possono usare",
    "aggiungere la colonna, come nel modello",
    _NOTE,
)
HIDDEN_SHEETS = Rule(
    "fogli_nascosti",
    "nel file ci sono fogli nascosti, che non vengono letti",
    "mostrarli se contengono dati",
    _NOTE,
)
SHEETS_WITHOUT_TABLE = Rule(
    "fogli_senza_tabella",
    "nel file ci sono fogli in cui non si riconosce nessuna tabella",
    "controllare che non contengano dati",
    _NOTE,
)

# --- rows --------------------------------------------------------------------------------------
REQUIRED = Rule(
    "manca_obbligatorio",
    "manca «{colonna}», senza cui la riga non si può usare",
    "completare la riga",
    _ASIDE,
)
SAME_ROW = Rule("riga_ripetuta", "la riga è identica a un'altra del file", "toglierla", _DROP)
SAME_ROW_KEPT = Rule(
    "riga_uguale",
    "la riga è identica a un'altra: possono essere due spese uguali",
    "togliere la riga se è un doppione",
    _NOTE,
)
SAME_KEY = Rule(
    "chiave_ripetuta",
    "righe diverse hanno lo stesso codice in «{colonna}»: non si sa quale valga",
    "correggere il codice, oppure tenere una riga sola",
    _ASIDE,
)
KEY_MADE = Rule(
    "codice_creato",
    "manca «{colonna}»: la riga ha avuto un codice dal file e dal numero di riga",
    "nessuna azione necessaria",
    _FIX,
)
KEY_FROM_DATE = Rule(
    "incontro_dalla_data",
    "l'incontro non ha un codice: lo ha avuto dal livello e dalla data",
    "nessuna azione necessaria",
    _FIX,
)
AMBITO_FROM_COMUNE = Rule(
    "ambito_da_comune",
    "l'Ambito mancante è ricavato dal comune",
    "nessuna azione necessaria",
    _FIX,
)
AMBITO_FROM_SHEET = Rule(
    "ambito_dal_foglio",
    "l'Ambito è ricavato dal nome del foglio",
    "aggiungere la colonna dell'Ambito",
    _FIX,
)
COMUNE_ELSEWHERE = Rule(
    "comune_di_altro_ambito",
    "il comune non appartiene all'Ambito indicato nella riga",
    "controllare comune e Ambito",
    _NOTE,
)
TOTAL_SKIPS_TEXT = Rule(
    "totale_senza_testi",
    "il totale di «{colonna}» conta solo le celle numeriche: quelle scritte come testo mancano "
    "({valore})",
    "scrivere le durate come numeri, oppure rifare il totale",
    _NOTE,
)
FROM_NAME = Rule(
    "dal_nome_del_file",
    "«{colonna}» è ricavata dal nome del foglio o del file",
    "aggiungere la colonna",
    _FIX,
)
FROM_ABOVE = Rule(
    "dalle_righe_sopra",
    "«{colonna}» è ricavata dalle righe sopra la tabella",
    "aggiungere la colonna",
    _FIX,
)
CROSS_IS_ONE = Rule(
    "croce_una_persona", "una croce vale una persona presente", "nessuna azione necessaria", _FIX
)
SIGNATURE_ONLY = Rule(
    "firma_si_o_no",
    "della firma si tiene solo se c'è",
    "nessuna azione necessaria",
    _FIX,
)
ROLE_UNSAID = Rule(
    "ruolo_non_detto",
    "il ruolo di chi era presente non è scritto: resta «non precisato»",
    "scrivere il ruolo",
    _FIX,
)
ONE_PERSON = Rule(
    "una_persona",
    "il numero di presenti non è scritto: è presa come una persona",
    "scrivere quante persone",
    _FIX,
)
MEETING_WITHOUT_LEVEL = Rule(
    "incontro_senza_livello",
    "non si sa di che livello è l'incontro (Cabina, Équipe, operativo)",
    "scrivere il livello sopra la data, oppure nel nome del foglio",
    _NOTE,
)
TOTAL_DIFFERS = Rule(
    "totale_diverso",
    "il totale di «{colonna}» non è la somma delle righe ({valore})",
    "controllare il totale e le righe",
    _NOTE,
)
ROWS_ADDED = Rule(
    "righe_sommate",
    "più righe della stessa chiave sono state sommate",
    "nessuna azione necessaria",
    _FIX,
)

# --- interventions -----------------------------------------------------------------------------
OUTCOME_FROM_MINUTES = Rule(
    "esito_dai_minuti",
    "il file non ha la colonna dell'esito: le righe con minuti frontali sono «concluso»",
    "aggiungere la colonna dell'esito, con le richieste non coperte o annullate",
    _FIX,
)
REQUEST_AFTER = Rule(
    "richiesta_dopo_intervento",
    "la data della richiesta viene dopo quella dell'intervento",
    "controllare le due date",
    _NOTE,
)
UNMET_WITH_MINUTES = Rule(
    "inevasa_con_minuti",
    "la richiesta è senza intervento ma ha minuti frontali",
    "controllare l'esito o la durata",
    _NOTE,
)
DONE_WITHOUT_MINUTES = Rule(
    "svolto_senza_minuti",
    "l'intervento risulta svolto ma la durata manca o è zero",
    "scrivere la durata",
    _NOTE,
)
DONE_WITHOUT_DATE = Rule(
    "svolto_senza_data",
    "l'intervento risulta svolto ma manca la data",
    "scrivere la data",
    _NOTE,
)
DAY_AHEAD = Rule(
    "data_futura",
    "la data «{valore}» viene dopo quella dei documenti dello studio",
    "controllare l'anno",
    _ASK,
)
PERSON_LIST_UNUSABLE = Rule(
    "persone_senza_codice",
    "tra le persone presenti c'è un nome al posto di un codice: non si può collegare",
    "scrivere i codici delle persone",
    _NOTE,
)

# --- persons -----------------------------------------------------------------------------------
NO_IDENTITY = Rule(
    "persona_non_riconoscibile",
    "la riga non dice abbastanza per distinguere la persona dalle altre",
    "scrivere il codice della persona, o cognome, nome e data di nascita",
    _ASIDE,
)
SAME_PERSON = Rule(
    "persona_ripetuta",
    "la persona è già in un'altra riga: la riga completa la prima",
    "nessuna azione necessaria",
    _DROP,
)
PERSON_DIFFERS = Rule(
    "persona_con_valori_diversi",
    "righe della stessa persona hanno valori diversi in «{colonna}»: resta il primo",
    "correggere il valore sbagliato",
    _NOTE,
)
BAD_TAX_CODE = Rule(
    "codice_fiscale_errato",
    "il codice fiscale non supera il controllo: non viene usato",
    "controllare il codice fiscale",
    _NOTE,
)
TWO_YEARS = Rule(
    "anno_diverso_da_data",
    "l'anno di nascita non è quello della data di nascita: vale la data",
    "controllare i due valori",
    _NOTE,
)

# --- management --------------------------------------------------------------------------------
VERSION_MADE = Rule(
    "versione_mancante",
    "la scheda non dice la versione: è presa come la prima",
    "scrivere 1 per il primo invio, 2 per la prima riapertura",
    _FIX,
)
CUMULATIVE_UNSAID = Rule(
    "cumulato_non_detto",
    "la scheda non dice se il valore è cumulato: è preso come cumulato, come vuole il FAMI",
    "scrivere sì o no nella colonna «Cumulato»",
    _FIX,
)
NO_AMOUNT = Rule(
    "riga_senza_importo", "la riga non ha nessun importo", "scrivere l'importo", _ASIDE
)

# --- questionnaires ----------------------------------------------------------------------------
NOT_ON_SCALE = Rule(
    "risposta_fuori_scala",
    "la risposta «{valore}» non è della scala della domanda",
    "controllare la risposta o la scala nella mappa delle domande",
    _ASK,
)

# --- rows that the reader left out -------------------------------------------------------------
_SKIPPED = (
    ("totale", "riga di totale"),
    ("nota", "nota sotto la tabella"),
    ("vuota", "riga vuota"),
    ("intestazione_ripetuta", "l'intestazione, ripetuta"),
    ("esempio", "riga di esempio del modello"),
    ("sezione", "titolo di una sezione"),
    ("senza_codice", "passo senza codice o senza documento"),
)
ABSENT = Rule("assente", "assenza a un incontro", "nessuna azione necessaria", _DROP)
NO_HOURS = Rule("senza_ore", "cella o giorno senza ore", "nessuna azione necessaria", _DROP)
SKIPPED = tuple(Rule(code, what, "nessuna azione necessaria", _DROP) for code, what in _SKIPPED)

BY_CODE: dict[str, Rule] = {
    **CELL_RULES,
    **{rule.code: rule for rule in SKIPPED},
    **{rule.code: rule for rule in list(globals().values()) if isinstance(rule, Rule)},
}
BY_REASON = {
    "paese_non_lingua": COUNTRY_AS_LANGUAGE,
    "doppia_cittadinanza": DUAL_CITIZENSHIP,
    "stato_sciolto": STATE_NO_MORE,
}
