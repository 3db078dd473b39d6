"""Identifiers of invented persons, planted where real files have them, and the search for them."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
from openpyxl.comments import Comment

# class -> identifiers, as they stand in the files.
PLANTED: dict[str, tuple[str, ...]] = {
    "nomi": (
        "Zubadri", "Fathimatou", "Verdinelli", "Aminatou", "Karabulutz", "Oyelaranke",
        "Nikolajevska", "Tsegayenesh", "Wickramasekara", "Bouazzaouine", "Gheorghescu",
        "Mamadoukone", "Pestalozza", "Lumbardhi", "Quispehuaman", "Scandelluzzi",
    ),
    "codici fiscali": (
        "RSSMRA80A01H501U", "VRDMNA85C52Z330K", "ZBDFHM85C52Z330P", "krbmhm90b15z243x",
        "NKLLNA79T41Z138F",
    ),
    "telefoni": (
        "333 9876543", "+39 347 1122334", "3289911223", "0039 320 5566778", "035 771199",
    ),
    "posta": (
        "mario.canarino@example.org", "zubadri.f@example.com", "karabulutz@example.net",
        "oye-lara@posta.example.it", "n.niko+fami@example.org",
    ),
    "permessi": ("I09887766", "I12345987", "06123456789012", "BG2021/887766"),
    "passaporti": ("YA1234567", "AB7654321", "YB 9988776"),
    "indirizzi": (
        "Piazzale Segreto", "Via dei Canarini Gialli", "Vicolo Nascosto",
        "Contrada Silenziosa", "Largo Occulto",
    ),
    "date di nascita": ("12/03/1985", "15/02/1990", "1979-12-01", "07.08.1991", "23/11/2004"),
    "IBAN": ("IT60X0542811101000000123456", "IT28W8000000292100645211208"),
}  # fmt: skip
IDENTIFIERS = tuple(one for group in PLANTED.values() for one in group)
LOG_HEADER = (
    "N. intervento", "Data", "Mediatore", "Lingua", "Ore", "Ambito", "Comune", "Modalità",
    "Esito", "Note", "Codice caso", "Persone presenti", "Telefono Wickramasekara",
)  # fmt: skip
LOG = (
    ("1", "03/04/2022", "Verdinelli Aminatou", "arabo", "1:30", "Val Cavallina",
     "Trescore Balneario", "urgente", "concluso",
     "vive in Piazzale Segreto 3, mario.canarino@example.org RSSMRA80A01H501U", "C1",
     "Zubadri Fathimatou", "333 9876543"),
    ("2", "04/04/2022", "Aminatou Verdinelli", "parla Oyelaranke", "2h", "Ambito Valle Seriana",
     "Via dei Canarini Gialli 12", "programmata", "svolto con Karabulutz",
     "permesso I09887766, nata il 12/03/1985", "fam. Karabulutz", "", "+39 347 1122334"),
    ("Tsegayenesh", "15/02/1990", "VRDMNA85C52Z330K", "krbmhm90b15z243x",
     "IT60X0542811101000000123456",
     "Clusone (Nikolajevska)", "Clusone", "urgente", "concluso", "passaporto YA1234567", "", "",
     "3289911223"),
    ("4", "05/04/2022", "Verdinelli A.", "Lumbardhi", "tel. 035 771199", "Vicolo Nascosto 2",
     "zubadri.f@example.com", "", "", "", "", "", ""),
)  # fmt: skip
NOTE_ROWS = (
    ("* la signora Bouazzaouine abita in Contrada Silenziosa 8, tel. 0039 320 5566778",),
    ("TOTALE Scandelluzzi", "", "", "", "3:30"),
)
PEOPLE_HEADER = (
    "Codice utente", "Cognome", "Nome", "Data di nascita", "Telefono", "Sesso", "Cittadinanza",
    "Ambito", "Codice fiscale", "Permesso di soggiorno n.", "Passaporto", "Indirizzo", "IBAN",
    "E-mail", "Note Gheorghescu",
)  # fmt: skip
PEOPLE = (
    ("U1", "Zubadri", "Fathimatou", "12/03/1985", "333 9876543", "F", "marocchina", "Seriate",
     "ZBDFHM85C52Z330P", "I12345987", "AB7654321", "Largo Occulto 5",
     "IT28W8000000292100645211208", "zubadri.f@example.com", "moglie di Mamadoukone"),
    ("", "Zubadri", "Fathima", "12/03/1985", "", "F", "marocchina", "Val Cavallina", "",
     "BG2021/887766", "YB 9988776", "", "", "", ""),
    ("", "Karabulutz", "", "15/02/1990", "", "Karabulutz", "Zubadri Fathimatou", "Seriate",
     "NKLLNA79T41Z138F", "06123456789012", "", "", "", "karabulutz@example.net", "23/11/2004"),
    ("U4", "Nikolajevska", "Olena", "1979-12-01", "", "F", "ucraina (Quispehuaman)", "Lovere", "",
     "", "", "", "", "oye-lara@posta.example.it", ""),
    ("U5", "Wickramasekara", "S.", "07.08.1991", "", "M", "Sri Lanka", "n.niko+fami@example.org",
     "", "", "", "", "", "", ""),
)  # fmt: skip


def plant(raw: Path) -> None:
    """Write the project files of a study, several tables and formats, under ``data/raw``."""
    _text(raw / "interventi" / "registro.csv", [LOG_HEADER, *LOG, *NOTE_ROWS])
    _book(
        raw / "interventi" / "colloqui.xlsx",
        {
            "Scheda Lumbardhi": [("Colloqui di Pestalozza Maria",), LOG_HEADER, *LOG, *NOTE_ROWS],
            "Nascosto Zubadri": [LOG_HEADER, *LOG],
        },
        hidden="Nascosto Zubadri",
    )
    _text(raw / "destinatari" / "persone.csv", [PEOPLE_HEADER, *PEOPLE])
    _book(raw / "destinatari" / "schede.xlsx", {"Karabulutz": [PEOPLE_HEADER, *PEOPLE[1:]]})
    _text(
        raw / "servizi_ricevuti" / "corsi.csv",
        [
            ("Cognome", "Nome", "Servizio", "Data", "Ore", "Osservazioni"),
            ("Zubadri", "Fathimatou", "corso di Tsegayenesh", "10/10/2021", "2", "Largo Occulto"),
            ("Quispehuaman", "J.", "istruzione lingua", "11/10/2021", "YA1234567", ""),
        ],
    )
    _book(
        raw / "timesheet" / "ore.xlsx",
        {
            "Verdinelli Aminatou": [
                ("Mediatore", "Mese", "Ore"),
                ("Verdinelli Aminatou", "2022-04", "10"),
                ("Oyelaranke", "marzo 22", "3289911223"),
            ]
        },
    )
    _book(
        raw / "presenze" / "cabina.xlsx",
        {
            "Cabina di regia": [
                ("Ente", "12/03/2021", "14/04/2021", "Referente: Scandelluzzi"),
                ("Cooperativa Ruah", "X", "A", "333 9876543"),
                ("Gheorghescu (Comune)", "X", "Mamadoukone", ""),
            ]
        },
    )
    _text(
        raw / "questionari" / "risposte.csv",
        [
            ("risposta_id", "rilevazione", "onda", "item", "scala", "valore", "Commenti"),
            ("mario.canarino@example.org", "destinatari", "post", "utile", "likert_1_5", "5",
             "grazie a Bouazzaouine"),
            ("q2", "destinatari", "post", "utile", "likert_1_5", "Wickramasekara", "3289911223"),
        ],
    )  # fmt: skip
    _text(
        raw / "codifiche_qual" / "MAXQDA.csv",
        [
            ("Documento", "Segmento", "Codice", "Codificato da", "Testo"),
            ("INT-01", "1", "M_fiducia", "K1", "la signora Zubadri di Vicolo Nascosto"),
            ("INT-01", "2", "Tsegayenesh dice", "K1", "tel. 035 771199"),
        ],
    )
    _text(
        raw / "incontri" / "verbali.csv",
        [
            ("Codice incontro", "Data incontro", "Tipo di incontro", "Ordine del giorno"),
            ("V1", "12/03/2021", "equipe", "caso Nikolajevska; modello"),
            ("V2", "23/11/2004", "Karabulutz", "krbmhm90b15z243x"),
        ],
    )


def _text(path: Path, rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [";".join(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _book(path: Path, sheets: dict[str, list[Sequence[str]]], hidden: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
        page["A2"].comment = Comment("chiamare Quispehuaman, 0039 320 5566778", "Pestalozza")
        page.oddFooter.center.text = "Scandelluzzi"
        page.sheet_state = "hidden" if name == hidden else "visible"
    book.properties.creator = "Pestalozza Maria"
    book.properties.title = "Zubadri Fathimatou"
    book.save(path)


# --- the search -------------------------------------------------------------------------------
def hits(files: Iterable[Path], streams: Iterable[str] = ()) -> list[str]:
    """Return "file: identifier" for every identifier found, in names of files too."""
    found = [f"{path.name}: {one}" for path in files for one in _found(_says(path))]
    return found + [f"risposta: {one}" for text in streams for one in _found(text)]


def _found(text: str) -> list[str]:
    """Return the identifiers in a text, however its blanks and letters are written."""
    plain = re.sub(r"[\s\u00a0]+", " ", text.casefold())
    packed = plain.replace(" ", "")
    return [
        one
        for one in IDENTIFIERS
        if one.casefold() in plain or (len(one) > 8 and one.casefold().replace(" ", "") in packed)
        or _turned(one) in plain
    ]  # fmt: skip


def _turned(one: str) -> str:
    """Return an Italian day as ISO writes it, where that says the same."""
    day = re.fullmatch(r"(\d\d)[/.](\d\d)[/.](\d{4})", one)
    return f"{day[3]}-{day[2]}-{day[1]}" if day else one.casefold()


def _says(path: Path) -> str:
    """Return everything a file says: its name, cells, parts of zips, text of PDF streams."""
    data = path.read_bytes()
    parts = [path.as_posix(), data.decode("utf-8", errors="ignore")]
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        parts += [str(table.schema.metadata), table.to_pandas().map(str).to_csv()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as box:
            texts = [box.read(name).decode("utf-8", errors="ignore") for name in box.namelist()]
        parts += [*texts, *(re.sub(r"<[^>]+>", "", text) for text in texts)]
    if data.startswith(b"%PDF"):
        streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
        parts += [_inflated(stream) for stream in streams]
    return "\n".join(parts)


def _inflated(stream: bytes) -> str:
    try:
        return zlib.decompress(stream).decode("latin-1")
    except zlib.error:
        return stream.decode("latin-1")
