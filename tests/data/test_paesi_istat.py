"""Every name in ISTAT's export by country is a country we know, or an area we know."""

from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from bgest_analysis.vocabulary.load import load_aggregati, load_paesi

LINES_BEFORE_THE_TABLE = 8


@pytest.mark.shared_data
def test_every_citizenship_of_the_export_is_known(shared_data_dir: Path) -> None:
    workbook = CalamineWorkbook.from_path(str(shared_data_dir / "istat" / "POPSTRCIT1_1.xlsx"))
    rows = workbook.get_sheet_by_name("A IT FJAN 2023").to_python(skip_empty_area=False)
    names = {str(row[0]).strip() for row in rows[LINES_BEFORE_THE_TABLE:] if str(row[0]).strip()}
    countries = pd.Series(sorted(names - load_aggregati()))
    found = load_paesi().match(countries)
    assert len(countries) > 190
    assert countries[found["codice"].isna()].tolist() == []
    assert found["codice"].is_unique
