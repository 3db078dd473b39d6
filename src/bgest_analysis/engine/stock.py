"""The names under which papermill finds our engines.

Papermill imports registered engines while it is itself being imported, so this module imports
neither papermill nor them: an engine is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import Any


class LateEngine:
    """Stands for a papermill engine class that is imported on first use."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(getattr(importlib.import_module(self._module), self._name), attribute)


StockEngine = LateEngine("bgest_analysis.engine.kernel_engine", "KernelEngine")
InProcessEngine = LateEngine("bgest_analysis.engine.inprocess", "InProcessEngine")
