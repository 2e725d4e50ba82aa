import math

import pytest

from nof1.errors import ScoresError
from nof1.scales import (
    IRLS,
    IRLS_SUBSCALES,
    NRS,
    Scale,
    irls_band,
    score_irls,
)

HALVES = Scale(name="numeric", low=20, high=80, step=0.5, better="higher")
TENTHS = Scale(name="numeric", low=0.1, high=1.7, step=0.1, better="lower")
ANY = Scale(name="numeric", low=-5, high=5, step=0, better="lower")


@pytest.mark.parametrize(
    ("scale", "score"),
    [(IRLS, 0), (IRLS, 40), (NRS, 7), (HALVES, 20.5), (HALVES, 80), (TENTHS, 0.3), (TENTHS, 1.7),
     (ANY, math.pi)],
)  # fmt: skip
def test_scores_on_the_scale(scale, score):
    assert scale.fault_of(score) is None


def test_every_tenth_is_a_step_though_binary_numbers_are_not_exact():
    assert [TENTHS.fault_of(k / 10) for k in range(1, 18)] == [None] * 17


@pytest.mark.parametrize(
    ("scale", "score", "fault"),
    [
        (IRLS, -1, "-1 is off the scale 0 to 40"),
        (IRLS, 41, "41 is off the scale 0 to 40"),
        (NRS, 10.5, "10.5 is off the scale 0 to 10"),
        (NRS, math.nan, "nan is off the scale 0 to 10"),
        (NRS, math.inf, "inf is off the scale 0 to 10"),
        (NRS, 2.5, "2.5 is not a whole step of 1 from 0"),
        (HALVES, 20.3, "20.3 is not a whole step of 0.5 from 20"),
        (HALVES, 79.999, "79.999 is not a whole step of 0.5 from 20"),
    ],
)
def test_scores_off_the_scale_or_between_steps(scale, score, fault):
    assert scale.fault_of(score) == fault


def test_the_span_is_the_distance_between_the_ends():
    assert (IRLS.span, NRS.span, HALVES.span) == (40, 10, 60)


# ---- ten items ------------------------------------------------------------------------------

ITEMS = [4, 3, 0, 2, 1, 3, 4, 2, 1, 0]


def test_the_total_is_the_sum_and_subscales_leave_out_item_3():
    scored = score_irls(ITEMS)
    assert scored.total == 20
    assert not scored.prorated
    assert scored.subscales == {"symptoms": 4 + 3 + 2 + 3 + 4 + 2, "impact": 1 + 1 + 0}
    assert sorted(IRLS_SUBSCALES["symptoms"] + IRLS_SUBSCALES["impact"]) == [
        1, 2, 4, 5, 6, 7, 8, 9, 10,
    ]  # fmt: skip


def test_the_ends():
    assert score_irls([0] * 10).total == 0
    assert score_irls([4] * 10).total == 40


def test_a_missing_item_makes_the_total_missing():
    scored = score_irls([None, *ITEMS[1:]])
    assert scored.total is None
    assert scored.subscales == {"symptoms": None, "impact": 2}


@pytest.mark.parametrize(("others", "total"), [(9 * [4], 40), (9 * [0], 0), ([1] * 9, 10),
                                               ([2, 1, 1, 1, 1, 1, 1, 1, 0], 10),
                                               ([2, 2, 2, 1, 1, 1, 1, 1, 1], 13)])  # fmt: skip
def test_one_missing_item_may_count_as_the_mean_of_the_others(others, total):
    scored = score_irls([*others[:2], None, *others[2:]], prorate=True)
    assert scored.total == total
    assert scored.prorated


def test_a_prorated_total_is_rounded_to_a_whole_one():
    others = [4, 4, 4, 4, 4, 4, 3, 0, 0]  # 27 of nine: 30 of ten exactly
    assert score_irls([*others, None], prorate=True).total == 30
    others = [4, 4, 4, 4, 4, 2, 0, 0, 0]  # 22 of nine: 24.4 of ten
    assert score_irls([*others, None], prorate=True).total == 24


def test_two_missing_items_are_never_made_up():
    scored = score_irls([None, None, *ITEMS[2:]], prorate=True)
    assert scored.total is None
    assert not scored.prorated


def test_a_complete_score_is_not_flagged_as_prorated():
    assert not score_irls(ITEMS, prorate=True).prorated


def test_every_wrong_item_is_named():
    with pytest.raises(ScoresError) as error:
        score_irls([5, -1, *ITEMS[2:]])
    assert [str(fault) for fault in error.value.faults] == [
        "item 1: 5 is off the scale 0 to 4. Write 0, 1, 2, 3 or 4.",
        "item 2: -1 is off the scale 0 to 4. Write 0, 1, 2, 3 or 4.",
    ]


@pytest.mark.parametrize("n", [0, 9, 11])
def test_there_are_ten_items(n):
    with pytest.raises(ScoresError, match=f"{n} items given"):
        score_irls([1] * n)


@pytest.mark.parametrize(
    ("total", "band"),
    [(0, "none"), (1, "mild"), (10, "mild"), (11, "moderate"), (20, "moderate"), (21, "severe"),
     (30, "severe"), (31, "very severe"), (40, "very severe")],
)  # fmt: skip
def test_severity_bands(total, band):
    assert irls_band(total) == band
