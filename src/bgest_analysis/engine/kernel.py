"""``python -m bgest_analysis.engine.kernel -f FILE``: ipykernel, seeded and bound to its parent."""

from __future__ import annotations

import os
from typing import Any

from ipykernel.kernelapp import IPKernelApp

from bgest_analysis.engine.context import reseed
from bgest_analysis.engine.environment import SEED
from bgest_analysis.engine.orphans import die_with_parent


def main() -> None:
    """Start the kernel."""
    die_with_parent()
    app: Any = IPKernelApp.instance()
    app.initialize()
    reseed(int(os.environ.get(SEED, "0")))  # last: starting up draws random numbers
    app.start()


if __name__ == "__main__":
    main()
