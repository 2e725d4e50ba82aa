from nof1.trial.strays import stray_days
from nof1.trial.tables.table import DataTable

WEEKS = range(100, 156)


def strays(*days, dated=True, people=None):
    """Return the days that are called strays."""
    table = DataTable(name="t", header=("when",), rows=())
    numbered = dict(enumerate(days, start=2))
    faults = stray_days(table, 0, numbered, people or dict.fromkeys(numbered, "p"), dated=dated)
    return [numbered[int(fault.where.split("row ")[1].split(",")[0])] for fault in faults]


def test_a_day_in_another_year_among_the_others_is_a_stray():
    assert strays(*WEEKS, 120 + 365) == [485]
    assert strays(120 - 731, *WEEKS) == [-611]
    assert strays(*WEEKS, 120 + 365, 121 + 365) == [485, 486]


def test_a_pause_or_a_later_visit_is_none():
    assert strays(*WEEKS, *(day + 300 for day in WEEKS)) == []  # a long pause
    assert strays(*WEEKS, *(day + 365 for day in WEEKS)) == []  # the same again next year
    assert strays(*WEEKS, 156 + 200) == []  # half a year later
    assert strays(*WEEKS, 120 + 365, dated=False) == []  # a study day has no year


def test_years_away_is_always_one():
    assert strays(*WEEKS, 3_000_000, dated=False) == [3_000_000]
    assert strays(-400_000, *WEEKS) == [-400_000]
    assert strays(*WEEKS, *(day + 1500 for day in range(100, 150))) == list(range(1600, 1650))


def test_every_person_is_looked_at_alone():
    days = (*WEEKS, *(day + 3000 for day in WEEKS))
    people = {row: "ab"[row >= 58] for row in range(2, 2 + len(days))}
    assert strays(*days, people=people) == []
    assert strays(1, 400) == []
