"""A command that is killed while it writes."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest


def killed_at(monkeypatch: pytest.MonkeyPatch, stop: int, command: Callable[[], object]) -> None:
    """Do a command and end it when its file number ``stop`` (from 0) would be put in its place."""
    placed: list[object] = []
    replace = os.replace

    def die(old: str, new: str) -> None:
        if len(placed) == stop:
            raise KeyboardInterrupt
        placed.append(new)
        replace(old, new)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            command()
