"""The rules of the cell parsers: what each says and how to mend a breach, in spoken Italian."""

from __future__ import annotations

from bgest_analysis.problems.record import Rule, Treatment

_ASK = Treatment.REVISIONE
_FIX = Treatment.CORREZIONE
_NOTE = Treatment.AVVISO

# --- cells without a value -------------------------------------------------------------------
EMPTY = Rule("vuota", "la cella è vuota", "se il dato c'è, scriverlo", _NOTE)
MISSING_ND = Rule(
    "mancante_nd", "il dato non è disponibile («{valore}»)", "se il dato c'è, scriverlo", _NOTE
)
MISSING_NA = Rule(
    "mancante_na", "il dato non si applica («{valore}»)", "se il dato c'è, scriverlo", _NOTE
)
MISSING_NP = Rule(
    "mancante_np", "il dato non è pervenuto («{valore}»)", "chiederlo a chi lo deve mandare", _NOTE
)
MISSING_NR = Rule(
    "mancante_nr", "il dato non è stato rilevato («{valore}»)", "se il dato c'è, scriverlo", _NOTE
)
MISSING_UNKNOWN = Rule(
    "mancante_ignoto", "il dato non è noto («{valore}»)", "se il dato c'è, scriverlo", _NOTE
)
MISSING_SIGN = Rule(
    "mancante_segno",
    "al posto del dato c'è un segno («{valore}»)",
    "lasciare vuoto se il dato manca, scrivere 0 se vale zero",
    _NOTE,
)
IDEM = Rule(
    "idem_senza_origine",
    "«{valore}» rimanda a un'altra riga",
    "ripetere il valore per esteso in ogni riga",
    _ASK,
)
FORMULA = Rule(
    "formula_senza_valore",
    "c'è una formula di cui il file non conserva il risultato",
    "aprire il file con Excel o LibreOffice, salvarlo e rimandarlo; oppure incollare i valori",
    _ASK,
)
EXCEL_ERROR = Rule(
    "errore_excel",
    "la cella contiene un errore di calcolo («{valore}»)",
    "correggere la formula o scrivere il valore",
    _ASK,
)
WRONG_KIND = Rule(
    "tipo_cella",
    "il tipo della cella non va bene per la colonna «{colonna}»",
    "scrivere il valore come nelle altre righe della colonna",
    _ASK,
)

# --- hours -----------------------------------------------------------------------------------
HOURS_UNREADABLE = Rule(
    "ore_illeggibili",
    "«{valore}» non è una durata riconoscibile",
    "scrivere ore e minuti così: 1:30",
    _ASK,
)
HOURS_MINUTES = Rule(
    "ore_minuti_oltre_59",
    "in «{valore}» i minuti superano 59",
    "scrivere ore e minuti così: 1:30",
    _ASK,
)
HOURS_NEGATIVE = Rule(
    "ore_negative", "la durata «{valore}» è negativa", "scrivere una durata da zero in su", _ASK
)
HOURS_DECIMAL_OR_CLOCK = Rule(
    "ore_virgola_ambigua",
    "«{valore}» può essere un'ora con decimali o ore e minuti, e la colonna non lo chiarisce",
    "scrivere ore e minuti con i due punti (1:30)",
    _ASK,
)
HOURS_AS_DECIMAL = Rule(
    "ore_decimali_colonna",
    "«{valore}» è letta come ore con decimali, come il resto della colonna",
    "se sono ore e minuti, scrivere 1:30",
    _FIX,
)
HOURS_AS_CLOCK = Rule(
    "ore_sessagesimali_colonna",
    "«{valore}» è letta come ore e minuti, come il resto della colonna",
    "se sono ore con decimali, scrivere i minuti (per esempio 78 min)",
    _FIX,
)
HOURS_RANGE = Rule(
    "ore_intervallo",
    "«{valore}» è un intervallo o una frazione: non si sa quale durata prendere",
    "scrivere una sola durata, così: 1:30",
    _ASK,
)
HOURS_FROM_TO = Rule(
    "ore_dalle_alle",
    "la durata è calcolata da inizio e fine («{valore}»)",
    "scrivere la durata, così: 1:30",
    _FIX,
)
HOURS_OVER_DAY = Rule(
    "ore_oltre_24",
    "una durata oltre le 24 ore, che Excel aveva trasformato in data, è stata ricostruita",
    "dare alla colonna il formato [h]:mm",
    _FIX,
)
HOURS_DATE = Rule(
    "ore_data",
    "al posto di una durata c'è una data («{valore}»)",
    "riscrivere la durata dando alla cella il formato [h]:mm",
    _ASK,
)
HOURS_DAY_FRACTION = Rule(
    "ore_frazione_di_giorno",
    "«{valore}» sembra una durata di Excel senza formato (frazione di giorno)",
    "dare alla colonna il formato [h]:mm",
    _ASK,
)
HOURS_TOO_LONG = Rule(
    "ore_unita_incerta",
    "«{valore}» è troppo per essere ore: forse sono minuti",
    "scrivere l'unità (90 min) oppure ore e minuti (1:30)",
    _ASK,
)
HOURS_ROUNDED = Rule(
    "ore_arrotondate",
    "la durata «{valore}» è arrotondata al minuto",
    "nessuna azione necessaria",
    _FIX,
)
HOURS_WORDS = Rule(
    "ore_a_parole", "la durata è scritta a parole («{valore}»)", "scrivere così: 1:30", _FIX
)
APPROXIMATE = Rule(
    "valore_approssimato",
    "«{valore}» è dato come approssimato ed è preso come esatto",
    "scrivere il valore senza «circa»",
    _FIX,
)

