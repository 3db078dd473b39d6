"""``python -m bgest_analysis`` is ``bgest``."""

from bgest_analysis.cli.main import main

raise SystemExit(main())
