"""Wild cluster bootstrap: ours against pyfixest and wildboottest, in turn, ratios printed.

The peers live in an environment of their own (`pip install pyfixest wildboottest`); give its
interpreter with --peer. Without it only our own times are printed. Every round runs the three
sides one after the other; the medians of the rounds are compared. Compilation of the peers
(numba) is paid before the clock starts. BLAS has one thread on every side, as in the product.

    python benchmarks/bench_inference.py --peer /path/to/env/bin/python
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np

DESIGNS = {
    "G=7, 2.100 righe, 9.999 estrazioni": (7, 300, 9999),
    "G=14, 14.000 righe, 9.999 estrazioni": (14, 1000, 9999),
    "G=30, 30.000 righe, 9.999 estrazioni": (30, 1000, 9999),
}
ROUNDS = 3
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def make_study(groups: int, persons: int) -> dict[str, np.ndarray]:
    """Return an invented study: outcome, covariate, treatment of whole clusters."""
    generator = np.random.default_rng([groups, persons])
    cluster = np.repeat(np.arange(groups), persons)
    d = (cluster < groups // 2).astype(float)
    x = generator.standard_normal(cluster.size)
    y = 0.2 * d + 0.3 * x + 0.3 * generator.standard_normal(groups)[cluster]
    return {"y": y + generator.standard_normal(cluster.size), "x": x, "d": d, "c": cluster}


def run_ours(study: dict[str, np.ndarray], draws: int) -> float:
    """Return the p-value of our bootstrap (enumerated up to 18 clusters)."""
    from bgest_analysis.stats.wildboot import wild_cluster_bootstrap

    design = np.column_stack([np.ones(study["y"].size), study["x"], study["d"]])
    return wild_cluster_bootstrap(
        study["y"], design, study["c"], draws=draws, rng=1, interval=False
    ).p_value


def run_pyfixest(study: dict[str, np.ndarray], draws: int) -> float:
    """Return pyfixest's p-value."""
    import pandas as pd
    import pyfixest

    fit = pyfixest.feols("y ~ x + d", data=pd.DataFrame(study), vcov={"CRV1": "c"})
    return float(fit.wildboottest(param="d", reps=draws, cluster="c", seed=1)["Pr(>|t|)"])


def run_wildboottest(study: dict[str, np.ndarray], draws: int) -> float:
    """Return wildboottest's p-value."""
    import pandas as pd
    import statsmodels.formula.api as smf
    from wildboottest.wildboottest import wildboottest

    model = smf.ols("y ~ x + d", data=pd.DataFrame(study))
    found = wildboottest(model, B=draws, cluster=study["c"], param="d", seed=1, show=False)
    return float(found["p-value"].iloc[0])


SIDES = {"noi": run_ours, "pyfixest": run_pyfixest, "wildboottest": run_wildboottest}


def time_once(side: str, name: str) -> dict[str, float]:
    """Return seconds and p-value of one call of `side`, imports and compilation paid before."""
    groups, persons, draws = DESIGNS[name]
    study = make_study(groups, persons)
    SIDES[side](make_study(20, 20), 99)
    start = time.perf_counter()
    p = SIDES[side](study, draws)
    return {"secondi": time.perf_counter() - start, "p": p}


def call(python: str, side: str, name: str) -> dict[str, float]:
    """Run `time_once` in a process of its own and return what it printed."""
    command = [python, __file__, "--one", side, name]
    environment = {**os.environ, **ONE_THREAD}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(peer: str | None) -> None:
    """Print medians and ratios for every design, both sides in turn."""
    sides = list(SIDES) if peer else ["noi"]
    for name in DESIGNS:
        rounds = [
            {side: call(sys.executable if side == "noi" else str(peer), side, name)
             for side in sides}
            for _ in range(ROUNDS)
        ]  # fmt: skip
        median = {side: statistics.median(one[side]["secondi"] for one in rounds) for side in sides}
        line = [f"{side} {median[side] * 1000:.1f} ms (p {rounds[0][side]['p']:.4f})"
                for side in sides]  # fmt: skip
        ratios = [f"{side}/noi {median[side] / median['noi']:.0f}" for side in sides[1:]]
        print(f"{name}: {'; '.join(line)}; {', '.join(ratios) or 'nessun confronto'}")


def main() -> None:
    """Read the options and compare, or time one side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", help="interpreter of the environment with the peers")
    parser.add_argument("--one", nargs=2, metavar=("SIDE", "DESIGN"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(time_once(*options.one)))
    else:
        compare(options.peer)


if __name__ == "__main__":
    main()