# --- dates -----------------------------------------------------------------------------------
DATE_UNREADABLE = Rule(
    "data_illeggibile",
    "«{valore}» non è una data riconoscibile",
    "scrivere giorno, mese e anno così: 03/04/2022",
    _ASK,
)
DATE_IMPOSSIBLE = Rule(
    "data_impossibile",
    "la data «{valore}» non esiste (il giorno viene sempre prima del mese)",
    "correggere: giorno/mese/anno",
    _ASK,
)
DATE_YEAR = Rule(
    "data_anno_improbabile",
    "l'anno della data «{valore}» è improbabile",
    "controllare l'anno e scriverlo con quattro cifre",
    _ASK,
)
DATE_SHORT_YEAR = Rule(
    "data_anno_due_cifre",
    "l'anno di «{valore}» ha due cifre ed è stato completato",
    "scrivere l'anno con quattro cifre",
    _FIX,
)
DATE_NO_YEAR = Rule(
    "data_senza_anno", "alla data «{valore}» manca l'anno", "aggiungere l'anno", _ASK
)
DATE_IS_PERIOD = Rule(
    "data_periodo",
    "«{valore}» è un periodo e non un giorno",
    "scrivere il giorno, così: 03/04/2022",
    _ASK,
)
DATE_SERIAL = Rule(
    "data_seriale",
    "«{valore}» è una data di Excel senza formato ed è stata riconosciuta",
    "dare alla colonna il formato data",
    _FIX,
)
DATE_COMPACT = Rule(
    "data_compatta",
    "la data «{valore}» è scritta senza separatori ed è stata riconosciuta",
    "scrivere così: 03/04/2022",
    _FIX,
)
DATE_COMPACT_AMBIGUOUS = Rule(
    "data_compatta_ambigua",
    "la data «{valore}», senza separatori, si può leggere in due modi",
    "scrivere così: 03/04/2022",
    _ASK,
)
DATE_SEVERAL = Rule(
    "date_multiple",
    "nella cella ci sono più date («{valore}»)",
    "una riga per ogni data",
    _ASK,
)
DATE_FAMI = Rule(
    "data_convenzionale_fami",
    "01/01/0001 indica un titolo in rinnovo o senza scadenza: la data manca",
    "nessuna azione necessaria",
    _NOTE,
)
DATE_NO_END = Rule(
    "data_senza_scadenza",
    "la data «{valore}» indica che non c'è scadenza: la data manca",
    "nessuna azione necessaria",
    _NOTE,
)
DATE_DEFAULT = Rule(
    "data_predefinita",
    "«{valore}» è la data che un programma mette quando non ce n'è una",
    "scrivere la data vera o lasciare vuoto",
    _NOTE,
)
PERIOD_UNREADABLE = Rule(
    "periodo_illeggibile",
    "«{valore}» non è un periodo riconoscibile",
    "scrivere mese e anno (aprile 2022) o trimestre e anno (II trim. 2022)",
    _ASK,
)

