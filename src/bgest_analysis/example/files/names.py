"""How files name the places and bodies of the study, and in what other ways."""

from __future__ import annotations

from bgest_analysis.example.files.spoil import text_forms
from bgest_analysis.example.world import World


def ambito_names(world: World) -> dict[str, str]:
    """Return code of an Ambito -> name."""
    places = world.territorio
    return dict(zip(places.ambito_ids, places.ambiti["nome"].tolist(), strict=True))


def ambito_forms(world: World) -> dict[str, tuple[str, ...]]:
    """Return name of an Ambito -> other ways of writing it, all known to the study."""
    named = ambito_names(world).items()
    return {name: text_forms(name, (code, f"Esempio {code[2:]}")) for code, name in named}


def body_names(world: World) -> dict[str, str]:
    """Return code of a body -> name."""
    return dict(zip(world.enti["ente_id"].tolist(), world.enti["nome"].tolist(), strict=True))


def body_forms(world: World) -> dict[str, tuple[str, ...]]:
    """Return name of a body -> other ways of writing it, all known to the study."""
    rows = zip(world.enti["nome"].tolist(), world.enti["alias"].tolist(), strict=True)
    return {name: text_forms(name, tuple(filter(None, alias.split("|")))) for name, alias in rows}
