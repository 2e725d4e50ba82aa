"""A period without any row, in a table whose other periods have one length."""

import pytest

from nof1.trial.foreign.writing import Writing
from support.foreign_tables import faults_of, read_text

#: Weeks on A B A A B B with a score a day; the fourth has no row, and no cycle tells its treatment.
WEEKS = "ABA-BB"
TABLE = "\n".join(
    ["day,treatment,score"]
    + [
        f"{day},{arm},{day % 7}"
        for week, arm in enumerate(WEEKS)
        for day in range(7 * week + 1, 7 * week + 8)
        if arm != "-"
    ]
)


@pytest.mark.parametrize(
    ("gaps", "spans"),
    [
        ("before", [(1, 7), (8, 14), (15, 28), (29, 35), (36, 42)]),
        ("after", [(1, 7), (8, 14), (15, 21), (22, 35), (36, 42)]),
        ("off", [(1, 7), (8, 14), (15, 21), (29, 35), (36, 42)]),
    ],
)
def test_its_days_were_spent_as_the_user_says(tmp_path, gaps, spans):
    read = read_text(tmp_path, TABLE, writing=Writing(period_days=7, gaps=gaps))
    assert [(period.first_day, period.last_day) for period in read.masked.periods] == spans
    assert read.arm_of_period == (0, 1, 0, 1, 1)


def test_without_a_word_on_them_they_are_asked_for(tmp_path):
    (fault,) = faults_of(tmp_path, TABLE, writing=Writing(period_days=7))
    assert "the table has no row for days 22 to 28, and no cycle tells the treatment" in fault
    assert "say --gaps before, after or off" in fault