# --- numbers and money -----------------------------------------------------------------------
NUMBER_UNREADABLE = Rule(
    "numero_illeggibile",
    "«{valore}» non è un numero riconoscibile",
    "scrivere solo il numero, con la virgola per i decimali",
    _ASK,
)
NUMBER_THOUSANDS = Rule(
    "numero_punto_ambiguo",
    "in «{valore}» il separatore può indicare le migliaia o i decimali",
    "scrivere senza separatore delle migliaia, con la virgola per i decimali",
    _ASK,
)
NUMBER_AS_THOUSANDS = Rule(
    "numero_punto_migliaia",
    "il punto di «{valore}» è letto come separatore delle migliaia, come nel resto della colonna",
    "scrivere senza separatore delle migliaia",
    _FIX,
)
NUMBER_AS_DECIMAL = Rule(
    "numero_punto_decimale",
    "il punto di «{valore}» è letto come separatore dei decimali, come nel resto della colonna",
    "scrivere i decimali con la virgola",
    _FIX,
)
NUMBER_ENGLISH = Rule(
    "numero_inglese",
    "«{valore}» è scritto all'inglese ed è stato convertito",
    "scrivere i decimali con la virgola",
    _FIX,
)
NUMBER_GROUPS = Rule(
    "numero_spazi_migliaia",
    "in «{valore}» le migliaia sono separate da spazi o apostrofi",
    "scrivere senza separatore delle migliaia",
    _FIX,
)
NUMBER_ACCOUNTING = Rule(
    "numero_contabile",
    "«{valore}» è un negativo o uno zero in forma contabile",
    "scrivere il segno meno davanti",
    _FIX,
)
NUMBER_SCIENTIFIC = Rule(
    "numero_scientifico",
    "«{valore}» è in notazione scientifica: qualche cifra può essersi persa",
    "dare alla colonna il formato numero",
    _FIX,
)
NUMBER_FRACTIONAL = Rule(
    "numero_non_intero", "«{valore}» dovrebbe essere un numero intero", "scrivere un intero", _ASK
)
NUMBER_RANGE = Rule(
    "numero_intervallo",
    "«{valore}» è un intervallo o un limite: non si sa quale numero prendere",
    "scrivere un solo numero",
    _ASK,
)
PERCENT_FRACTION = Rule(
    "percentuale_frazione",
    "«{valore}» è la frazione di una percentuale di Excel ed è stata moltiplicata per cento",
    "nessuna azione necessaria",
    _FIX,
)
PERCENT_UNCLEAR = Rule(
    "percentuale_ambigua",
    "«{valore}» può essere una frazione o una percentuale, e la colonna non lo chiarisce",
    "scrivere il segno %",
    _ASK,
)
FLAG_UNREADABLE = Rule(
    "si_no_illeggibile", "«{valore}» non è né sì né no", "scrivere sì oppure no", _ASK
)

# --- texts -----------------------------------------------------------------------------------
TEXT_MOJIBAKE = Rule(
    "testo_codifica",
    "le lettere accentate erano rovinate e sono state ricostruite",
    "salvare il file in UTF-8",
    _FIX,
)
TEXT_LOST = Rule(
    "testo_carattere_perduto",
    "una lettera è andata perduta (�)",
    "riscrivere la parola e salvare il file in UTF-8",
    _ASK,
)
TEXT_INVISIBLE = Rule(
    "testo_caratteri_invisibili",
    "c'erano caratteri invisibili o di controllo, tolti",
    "nessuna azione necessaria",
    _FIX,
)
TEXT_SIGNS = Rule(
    "testo_segni",
    "virgolette, apostrofi, trattini o spazi tipografici sono stati uniformati",
    "nessuna azione necessaria",
    _FIX,
)
TEXT_SPACES = Rule(
    "testo_spazi", "gli spazi in più sono stati tolti", "nessuna azione necessaria", _FIX
)

RULES: dict[str, Rule] = {
    rule.code: rule for rule in tuple(globals().values()) if isinstance(rule, Rule)
}
