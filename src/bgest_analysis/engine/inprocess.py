"""A papermill engine that runs the cells in the process it is called in.

That process is made for one job (forked, or fresh): it is never used for a second notebook, so
nothing leaks from one to the next. The shell is ipykernel's own, without ZeroMQ.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from typing import Any

from ipykernel import zmqshell
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from papermill.engines import Engine
from traitlets import Type
from traitlets.config import Config

from bgest_analysis.engine.capture import Capture
from bgest_analysis.engine.context import current_job, reseed
from bgest_analysis.engine.environment import INLINE_BACKEND

SKIP_TAG = "skip-execution"


class CellHook(DisplayHook):
    """Puts the value of a cell's last line among its outputs."""

    shell: Any

    def start_displayhook(self) -> None:
        self._bundle: tuple[Any, Any] = ({}, {})

    def write_output_prompt(self) -> None:
        self._number = self.prompt_count

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self._bundle = (format_dict, md_dict or {})

    def finish_displayhook(self) -> None:
        data, metadata = self._bundle
        if data:
            capture = self.shell.capture
            capture.show("execute_result", data, metadata, execution_count=self._number)


class CellPublisher(DisplayPublisher):
    """Puts what ``display`` is given among the cell's outputs."""

    shell: Any

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Mapping[str, Any] | None = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        display_id = (transient or {}).get("display_id")
        capture = self.shell.capture
        if update:
            capture.update(display_id, data, metadata)
            return
        item = capture.show("display_data", data, metadata)
        if display_id:
            capture.remember(display_id, item)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.capture.clear(wait)


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """ipykernel's shell; libraries tell a notebook from a terminal by the name of its class."""

    capture: Capture
    displayhook_class = Type(CellHook)  # type: ignore[assignment]
    display_pub_class = Type(CellPublisher)  # type: ignore[assignment]

    def init_history(self) -> None:
        self.history_manager = HistoryManager(shell=self, parent=self, enabled=False)

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.capture.error(etype.__name__, str(evalue), list(stb))

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no event loop to join."""

    def ask_exit(self) -> None:
        raise SystemExit(0)


def open_shell(capture: Capture) -> Any:
    """Return a new shell that shows into ``capture``, in place of any earlier one."""
    ZMQInteractiveShell.clear_instance()
    shell = ZMQInteractiveShell.instance(config=Config({"IPKernelApp": {"quiet": True}}))
    shell.capture = capture
    _join_inline_figures(shell)
    return shell


def close_shell() -> None:
    """Forget the shell."""
    ZMQInteractiveShell.clear_instance()


def _join_inline_figures(shell: Any) -> None:
    """Bind matplotlib's inline backend to this shell, if an earlier shell had loaded it.

    It keeps the shell it first met, once per process.
    """
    inline = sys.modules.get("matplotlib_inline.backend_inline")
    matplotlib = sys.modules.get("matplotlib")
    if inline is None or matplotlib is None:
        return
    if matplotlib.get_backend(auto_select=False) in ("inline", INLINE_BACKEND):
        inline.configure_inline_support.current_backend = "unset"
        inline.InlineBackend.clear_instance()
        inline.configure_inline_support(shell, "inline")


class InProcessEngine(Engine):  # type: ignore[misc]
    """Runs cells here, in one thread; the caller's process is spent afterwards."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, keep: list[Any] | None = None, **kwargs: Any
    ) -> None:
        """Run the cells; ``keep`` receives the notebook even when a cell fails."""
        if keep is not None:
            keep.append(nb_man.nb)
        capture = Capture()
        with capture.streams(), contextlib.closing(_OpenShell(capture)) as shell:
            reseed(current_job().seed)  # last: opening a shell may draw random numbers
            for index, cell in enumerate(nb_man.nb.cells):
                if not _run_cell(nb_man, shell.shell, capture, cell, index):
                    break


class _OpenShell:
    def __init__(self, capture: Capture) -> None:
        self.shell = open_shell(capture)

    def close(self) -> None:
        close_shell()


def _run_cell(nb_man: Any, shell: Any, capture: Capture, cell: Any, index: int) -> bool:
    """Run one cell and tell whether the next may follow."""
    nb_man.cell_start(cell, index)
    failed = False
    if _is_code(cell):
        cell.outputs = []
        capture.begin(cell.outputs)
        result = shell.run_cell(cell.source, store_history=True)
        capture.drain()
        cell.execution_count = result.execution_count
        failed = any(item.output_type == "error" for item in cell.outputs)
    if failed:
        nb_man.cell_exception(cell, cell_index=index)
    nb_man.cell_complete(cell, cell_index=index)
    return not failed


def _is_code(cell: Any) -> bool:
    if cell.cell_type != "code" or SKIP_TAG in cell.metadata.get("tags", []):
        return False
    return bool(cell.source.strip())
