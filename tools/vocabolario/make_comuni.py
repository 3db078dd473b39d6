"""Write the lists of comuni of ``src/bgest_analysis/vocabulary/``.

Usage: ``python -m tools.vocabolario.make_comuni --from FOLDER``

The folder holds ISTAT's list of comuni and of mergers as compiled tables; trailing blanks
in names are trimmed here.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

VOCABULARY = Path(__file__).resolve().parents[2] / "src" / "bgest_analysis" / "vocabulary"


def read_table(path: Path) -> pd.DataFrame:
    """Every cell as text without blanks around it."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table.apply(lambda column: column.str.strip())


def comuni(facts: Path) -> pd.DataFrame:
    """One row per comune of Lombardy, list of December 2024."""
    table = read_table(facts / "comuni_lombardia.csv")
    named = table.rename(columns={"codice_comune_istat": "cod_istat", "comune": "nome"})
    columns = ["cod_istat", "nome", "cod_provincia", "codice_catastale"]
    return named[columns].sort_values("cod_istat")


def variazioni(facts: Path) -> pd.DataFrame:
    """One row per abolished comune and successor, oldest first."""
    table = read_table(facts / "variazioni_comuni_lombardia.csv")
    named = table.rename(
        columns={"comune_soppresso": "nome_soppresso", "comune_nuovo": "nome_nuovo"}
    )
    columns = [
        "cod_istat_soppresso",
        "nome_soppresso",
        "data_evento",
        "cod_istat_nuovo",
        "nome_nuovo",
    ]
    return named[columns].sort_values(["data_evento", "cod_istat_soppresso"])


def main() -> None:
    """Write both lists."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="facts", type=Path, required=True)
    facts = parser.parse_args().facts
    for name, table in (
        ("comuni_lombardia", comuni(facts)),
        ("variazioni_comuni", variazioni(facts)),
    ):
        table.to_csv(VOCABULARY / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
