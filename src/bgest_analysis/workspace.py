"""Where things are in a study's folder. Nothing is read, made or looked up at import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bgest_analysis.errors import UsageError

STUDY_FILE = "study.toml"
PACKAGE_DIR = Path(__file__).parent
DISTRETTO = "distretto"
MARKED = "CONTROLLATO"  # ends the name of a copy that goes back to its sender, and is no source


@dataclass(frozen=True)
class Workspace:
    """A study's folder.

    Parameters
    ----------
    root
        The folder that holds ``study.toml``.
    reports
        Where documents go; ``None`` for ``root/reports``.
    """

    root: Path
    reports_dir: Path | None = None

    @staticmethod
    def find(start: Path) -> Workspace:
        """Return the workspace of ``start`` or of its nearest parent with a ``study.toml``.

        Raises
        ------
        UsageError
            If there is none.
        """
        here = start.resolve()
        for folder in (here, *here.parents):
            if (folder / STUDY_FILE).is_file():
                return Workspace(folder)
        raise UsageError(
            "non trovo {name} in {start} né nelle cartelle che la contengono; "
            "spostarsi nella cartella dello studio oppure indicarla con --study",
            name=STUDY_FILE,
            start=str(start),
        )

    @property
    def study_file(self) -> Path:
        return self.root / STUDY_FILE

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed"

    @property
    def protected(self) -> Path:
        """Tables that notebooks may read: protected ``ind_`` tables and ``ris_`` results."""
        return self.processed / "protetti"

    def protected_table(self, name: str) -> Path:
        """Return the file of a protected ``ind_`` table."""
        return self.protected / "ind" / f"{name}.parquet"

    def results_table(self, name: str, area: str) -> Path:
        """Return the file of an analysis' ``ris_`` results for an area."""
        return self.protected / "ris" / area / f"{name}.parquet"

    def pictures(self, name: str, area: str, language: str) -> Path:
        """Return the file of the pictures of an analysis of an area, in a language."""
        return self.processed / "figure" / language / area / f"{name}.parquet"

    @property
    def state(self) -> Path:
        """Keys, timings and caches of past runs: never an input of a result."""
        return self.processed / ".stato"

    @property
    def reports(self) -> Path:
        return self.reports_dir or self.root / "reports"

    def notebook(self, name: str) -> Path:
        """Return a notebook's file: the study's own one, else the one that ships with us."""
        own = self.root / "notebooks" / f"{name}.ipynb"
        return own if own.is_file() else shipped_notebooks() / f"{name}.ipynb"

    def relative(self, path: Path) -> str:
        """Return a path as the user knows it: relative to the study, with forward slashes."""
        resolved = path.resolve()
        base = self.root.resolve()
        return resolved.relative_to(base).as_posix() if resolved.is_relative_to(base) else path.name


def shipped_notebooks() -> Path:
    """Return the folder of the notebooks that travel with the package."""
    installed = PACKAGE_DIR / "notebooks"
    return installed if installed.is_dir() else PACKAGE_DIR.parents[1] / "notebooks"
