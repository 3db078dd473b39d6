"""``bgest example DIR``: the synthetic study, with its truth in ``truth.json``."""

from __future__ import annotations

import argparse

from bgest_analysis.cli.main import message_language
from bgest_analysis.errors import DONE
from bgest_analysis.example.write import write_example
from bgest_analysis.text.messages import T


def execute(options: argparse.Namespace) -> int:
    """Write a synthetic study into an empty folder."""
    write_example(options.folder, options.scale, options.seed)
    message = T(
        "studio sintetico in {folder}; la sua verità è in truth.json; poi bgest run --study "
        "{folder}",
        folder=str(options.folder),
    )
    print(message.render(message_language(options)))
    return DONE
