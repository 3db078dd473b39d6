"""A round of double coding: the sample, its blind workbooks, and what comes back from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bgest_analysis.clean.coding_workbook import ITEM, read_coding_workbook, write_coding_workbook
from bgest_analysis.clean.sampling import VARIABLES, Design, draw_sample
from bgest_analysis.errors import SourceError, SourceMissing, UsageError
from bgest_analysis.schema.registry import find_table

FOLDER, KEY, DISPUTED = "campione", "campione.csv", "disaccordi.xlsx"
KEPT = (ITEM, "intervento_id", "strato", "interventi_strato")
_INITIALS = re.compile(r"(?=.*\w)[A-Za-z0-9.]{1,8}")


@dataclass(frozen=True)
class Round:
    """Where a round of coding is kept.

    Parameters
    ----------
    folder
        Holds the list of the sample (not for coders) and the workbooks.
    warning
        What every workbook says above everything; ``""`` for nothing.
    """

    folder: Path
    warning: str = ""

    def workbook(self, coder: str) -> Path:
        """Return the workbook of a coder, named after the initials without their dots."""
        return self.folder / f"codifica_{coder.replace('.', '')}.xlsx"

    def draw(self, log: pd.DataFrame, design: Design, coders: Sequence[str]) -> pd.DataFrame:
        """Draw a sample and write its list and one blind workbook a coder; return the sample.

        Raises
        ------
        UsageError
            If the initials are not two different ones, the log is too small, or a workbook of
            another sample is already filled in.
        """
        books = [self.workbook(coder) for coder in coders]
        if len(set(books)) < len(books) or not all(map(_INITIALS.fullmatch, coders)):
            raise UsageError("scrivere due sigle diverse, al più otto lettere: --coders A.B. C.D.")
        sample = draw_sample(log, design)
        kept = sample.rename(columns={"N_strato": "interventi_strato"})[list(KEPT)]
        same = (self.folder / KEY).is_file() and self.sample().equals(kept.astype("str"))
        for path in sorted(self.folder.glob("codifica_*.xlsx")):
            if self._filled(path) and not (same and path in books):
                raise UsageError(
                    "{file} è già compilato: rileggerlo con bgest sample --read, oppure spostarlo "
                    "prima di estrarre un altro campione",
                    file=path.name,
                )
        self.folder.mkdir(parents=True, exist_ok=True)
        staged = self.folder / f"{KEY}.tmp"  # a list cut short would be read as a smaller sample
        kept.to_csv(staged, index=False, lineterminator="\n")
        staged.replace(self.folder / KEY)
        for coder, path in zip(coders, books, strict=True):
            if not (path.is_file() and self._filled(path)):
                write_coding_workbook(path, sample, coder, self.warning)
        return sample

    def _filled(self, path: Path) -> bool:
        """Tell whether somebody chose a code in a workbook of the sample."""
        found = read_coding_workbook(path, self.sample()[ITEM].tolist(), whole=False)
        return bool(found[list(VARIABLES)].notna().any(axis=None))

    def sample(self) -> pd.DataFrame:
        """Return the list of the sample, as text.

        Raises
        ------
        SourceMissing
            If no sample was drawn.
        """
        path = self.folder / KEY
        if not path.is_file():
            raise SourceMissing(
                "manca {file}, l'elenco del campione: lo scrive bgest sample, insieme ai fogli",
                file=f"data/{FOLDER}/{KEY}",
            )
        return pd.read_csv(path, dtype="str", keep_default_na=False)

    def read(self, files: Sequence[Path], third: Path | None = None) -> pd.DataFrame:
        """Return what the coders gave, in the columns of ``doppia_codifica``.

        Raises
        ------
        SourceError
            If a workbook is not there, is not of this sample, has codes off the lists, or was
            not filled in.
        UsageError
            If the two workbooks are one.
        """
        _refuse_one(files)
        listed = self.sample()
        cases = listed[ITEM].tolist()
        made = listed
        for number, path in enumerate((*files, *([third] if third else [])), start=1):
            found = read_coding_workbook(path, cases, whole=path is not third)
            _refuse_blank(path, found)
            names = {name: f"{name}_{number}" for name in VARIABLES}
            made = made.merge(found.rename(columns=names), on=ITEM, how="left")
        columns = find_table("doppia_codifica").columns
        made = made.assign(interventi_strato=made["interventi_strato"].astype("Int64"))
        typed = made.reindex(columns=[c.name for c in columns])
        return typed.astype({c.name: c.dtype for c in columns})

    def write_disputed(self, disputed: pd.DataFrame, log: pd.DataFrame) -> Path | None:
        """Write the blind workbook of what two coders dispute; ``None`` when nothing is.

        One already filled in is left as it is.
        """
        cases = self.sample()
        wanted = cases[cases["intervento_id"].isin(disputed["intervento_id"])]
        path = self.folder / DISPUTED
        if wanted.empty:
            return None
        if not (path.is_file() and self._filled(path)):
            rows = wanted[[ITEM, "intervento_id"]].merge(log, on="intervento_id")
            write_coding_workbook(path, rows, "una terza persona", self.warning)
        return path


def _refuse_one(files: Sequence[Path]) -> None:
    for path in files:
        if not path.is_file():
            raise SourceMissing("non trovo il file {file}", file=path.name)
    if len({path.read_bytes() for path in files}) < len(files):
        raise UsageError(
            "i due fogli sono lo stesso file: servono quelli di due persone, compilati da soli"
        )


def _refuse_blank(path: Path, found: pd.DataFrame) -> None:
    if not found[list(VARIABLES)].notna().any(axis=None):
        raise SourceError(
            "{file}: nessun caso è codificato; servono i fogli compilati di due persone",
            file=path.name,
        )
