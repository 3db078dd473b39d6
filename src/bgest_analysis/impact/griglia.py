"""The grid of declared choices: options, combinations, those that are impossible and why."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from bgest_analysis.stats.checks import FloatArray
from bgest_analysis.vocabulary.load import read_list

EVERY = "*"
EXCLUDED = "ambiti"  # the choice made by the study: each Ambito left out in turn
ALL_AMBITI = "tutti"


@dataclass(frozen=True)
class Grid:
    """All combinations of a figure's choices.

    Parameters
    ----------
    table
        One row a combination, one column a choice, possible ones only.
    impossible
        How many combinations are impossible.
    preferred
        The preferred option of each choice.
    """

    table: pd.DataFrame
    impossible: int
    preferred: dict[str, str]


def choices_of(figure: str) -> pd.DataFrame:
    """Return the declared options of a figure, those for all figures included."""
    every = read_list("scelte")
    return every[every["figura"].isin([figure, EVERY])].reset_index(drop=True)


def threshold_of(figure: str) -> float:
    """Return the declared value a figure's conclusion is judged against."""
    table = read_list("scelte_confronti").set_index("figura")
    return float(str(table.at[figure, "confronto"]))


def build_grid(figure: str, ambiti: tuple[str, ...]) -> Grid:
    """Return the combinations of a figure, each Ambito of the study left out in turn."""
    declared = choices_of(figure)
    options = {name: list(part["opzione"]) for name, part in declared.groupby("scelta", sort=False)}
    options[EXCLUDED] = [ALL_AMBITI, *ambiti]
    table = pd.DataFrame(list(product(*options.values())), columns=list(options))
    possible = ~_impossible(table, figure)
    chosen = declared[declared["preferita"] == "si"].set_index("scelta")["opzione"].to_dict()
    preferred = {str(k): str(v) for k, v in chosen.items()} | {EXCLUDED: ALL_AMBITI}
    return Grid(table[possible].reset_index(drop=True), int((~possible).sum()), preferred)


def _impossible(table: pd.DataFrame, figure: str) -> pd.Series:
    rules = read_list("scelte_impossibili")
    found = pd.Series(data=False, index=table.index)
    for rule in rules[rules["figura"] == figure].to_dict("records"):
        first = table[rule["scelta_a"]] == rule["opzione_a"]
        found |= first & (table[rule["scelta_b"]] == rule["opzione_b"])
    return found


def masks_of(
    table: pd.DataFrame, names: list[str], masks: dict[tuple[str, str], np.ndarray]
) -> tuple[FloatArray, np.ndarray]:
    """Return the distinct row selections of these choices (rows x selections) and whose they are.

    ``masks`` holds, for each (choice, option), which rows stay.
    """
    distinct = table[names].drop_duplicates()
    place = table.merge(distinct.reset_index(drop=True).reset_index(), on=names)["index"]
    columns = [
        np.logical_and.reduce([masks[str(name), str(option)] for name, option in row.items()])
        for row in distinct.to_dict("records")
    ]
    return np.column_stack(columns).astype(np.float64), place.to_numpy()
