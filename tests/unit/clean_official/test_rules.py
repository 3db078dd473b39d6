import string

import pytest

from bgest_analysis.clean.official.rules import ALL, BY_CODE, UNREMARKABLE
from bgest_analysis.problems.record import Rule


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_each_rule_says_what_and_how_to_mend(rule: Rule) -> None:
    fields = {
        name
        for text in (rule.what, rule.remedy)
        for _, name, _, _ in string.Formatter().parse(text)
        if name
    }

    assert fields <= {"valore", "colonna"}
    assert rule.what.strip()
    assert rule.remedy.strip()
    assert BY_CODE[rule.code] is rule


def test_codes_are_unique_and_the_silent_ones_exist() -> None:
    assert len(BY_CODE) == len(ALL) > 30
    assert set(BY_CODE) >= UNREMARKABLE
