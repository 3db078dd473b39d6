"""What the machine is, as far as results may depend on it."""

from __future__ import annotations

import platform
import sys

import numpy as np
from threadpoolctl import threadpool_info  # type: ignore[import-untyped]


def machine_facts() -> dict[str, str]:
    """Return system, architecture, C library, Python and the BLAS kernel in use."""
    return {
        "sistema": platform.system(),
        "architettura": platform.machine(),
        "libc": " ".join(platform.libc_ver()).strip(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "blas": blas_kernel(),
        "byte": sys.byteorder,
    }


def blas_kernel() -> str:
    """Return library, version and processor kernel of the BLAS that numpy uses."""
    np.zeros((1, 1)) @ np.zeros((1, 1))  # so that the library is loaded
    libraries = [item for item in threadpool_info() if item["user_api"] == "blas"]
    # scipy brings one of its own, loaded or not as it happens: numpy's is the one that counts
    found = [item for item in libraries if "numpy" in item["filepath"]] or libraries
    names = {
        f"{item['internal_api']} {item['version']} {item.get('architecture', '')}".strip()
        for item in found
    }
    return ", ".join(sorted(names))
