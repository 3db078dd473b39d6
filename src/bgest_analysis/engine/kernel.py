"""``python -m bgest_analysis.engine.kernel -f FILE``: ipykernel, seeded and bound to its parent."""

from __future__ import annotations

import os
from typing import Any

from ipykernel.kernelapp import IPKernelApp

from bgest_analysis.engine.context import reseed
from bgest_analysis.engine.environment import SEED
from bgest_analysis.engine.orphans import die_with_parent


def seed_before_first_cell(shell: Any, seed: int) -> None:
    """Seed the global random state when the first cell comes: starting up draws from it."""

    def seed_once(info: Any) -> None:
        shell.events.unregister("pre_run_cell", seed_once)
        reseed(seed)

    shell.events.register("pre_run_cell", seed_once)


def main() -> None:
    """Start the kernel."""
    die_with_parent()
    app: Any = IPKernelApp.instance()
    app.ignore_cwd = True
    app.initialize()
    seed_before_first_cell(app.shell, int(os.environ.get(SEED, "0")))
    app.start()


if __name__ == "__main__":
    main()
