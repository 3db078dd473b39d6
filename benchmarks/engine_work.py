"""The fixed work of the engine's benchmarks: ten notebooks, seven districts, invented rows.

Each notebook reads the district's CSV (20,000 rows), cleans and groups it, fits one model, draws
two figures and shows two tables: about half a second of cells after its imports.

    python benchmarks/engine_work.py        # writes benchmarks/notebooks again
"""

from __future__ import annotations

from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
from engine_pairs import DISTRICTS, MODELS

NOTEBOOKS = Path(__file__).parent / "notebooks"
ROWS = 20_000
IMPORTS = (
    "from pathlib import Path\nimport matplotlib.pyplot as plt\nimport numpy as np\n"
    "import pandas as pd\nimport seaborn as sns\nimport statsmodels.api as sm\n"
    "import statsmodels.formula.api as smf"
)


def make_notebook(model: str) -> nbformat.NotebookNode:
    """Return a benchmark notebook."""
    code = (
        'distretto: str = "D0"\ncartella: str = "."',
        IMPORTS,
        "righe = pd.read_csv(Path(cartella) / f'{distretto}.csv')\nrighe.head()",
        "righe = righe.dropna().assign(eta=lambda t: t.eta.clip(18, 90))\n"
        "campione = righe.sample(3000, random_state=1)\nlen(righe), len(campione)",
        "per_comune = righe.groupby(['comune', 'servizio']).ore.agg(['count', 'mean', 'median'])\n"
        "per_comune.unstack().head(12)",
        f"esito = {MODELS[model]}\nesito.params.round(6)",
        "sns.boxplot(righe, x='servizio', y='ore')\nplt.title(distretto);",
        "sns.histplot(campione, x='eta', hue='servizio', bins=30);",
        "print(f'{distretto}: {righe.ore.sum():.1f} ore')",
    )
    cells = [
        nbformat.v4.new_code_cell(source, id=f"{model}-{place}")
        for place, source in enumerate(code)
    ]
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def write_notebooks(folder: Path = NOTEBOOKS) -> list[Path]:
    """Write the ten notebooks and return their files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for model in MODELS:
        files.append(folder / f"{model}.ipynb")
        files[-1].write_text(nbformat.writes(make_notebook(model)) + "\n", encoding="utf-8")
    return files


def write_data(folder: Path) -> None:
    """Write the districts' invented rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed, name in enumerate(DISTRICTS):
        draw = np.random.default_rng(seed)
        frame = pd.DataFrame(
            {
                "comune": draw.integers(0, 15, ROWS),
                "servizio": draw.choice(["scuola", "sanita", "sociale", "tutela"], ROWS),
                "eta": draw.normal(40, 15, ROWS).round(),
                "ore": draw.gamma(2.0, 1.5, ROWS).round(2) + 0.1,
                "incontri": draw.poisson(3, ROWS),
                "autonomo": draw.integers(0, 2, ROWS),
            }
        )
        frame.loc[draw.random(ROWS) < 0.02, "eta"] = np.nan
        frame.to_csv(folder / f"{name}.csv", index=False)


if __name__ == "__main__":
    write_notebooks()
