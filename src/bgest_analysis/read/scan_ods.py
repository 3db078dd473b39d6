"""What a parser of ods would not say: repeated cells without end, formulas without a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from bgest_analysis.read.archive import Archive
from bgest_analysis.read.guard import refuse
from bgest_analysis.read.scan_xlsx import BookScan, SheetScan

_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def scan_ods(archive: Archive) -> BookScan:
    """Look through the content of an OpenDocument sheet before it is parsed.

    Raises
    ------
    UnsafeInput
        Password, macros, links to other files (unless allowed), document types, too many
        sheets, rows, columns or cells once repetitions are written out.
    """
    shown_as = archive.shown_as
    if "content.xml" not in archive or not _is_sheet(archive):
        raise refuse("{file} non è un foglio di calcolo; salvarlo come .xlsx o .ods", shown_as)
    _check_manifest(archive)
    scanner = _Scanner(archive)
    for name in archive.names:
        if name.endswith(".xml") and name != "content.xml":
            for _ in archive.xml_blocks(name):
                pass
    scanner.run()
    if scanner.links and not archive.limits.external_links:
        raise refuse(
            "{file} ha collegamenti ad altri file; in LibreOffice: Modifica, Collegamenti a file "
            "esterni, Interrompi, poi salvare",
            shown_as,
        )
    return BookScan(scanner.sheets, False, scanner.links)


def _is_sheet(archive: Archive) -> bool:
    return "mimetype" in archive and archive.small("mimetype").strip() == _MIMETYPE


def _check_manifest(archive: Archive) -> None:
    manifest = "META-INF/manifest.xml"
    content = archive.small(manifest) if manifest in archive else b""
    if b"encryption-data" in content:
        raise refuse(
            "{file} è protetto da password; in LibreOffice scegliere Salva con nome e togliere "
            "la password",
            archive.shown_as,
        )
    if any(name.startswith(("Basic/", "Scripts/")) for name in archive.names):
        raise refuse(
            "{file} contiene macro; in LibreOffice: Strumenti, Macro, eliminarle, poi salvare",
            archive.shown_as,
        )


@dataclass
class _Cell:
    """The cell that is being read."""

    repeats: int
    formula: bool
    kind: str
    error: bool
    text: list[str] = field(default_factory=list)

    @property
    def filled(self) -> bool:
        return bool(self.kind or self.formula or self.text)


class _Scanner:
    """A pass over content.xml that counts cells as the parser would write them out."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.sheets: dict[str, SheetScan] = {}
        self.links = False
        self._sheet = SheetScan()
        self._row = self._column = self._row_repeats = self._row_cells = self._total = 0
        self._cell: _Cell | None = None

    def run(self) -> None:
        """Read the whole part."""
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            for block in self.archive.xml_blocks("content.xml"):
                parser.Parse(block, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise refuse(
                "{file} è danneggiato; farselo rimandare", self.archive.shown_as
            ) from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if local == "table":
            self._start_sheet(values.get("name", ""))
        elif local == "table-row":
            self._row_repeats = self._times(values.get("number-rows-repeated", "1"))
            self._column = self._row_cells = 0
            self._sheet.hidden_rows += values.get("visibility") in ("collapse", "filter")
        elif local in ("table-cell", "covered-table-cell"):
            self._start_cell(values)
        elif local in ("table-source", "dde-source"):
            self.links = True

    def _start_sheet(self, name: str) -> None:
        self._sheet = self.sheets.setdefault(name, SheetScan())
        self._row = 0
        if len(self.sheets) > self.archive.limits.sheets:
            raise refuse(
                "{file} ha più di {n:int} fogli: troppi; dividerlo",
                self.archive.shown_as,
                n=self.archive.limits.sheets,
            )

    def _start_cell(self, values: dict[str, str]) -> None:
        self._cell = _Cell(
            repeats=self._times(values.get("number-columns-repeated", "1")),
            formula="formula" in values,
            kind=values.get("value-type", ""),
            error=values.get("value-type") == "error" or "error-value" in values,
        )
        self.links = self.links or "'file:" in values.get("formula", "")

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif local == "table-row":
            self._end_row()

    def _characters(self, data: str) -> None:
        if self._cell is not None and len(self._cell.text) < 8 and data.strip():
            self._cell.text.append(data[:32])

    def _end_cell(self, cell: _Cell) -> None:
        if cell.filled:
            self._row_cells += cell.repeats
            self._check(self._column + cell.repeats > self.archive.limits.columns)
            text = "".join(cell.text).strip()
            if cell.formula and not cell.kind and not text:
                self._sheet.formulas.add((self._row, self._column))
            elif cell.error or (cell.formula and text.startswith(("#", "Err:"))):
                self._sheet.errors[(self._row, self._column)] = text
        self._column += cell.repeats

    def _end_row(self) -> None:
        if self._row_cells:
            self._check(self._row + self._row_repeats > self.archive.limits.rows)
            self._sheet.cells += self._row_cells * self._row_repeats
            self._total += self._row_cells * self._row_repeats
            self._check(self._total > self.archive.limits.cells)
        self._row += self._row_repeats

    def _times(self, text: str) -> int:
        if not text.isdigit() or len(text) > 9:
            raise refuse("{file} è danneggiato; farselo rimandare", self.archive.shown_as)
        return int(text)

    def _check(self, beyond: bool) -> None:
        if beyond:
            limits = self.archive.limits
            raise refuse(
                "{file} ha dati oltre {righe:int} righe, {colonne:int} colonne o {celle:int} "
                "celle; cancellare ciò che sta fuori dalla tabella oppure dividere il file",
                self.archive.shown_as,
                righe=limits.rows,
                colonne=limits.columns,
                celle=limits.cells,
            )
