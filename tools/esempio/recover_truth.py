"""Are the planted effects found again? Many synthetic studies end to end, against their truth.

Run as ``python -m tools.esempio.recover_truth RESULTS.csv --draws 200`` (some hour): each study
is written, cleaned and estimated in a folder of its own, and its estimates are added to the file;
stopped and run again, it goes on where it was. ``--table`` prints what the file holds.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pandas as pd

from tools.esempio.recover_draw import Found, one_draw

FIRST_SEED = 10_001
NORMAL = 1.959964
COLUMNS = ("seme", *(field.name for field in fields(Found)))


def run(results: Path, draws: int, scale: float) -> None:
    """Add the studies that are not yet in the file."""
    done = set(read(results)["seme"]) if results.exists() else set()
    for seed in range(FIRST_SEED, FIRST_SEED + draws):
        if seed in done:
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = one_draw(Path(folder) / "studio", seed, scale)
        rows = pd.DataFrame([{"seme": seed, **asdict(one)} for one in found], columns=list(COLUMNS))
        rows.to_csv(results, mode="a", header=not results.exists(), index=False)


def read(results: Path) -> pd.DataFrame:
    """Return the estimates in a file of results."""
    return pd.read_csv(results)


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return, by effect, truth, mean estimate, bias with its Monte Carlo interval, coverage.

    ``studi`` are those in which the effect could be estimated. The interval of the bias is
    normal, 95%, of the mean over studies; so is that of the coverage.
    """
    known = rows[rows["stima"].notna()].assign(errore=lambda r: r["stima"] - r["verita"])
    has = known["basso"].notna() & known["alto"].notna()
    inside = (known["basso"] <= known["verita"]) & (known["verita"] <= known["alto"])
    known = known.assign(coperto=inside.astype("float64").where(has))
    groups = known.groupby("effetto", sort=False)
    table = groups.agg(
        studi=("stima", "size"),
        verita=("verita", "mean"),
        media=("stima", "mean"),
        distorsione=("errore", "mean"),
        deviazione=("errore", "std"),
        copertura=("coperto", "mean"),
        con_intervallo=("coperto", "count"),
    )
    half = NORMAL * table["deviazione"] / np.sqrt(table["studi"])
    return table.assign(
        basso=table["distorsione"] - half, alto=table["distorsione"] + half
    ).reset_index()


def as_markdown(table: pd.DataFrame) -> str:
    """Return the summary as the table of the documentation page."""
    lines = [
        "| effetto | studi | verità | media | distorsione [95% Monte Carlo] | copertura |",
        "|---|---:|---:|---:|---|---:|",
    ]
    for row in table.to_dict("records"):
        cover = "" if np.isnan(row["copertura"]) else f"{row['copertura']:.1%}"
        bias = f"{row['distorsione']:+.3f} [{row['basso']:+.3f}, {row['alto']:+.3f}]"
        numbers = f"{row['studi']} | {row['verita']:.3f} | {row['media']:.3f}"
        lines.append(f"| {row['effetto']} | {numbers} | {bias} | {cover} |")
    return "\n".join(lines)


def main() -> None:
    """Run the studies, or print the table of those that were run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--table", action="store_true")
    asked = parser.parse_args()
    if not asked.table:
        run(asked.results, asked.draws, asked.scale)
    print(as_markdown(summary(read(asked.results))))


if __name__ == "__main__":
    main()
