"""Codes that have room in a table, and the key to those that were cut."""

from __future__ import annotations

import pytest

from nof1.pooling.result.conduct import PersonExcluded
from nof1.reports.pooled.codes import ROOM, cut_codes, key_table, short_codes
from nof1.reports.pooled.conduct import excluded_section
from nof1.reports.pooled.persons import persons_section
from nof1.reports.pooled.report_input import pooled_report_input
from nof1.reports.terminal.pooled import pool_lines
from support.pooled_fits import changed, fit

HEX = [f"{number:032x}"[::-1] for number in (0x58449A89, 0x9B670645, 0x58440001)]


def test_codes_with_room_stay_as_they_are():
    assert short_codes(["p01", "Ann B."]) == {"Ann B.": "Ann B.", "p01": "p01"}


def test_random_codes_are_cut_to_what_tells_them_apart():
    found = short_codes(HEX)
    assert set(found) == set(HEX)
    lengths = {len(short) for short in found.values()}
    assert len(lengths) == 1
    assert max(lengths) <= ROOM
    assert all(code.startswith(short) for code, short in found.items())
    assert len(set(found.values())) == 3


def test_codes_that_begin_alike_are_numbered():
    codes = [f"participant-{number:04}" for number in (7, 3, 12)]
    assert short_codes(codes) == {
        "participant-0003": "no. 1",
        "participant-0007": "no. 2",
        "participant-0012": "no. 3",
    }

    assert cut_codes(codes) == {code: code for code in codes}


def test_the_terminal_cuts_codes_and_says_so():
    given = fit()
    people = tuple(
        one.model_copy(update={"person": f"{place * 7919 + 4096:x}".ljust(32, "e")})
        for place, one in enumerate(given.persons)
    )
    lines = list(pool_lines(changed(given, persons=people)))
    assert "    Codes are cut to what tells them apart; --json has them whole" in lines
    assert not any(people[0].person in line for line in lines)
    assert not any("Codes are cut" in line for line in pool_lines(given))


@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_key_has_everybody_once(n):
    whole = {f"s{number}": f"the-whole-code-{number}" for number in range(n)}
    table = key_table(list(whole), whole)
    cells = [cell for row in table.rows for cell in row if cell]
    assert sorted(cells) == sorted([*whole, *whole.values()])
    assert key_table(["a"], {"a": "a"}) is None


def test_very_long_codes_have_a_line_of_their_own():
    table = key_table(["a", "b"], {"a": "a" * 80, "b": "b" * 80})
    assert table.rows == (("a", "a" * 80), ("b", "b" * 80))


def test_a_report_of_random_codes_has_short_ones_and_their_key():
    given = fit()
    people = tuple(
        one.model_copy(update={"person": f"{place * 7919 + 4096:x}".ljust(32, "e")})
        for place, one in enumerate(given.persons)
    )
    gone = (PersonExcluded(person="f" * 32, why="moved away"),)
    told = pooled_report_input(changed(given, persons=people, excluded=gone))
    codes = {one.person for one in people}
    assert set(told.whole.values()) == codes | {"f" * 32}
    *_, table, key = persons_section(told).elements
    assert max(len(row[0]) for row in table.rows) <= ROOM
    assert codes <= {cell for row in key.rows for cell in row}
    left, second = excluded_section(told).elements
    assert left.rows == ((told.short("f" * 32), "moved away"),)
    assert "f" * 32 in second.rows[0]
