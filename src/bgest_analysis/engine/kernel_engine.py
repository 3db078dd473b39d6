"""The oracle: papermill's own engine on a real Jupyter kernel of this interpreter."""

from __future__ import annotations

import sys
from typing import Any

import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from papermill.engines import NBClientEngine

from bgest_analysis.engine.context import current_job
from bgest_analysis.engine.environment import FIXED, SEED

KERNEL_ARGV = [sys.executable, "-m", "bgest_analysis.engine.kernel", "-f", "{connection_file}"]


class ThisInterpreter(KernelSpecManager):
    """Knows one kernel, whatever it is called: ours, in the running interpreter."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        env = {**FIXED, SEED: str(current_job().seed)}
        return KernelSpec(
            argv=KERNEL_ARGV,
            display_name=kernel_name,
            language="python",
            env=env,
            metadata={"supported_encryption": ["curve"]},
        )


class OwnKernelManager(AsyncKernelManager):
    """Starts kernels of ``ThisInterpreter`` only."""

    def _kernel_spec_manager_default(self) -> KernelSpecManager:
        return ThisInterpreter()

    def _transport_encryption_default(self) -> str:
        """Keep what cells show from others on this machine, where ZeroMQ can."""
        return "auto" if zmq.has("curve") else "disabled"


class KernelEngine(NBClientEngine):  # type: ignore[misc]
    """nbclient and ipykernel as they come, but for the kernel's environment."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, keep: list[Any] | None = None, **kwargs: Any
    ) -> Any:
        """Run the cells; ``keep`` receives the notebook even when a cell fails."""
        if keep is not None:
            keep.append(nb_man.nb)
        return super().execute_managed_notebook(
            nb_man,
            kernel_name,
            record_timing=False,
            kernel_manager_class=OwnKernelManager,
            **kwargs,
        )
