"""The environment variables of every process that computes: one thread, fixed hashes, no habits.

Set before the interpreter starts, because that is when they are read. A user's own IPython,
Jupyter and matplotlib settings stay out: results do not depend on whose machine it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bgest_analysis.engine.files import write_whole

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"
EPOCH_1980 = "315532800"  # the first day a zip file can name
SEED = "BGEST_SEED"

FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "",  # compiled once, not by each process
    "PYTHONSAFEPATH": "1",  # a random.py in the study is not the library's
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "MPLBACKEND": INLINE_BACKEND,
    "SOURCE_DATE_EPOCH": EPOCH_1980,
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "JUPYTER_PLATFORM_DIRS": "1",
    "JUPYTER_NO_CONFIG": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "TQDM_DISABLE": "1",
}
DROPPED = frozenset({"PYTEST_CURRENT_TEST"})  # ipykernel behaves otherwise when it sees it
MATPLOTLIBRC = "svg.hashsalt: bgest\n"


def fixed_environment(base: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the environment for a computing process.

    Parameters
    ----------
    base
        The environment it would have had.
    folder
        Where empty settings folders may stand (made by ``prepare_folder``).
    """
    own = {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
        "MATPLOTLIBRC": str(folder / "matplotlibrc"),
    }
    kept = {name: value for name, value in base.items() if name not in DROPPED}
    return {**kept, **FIXED, **own}


def prepare_folder(folder: Path) -> None:
    """Make the settings folder: nothing but a salt for the ids in SVG files."""
    (folder / "ipython").mkdir(parents=True, exist_ok=True)
    (folder / "jupyter").mkdir(parents=True, exist_ok=True)
    file = folder / "matplotlibrc"
    if not file.is_file() or file.read_text(encoding="utf-8") != MATPLOTLIBRC:
        write_whole(file, MATPLOTLIBRC)
