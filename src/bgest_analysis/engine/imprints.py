"""After a run: what the figures under the authors' texts are, kept in ``testi/impronte.json``.

An imprint is taken when a text is first printed, and again only when the text itself changes.
The file is an input of the documents that print the texts, so the caller runs these once more
when it was written: after that nothing is stale, and the next run gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bgest_analysis.engine.dossiers import executed_notebooks, read_blocks
from bgest_analysis.engine.files import write_json
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.words import (
    FOLDER,
    IMPRINTS,
    Words,
    find_words,
    imprint,
    is_of,
    read_imprints,
)
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import Workspace


def keep_imprints(workspace: Workspace, study: Study, jobs: Iterable[Job]) -> bool:
    """Write the imprints of texts that are new or were rewritten.

    Returns
    -------
    Whether the file changed: then the documents have to be made once more.
    """
    words = find_words(workspace, study.aree)
    old = read_imprints(workspace)
    executed = {
        job.settings["area"]: executed_notebooks(job) for job in jobs if job.step is Step.DOCUMENT
    }
    new = {item.name: _kept(item, old.get(item.name), executed) for item in words}
    new = {name: found for name, found in new.items() if found is not None}
    if new == old:
        return False
    write_json(workspace.root / FOLDER / IMPRINTS, new, indent=1)
    return True


def _kept(words: Words, old: Any, executed: Mapping[str, Mapping[str, Any]]) -> Any:
    """Return the imprint of a text: the one there is, or one taken of this run's blocks."""
    path = executed.get(words.area, {}).get(words.analisi)
    if is_of(old, words) or path is None:
        return old
    return imprint(words, read_blocks(path))
