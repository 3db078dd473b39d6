"""The rules official files are checked against: what each says, and how a breach is mended."""

from __future__ import annotations

from bgest_analysis.problems.record import Rule, Treatment

Q, S, C, A = (
    Treatment.QUARANTENA,
    Treatment.SCARTO,
    Treatment.CORREZIONE,
    Treatment.AVVISO,
)

NOTA = Rule(
    "nota",
    "riga di nota in fondo o in mezzo alla tabella",
    "nessun rimedio: le note non sono dati",
    S,
)
INTESTAZIONE_RIPETUTA = Rule(
    "intestazione_ripetuta",
    "l'intestazione è ripetuta in mezzo ai dati",
    "cancellare la riga se il file è stato incollato da più parti, e controllare che non ci siano "
    "righe doppie",
    S,
)
TOTALE = Rule(
    "riga_di_totale",
    "riga di totale in mezzo ai dati («{valore}»)",
    "cancellare la riga: i totali si ricalcolano dai comuni",
    S,
)
AGGREGATO_TERRITORIALE = Rule(
    "aggregato_territoriale",
    "riga di un'area più grande (ripartizione, regione)",
    "nessun rimedio: le aree si ricalcolano dai comuni o dalle province",
    S,
)
AGGREGATO_CITTADINANZA = Rule(
    "aggregato_cittadinanza",
    "riga di un insieme di paesi («{valore}»)",
    "nessun rimedio: gli insiemi si ricalcolano dai paesi",
    S,
)
SUBTOTALE_PROVINCIA = Rule(
    "subtotale_provincia",
    "riga di subtotale della provincia",
    "nessun rimedio: serve solo a controllare la somma dei comuni",
    S,
)
SENZA_COMUNE = Rule(
    "senza_comune",
    "riga residua della fonte, senza comune",
    "nessun rimedio: la fonte non sa a quale comune attribuirla",
    S,
)
FUORI_TERRITORIO = Rule(
    "fuori_territorio",
    "il comune o la provincia non è nel territorio dello studio",
    "nessun rimedio; se dovrebbe esserci, aggiungerlo alla tabella dei comuni dello studio",
    S,
)
ALTRA_DIMENSIONE = Rule(
    "altra_dimensione",
    "riga di un'altra scomposizione (età, stato civile, tipo di dato) che qui non serve",
    "nessun rimedio",
    S,
)
CEDUTO_ALL_ESTERO = Rule(
    "ceduto_all_estero",
    "comune passato a un altro Stato: non ha un comune che gli succede",
    "nessun rimedio",
    S,
)
RIGA_IDENTICA = Rule(
    "riga_identica",
    "la riga è identica a un'altra ({valore})",
    "cancellare la copia; controllare che il file non sia stato incollato due volte",
    S,
)
NUMERO_DI_CAMPI = Rule(
    "numero_di_campi",
    "la riga non ha tanti campi quanti l'intestazione ({valore})",
    "controllare che la riga non sia troncata e che non ci siano separatori dentro un nome; "
    "meglio riscaricare il file",
    Q,
)
CODICE_ILLEGGIBILE = Rule(
    "codice_illeggibile",
    "«{valore}» non è un codice ISTAT",
    "scrivere le sei cifre del comune (o le tre della provincia), zero iniziale compreso",
    Q,
)
COMUNE_SCONOSCIUTO = Rule(
    "comune_sconosciuto",
    "il codice {valore} non è di nessun comune, di oggi o soppresso",
    "controllare il codice nell'elenco dei comuni ISTAT; se il comune è nuovo, aggiornare "
    "l'elenco con bgest fetch",
    Q,
)
AREA_SCONOSCIUTA = Rule(
    "area_sconosciuta",
    "il codice territoriale {valore} non è conosciuto",
    "controllare il codice nelle classificazioni ISTAT e aggiungerlo alla tabella dei territori",
    Q,
)
CODICE_STORICO = Rule(
    "codice_storico",
    "il comune ha il codice che aveva nella sua vecchia provincia ({valore}): messo quello di oggi",
    "nessun rimedio",
    C,
)
COMUNE_SOPPRESSO = Rule(
    "comune_soppresso",
    "il comune {valore} è stato soppresso: il dato passa al comune che gli è succeduto",
    "nessun rimedio se la fusione è giusta; altrimenti usare un'edizione con i confini di oggi",
    C,
)
FUSIONE_INCOMPLETA = Rule(
    "fusione_incompleta",
    "il comune {valore} è stato soppresso e nel file mancano altre parti del comune nuovo",
    "aggiungere le righe degli altri comuni confluiti, oppure usare un'edizione con i confini di "
    "oggi",
    Q,
)
COMUNE_DIVISO = Rule(
    "comune_diviso",
    "il comune {valore} è stato diviso fra più comuni: il dato non si può attribuire",
    "usare un'edizione con i confini di oggi",
    Q,
)
SOPPRESSO_E_NUOVO = Rule(
    "soppresso_e_nuovo",
    "il comune {valore} era già stato soppresso e il comune nuovo è già nel file",
    "cancellare la riga del comune soppresso, se il comune nuovo la comprende già",
    Q,
)
ZERO_PERSO = Rule(
    "zero_perso",
    "il codice {valore} ha perso lo zero iniziale: rimesso",
    "salvare la colonna dei codici come testo; in Excel importarla come testo",
    C,
)
CODICI_SENZA_ZERI = Rule(
    "codici_senza_zeri",
    "tutta la colonna «{colonna}» è senza gli zeri iniziali ({valore} codici): rimessi",
    "salvare la colonna dei codici come testo; in Excel importarla come testo",
    C,
)
CHIAVE_DOPPIA = Rule(
    "chiave_doppia",
    "la stessa chiave ({valore}) compare in più righe con valori diversi",
    "tenere una sola riga, quella giusta: nessuna delle copie è usata",
    Q,
)
VALORE_MANCANTE = Rule(
    "valore_mancante",
    "manca il valore di «{colonna}»",
    "scrivere il numero (0 se sono zero persone)",
    Q,
)
VALORE_NEGATIVO = Rule(
    "valore_negativo",
    "{valore} è negativo, e un numero di persone non lo è",
    "controllare il dato alla fonte",
    Q,
)
VALORE_NON_INTERO = Rule(
    "valore_non_intero",
    "{valore} non è un numero intero",
    "scrivere un numero intero, senza decimali",
    Q,
)
VALORE_NON_NUMERICO = Rule(
    "valore_non_numerico",
    "«{valore}» non è un numero",
    "scrivere solo cifre; per un dato che manca lasciare la cella come la fonte la pubblica",
    Q,
)
MIGLIAIA = Rule(
    "separatore_migliaia",
    "la colonna «{colonna}» scrive le migliaia col punto: letta così ({valore})",
    "salvare i numeri senza separatore delle migliaia",
    C,
)
SESSI_NON_SOMMANO = Rule(
    "sessi_non_sommano",
    "maschi più femmine non dà il totale in «{colonna}» ({valore})",
    "controllare i tre valori alla fonte: uno è sbagliato",
    Q,
)
ETA_NON_SOMMANO = Rule(
    "eta_non_sommano",
    "le età non sommano al totale in «{colonna}» ({valore})",
    "controllare alla fonte: manca un'età, oppure un valore è sbagliato",
    Q,
)
PARTI_NON_SOMMANO = Rule(
    "parti_non_sommano",
    "le parti non sommano al totale in «{colonna}» ({valore})",
    "controllare alla fonte: manca una parte, oppure un valore è sbagliato",
    Q,
)
COMUNI_NON_SOMMANO = Rule(
    "comuni_non_sommano",
    "la somma dei comuni della provincia non dà il valore della provincia ({valore})",
    "controllare alla fonte: manca un comune, oppure un valore è sbagliato",
    A,
)
BILANCIO_NON_TORNA = Rule(
    "bilancio_non_torna",
    "il movimento dell'anno non porta da «{colonna}» al valore pubblicato ({valore})",
    "controllare alla fonte le voci della riga: una è sbagliata",
    A,
)
STRANIERI_OLTRE_RESIDENTI = Rule(
    "stranieri_oltre_residenti",
    "gli stranieri sono più dei residenti ({valore})",
    "controllare i due valori alla fonte",
    Q,
)
STRANIERI_OLTRE_RESIDENTI_FRA_FILE = Rule(
    "stranieri_oltre_residenti_fra_file",
    "gli stranieri di questo file sono più dei residenti di un altro ({valore})",
    "controllare che i due file siano della stessa edizione e dello stesso comune",
    A,
)
UE_OLTRE_STRANIERI = Rule(
    "ue_oltre_stranieri",
    "i cittadini UE sono più degli stranieri ({valore})",
    "controllare i due valori alla fonte",
    Q,
)
ANNO_ILLEGGIBILE = Rule(
    "anno_illeggibile",
    "«{valore}» non è un anno",
    "scrivere l'anno con quattro cifre",
    Q,
)
ANNO_DISCORDE = Rule(
    "anno_discorde",
    "il titolo e il nome del file dicono anni diversi ({valore}): vale il titolo",
    "controllare che il file sia quello giusto",
    A,
)
DATA_ILLEGGIBILE = Rule(
    "data_illeggibile",
    "«{valore}» non è una data",
    "scrivere la data come 31/12/2024",
    Q,
)
CODICE_NON_AMMESSO = Rule(
    "codice_non_ammesso",
    "«{valore}» non è fra i valori di «{colonna}»",
    "scrivere uno dei codici previsti",
    Q,
)
CITTADINANZA_SCONOSCIUTA = Rule(
    "cittadinanza_sconosciuta",
    "la cittadinanza «{valore}» non è nell'elenco dei paesi",
    "aggiungere il nome agli altri modi di scrivere il paese",
    Q,
)
UE_DISCORDE = Rule(
    "ue_discorde",
    "il paese {valore} è segnato come UE (o no) contro le date dell'Unione",
    "controllare la colonna «{colonna}»",
    A,
)

ALL = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
BY_CODE = {rule.code: rule for rule in ALL}
UNREMARKABLE = frozenset(
    rule.code
    for rule in (
        NOTA,
        AGGREGATO_TERRITORIALE,
        AGGREGATO_CITTADINANZA,
        SUBTOTALE_PROVINCIA,
        SENZA_COMUNE,
        FUORI_TERRITORIO,
        ALTRA_DIMENSIONE,
        CODICE_STORICO,
        CEDUTO_ALL_ESTERO,
    )
)
