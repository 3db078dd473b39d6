"""``bgest`` with one step that breaks while it holds everything the files say.

``python -m tests.lib.broken_run STEP arguments of bgest``
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import NoReturn

from bgest_analysis.cli.main import main

# Step -> the name under which the step is called while it works.
STEPS = {
    "pulizia": ("bgest_analysis.clean.project.tidy", "_finish"),
    "indicatore": ("bgest_analysis.indicators.fasi", "done"),
    "documento": ("bgest_analysis.engine.actions", "render_html"),
}


def fall(*arguments: object, **named: object) -> NoReturn:
    """Break with every raw file in the message."""
    texts = [p.read_bytes().decode("latin-1") for p in Path("data/raw").rglob("*.csv")]
    raise ValueError(arguments, named, "\n".join(texts))


if __name__ == "__main__":
    module, name = STEPS[sys.argv[1]]
    setattr(importlib.import_module(module), name, fall)
    sys.exit(main(sys.argv[2:]))
