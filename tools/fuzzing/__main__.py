"""``python -m tools.fuzzing --minutes 30``: damaged files through the commands that read them.

Kept: one line of counts a kind, and for each fault the file, the command and what was printed.
``--only NUMBER`` repeats one case and prints what it says. POSIX only.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

# Before any numerical library is imported: a forked process must find one thread.
os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg"})

from tools.fuzzing.cases import Outcome, mutated, try_case, warm_up
from tools.fuzzing.seeds import Seed, find_seeds, make_study


@dataclass
class Counts:
    """What was tried of one kind."""

    cases: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    own_mb: float = 0.0
    reader_mb: float = 0.0

    def add(self, outcome: Outcome) -> None:
        self.cases += 1
        self.codes[outcome.code] += 1
        self.seconds = max(self.seconds, outcome.seconds)
        self.own_mb = max(self.own_mb, outcome.own_mb)
        self.reader_mb = max(self.reader_mb, outcome.reader_mb)


def choose(groups: list[list[Seed]], number: int, base: int) -> Seed:
    """Return the seed of a case: each group in turn, within it each kind as often."""
    group = groups[number % len(groups)]
    random = Random(f"{base}:{number}:seme")
    kind = random.choice(sorted({seed.kind for seed in group}))
    return random.choice([seed for seed in group if seed.kind == kind])


def main() -> int:
    """Try cases until the time is over; 1 if one of them found a fault."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzzing", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("build/fuzzing"))
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=2463)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    folder = options.folder.resolve()
    for name in ("XDG_CONFIG_HOME", "MPLCONFIGDIR"):
        os.environ[name] = str(folder / "config")
    make_study(folder, dict(os.environ))
    warm_up(folder / "studio")
    groups = find_seeds(folder)
    if options.only is not None:
        outcome = _try(groups, options.only, options.seed, folder)
        print(outcome.said, outcome, sep="\n")
        return 1 if outcome.faults else 0
    counts, faults = _loop(groups, options, folder)
    for kind, found in sorted(counts.items()):
        codes = dict(sorted(found.codes.items()))
        most = f"{found.seconds:.1f} s, +{found.own_mb:.0f} MB, lettore {found.reader_mb:.0f} MB"
        print(f"{kind}: {found.cases} casi, codici {codes}, al più {most}")
    print(f"casi {sum(c.cases for c in counts.values())}, guasti {sum(faults.values())}, "
          f"diversi {len(faults)}")  # fmt: skip
    for name, times in faults.most_common():
        print(f"  {times} x {name}")
    return 1 if faults else 0


def _try(groups: list[list[Seed]], number: int, base: int, folder: Path) -> Outcome:
    seed = choose(groups, number, base)
    return try_case(seed, number, base, folder / "studio", folder / "caso")


def _loop(
    groups: list[list[Seed]], options: argparse.Namespace, folder: Path
) -> tuple[dict[str, Counts], Counter[str]]:
    counts: dict[str, Counts] = {}
    faults: Counter[str] = Counter()
    number, end = options.first, time.monotonic() + options.minutes * 60
    while time.monotonic() < end:
        seed = choose(groups, number, options.seed)
        outcome = _try(groups, number, options.seed, folder)
        counts.setdefault(seed.kind, Counts()).add(outcome)
        for fault in outcome.faults:
            faults[fault] += 1
            if faults[fault] <= 3:
                _keep(seed, number, options.seed, outcome, folder / "guasti")
                print(f"{number} {seed.kind}: {fault}", flush=True)
        number += 1
    return counts, faults


def _keep(seed: Seed, number: int, base: int, outcome: Outcome, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    data, command = mutated(seed, number, base)
    (folder / f"{number}{Path(seed.place).suffix}").write_bytes(data)
    facts = {"file": seed.place, "comando": command, "guasti": outcome.faults}
    text = json.dumps(facts, ensure_ascii=False) + "\n" + outcome.said[-20_000:]
    (folder / f"{number}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
