"""``python -m bgest_analysis.engine.start zygote|child``: starts a computing process quickly.

nbformat imports jsonschema, which builds a grammar of international addresses (1.7 s, half of
the start) that no notebook's schema asks for. It is hidden while nbformat is imported, and there
again for whoever wants it afterwards.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SLOW = "rfc3987_syntax"


@contextmanager
def hidden(name: str) -> Iterator[None]:
    """Let a module look as if it were not installed, unless it is loaded already."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def main() -> None:
    """Load nbformat, then the process named by the first argument, and let it serve."""
    with hidden(SLOW):
        importlib.import_module("nbformat")
    importlib.import_module(f"bgest_analysis.engine.{sys.argv[1]}").main()


if __name__ == "__main__":
    main()
