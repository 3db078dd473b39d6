"""Build the documentation site into ``build/sito``; a warning is an error.

Usage: ``python -m tools.docs.make_site``, then open ``build/sito/index.html``. What Sphinx keeps
between two builds stands in ``build/sphinx``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx.cmd.build import main as sphinx

from tools.docs import make_reference

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "build" / "sito"


def main() -> int:
    """Write the reference, then the site; return Sphinx's exit code."""
    make_reference.main()
    kept = ROOT / "build" / "sphinx"
    return sphinx(
        ["-W", "--keep-going", "-q", "-b", "html", "-d", str(kept), str(ROOT / "docs"), str(SITE)]
    )


if __name__ == "__main__":
    sys.exit(main())
