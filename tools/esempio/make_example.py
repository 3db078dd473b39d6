"""Write again the small synthetic study of the folder ``example``, which travels in git.

Run as ``python tools/esempio/make_example.py``: the default scale and seed; a test checks that what
is in git is what this gives.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from bgest_analysis.example.write import write_example

EXAMPLE = Path(__file__).resolve().parents[2] / "example"
MADE = ("study.toml", "truth.json", "studio", "data/raw")


def main() -> None:
    """Replace what the generator makes; a run's own tables and documents stay."""
    fresh = EXAMPLE.with_name("example.new")
    shutil.rmtree(fresh, ignore_errors=True)
    truth = write_example(fresh)
    for name in MADE:
        old = EXAMPLE / name
        shutil.rmtree(old, ignore_errors=True)
        old.unlink(missing_ok=True)
        old.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(fresh / name, old)
    shutil.rmtree(fresh)
    rows = truth.osservato["righe"]
    print(f"{EXAMPLE.name}: {rows['interventi']} interventi, {rows['incontri']} incontri")


if __name__ == "__main__":
    main()
