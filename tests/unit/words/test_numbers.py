"""One wording for one number."""

from __future__ import annotations

import pytest

from nof1.words.numbers import (
    capitalised,
    clock_text,
    counted,
    decimals,
    freedom,
    level_text,
    listed,
    number_text,
    numbered,
    of_hundred,
    p_figure,
    p_value,
    percent,
    plural,
    runs,
    say_of_hundred,
    severity,
    signed,
    signed_interval,
    split_of_hundred,
    threshold_text,
    with_unit,
    yes_or_no,
)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0 %"),
        (0.0001, "under 1 %"),
        (0.00499, "under 1 %"),
        (0.005, "under 1 %"),
        (0.00501, "1 %"),
        (0.864, "86 %"),
        (0.99499, "99 %"),
        (0.995, "over 99 %"),
        (0.99501, "over 99 %"),
        (0.9999, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(share, said):
    assert percent(share) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0.0 %"),
        (0.00049, "under 0.1 %"),
        (0.0005, "under 0.1 %"),
        (0.00051, "0.1 %"),
        (0.8642, "86.4 %"),
        (0.99949, "99.9 %"),
        (0.9995, "over 99.9 %"),
        (0.99951, "over 99.9 %"),
        (1.0, "100.0 %"),
    ],
)
def test_a_share_with_a_decimal_keeps_its_bounds_there(share, said):
    assert percent(share, digits=1) == said


@pytest.mark.parametrize(
    ("share", "said"), [(0.8, "80 %"), (0.725, "72.5 %"), (0.9975, "99.75 %"), (0.999, "99.9 %")]
)
def test_a_threshold_is_said_with_every_decimal_it_has(share, said):
    assert threshold_text(share) == said


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (0.95, "95 %"),
        (0.875, "87.5 %"),
        (0.96875, "96.9 %"),
        (0.9999, "over 99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_what_an_interval_holds(held, said):
    assert level_text(held) == said


@pytest.mark.parametrize(
    ("p", "figure", "said"),
    [
        (0.0004, "< 0.001", "p < 0.001"),
        (0.001, "0.001", "p = 0.001"),
        (0.0234, "0.023", "p = 0.023"),
        (0.125, "0.125", "p = 0.125"),
        (1.0, "1.000", "p = 1.000"),
    ],
)
def test_p_values(p, figure, said):
    assert (p_figure(p), p_value(p)) == (figure, said)


@pytest.mark.parametrize(
    ("chance", "icons", "said"),
    [
        (0.0, 1, "fewer than 1"),
        (0.004, 1, "fewer than 1"),
        (0.006, 1, "1"),
        (0.864, 86, "86"),
        (0.994, 99, "99"),
        (0.996, 99, "more than 99"),
        (1.0, 99, "more than 99"),
    ],
)
def test_icons_never_show_none_or_all(chance, icons, said):
    assert of_hundred(chance) == icons
    assert say_of_hundred(chance) == said


def test_icons_of_several_chances_sum_to_a_hundred():
    assert split_of_hundred([0.334, 0.333, 0.333]) == (34, 33, 33)


def test_points_keep_their_sign_and_the_decimals_of_their_scale():
    assert [decimals(span) for span in (1, 10, 40, 100, 1000, 20_000)] == [3, 2, 2, 1, 0, 0]
    assert (signed(-1.254, 2), signed(0.0, 1)) == ("-1.25", "+0.0")
    assert signed_interval(-2.5, 0.1, 2) == "-2.50 to +0.10"
    assert (freedom(3.0), freedom(12.44)) == ("3", "12.4")


def test_an_amount_as_it_was_given():
    assert (with_unit(1, "points"), with_unit(2.5, "days")) == ("1 point", "2.5 days")
    assert (number_text(200 / 3), number_text(3e-5), number_text(300.0)) == (
        "66.67", "0.00003", "300",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "many"),
    [("day", "days"), ("patch", "patches"), ("guess", "guesses"), ("entry", "entries")],
)
def test_more_than_one(name, many):
    assert plural(name) == many
    assert (counted(1, name), counted(1000, name)) == (f"1 {name}", f"1,000 {many}")


def test_lists():
    assert [listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip
    assert (numbered("period", [3]), numbered("period", [1, 2, 4])) == (
        "period 3", "periods 1, 2 and 4",
    )  # fmt: skip
    assert runs([1, 3, 4, 5, 9]) == "1, 3 to 5, 9"


def test_small_words():
    assert (yes_or_no(True), yes_or_no(False)) == ("yes", "no")
    assert [severity(n) for n in range(4)] == ["none", "mild", "moderate", "severe"]
    assert [clock_text(one) for one in ("08:00", "12:00", "20:30", "00:15")] == [
        "08:00 (8 am)", "12:00 (noon)", "20:30 (8:30 pm)", "00:15 (12:15 am)",
    ]  # fmt: skip
    assert capitalised("no caffeine after noon") == "No caffeine after noon"
