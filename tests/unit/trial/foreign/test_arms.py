"""The comparator, the active arms, and what the order was drawn from."""

from __future__ import annotations

from pathlib import Path

import pytest

from nof1.design.cycled import PairsSet
from nof1.design.phases import PhasesSet
from nof1.design.sets import CompleteSet, ExplicitSet
from nof1.trial.foreign.arms import choose_arms
from nof1.words.caution import sentences
from support.foreign_tables import daily, faults_of, read_text, write


@pytest.mark.parametrize(
    ("labels", "arms"),
    [
        (["B", "A"], ("A", "B")),
        (["b", "a", "B"], ("a", "b")),
        (["magnesium", "Placebo"], ("Placebo", "magnesium")),
        (["melatonin", "control"], ("control", "melatonin")),
        (["on", "off"], ("off", "on")),
        (["1", "0"], ("0", "1")),
        (["bath", "usual", "walk"], ("usual", "bath", "walk")),
    ],
)
def test_a_comparator_is_known_by_its_name(labels: list[str], arms: tuple[str, ...]) -> None:
    assert choose_arms(labels, active=(), comparator=None) == (arms, [])


def test_the_comparator_is_the_arm_left_beside_the_active_ones() -> None:
    assert choose_arms(["x", "y"], active=("x",), comparator=None) == (("y", "x"), [])


def test_capitals_do_not_make_another_arm() -> None:
    labels = ["Placebo", "PLACEBO", "Magnesium"]
    assert choose_arms(labels, active=("MAGNESIUM",), comparator="placebo") == (
        ("Placebo", "Magnesium"),
        [],
    )


@pytest.mark.parametrize(
    ("labels", "active", "comparator", "messages"),
    [
        (
            ["x", "y"],
            (),
            None,
            [
                "treatment: nobody can tell which of x, y is the comparator. "
                "Say which with --comparator NAME."
            ],
        ),
        (
            ["placebo", "control", "x"],
            (),
            None,
            [
                "treatment: nobody can tell which of placebo, control, x is the comparator. "
                "Say which with --comparator NAME."
            ],
        ),
        (
            ["x", "y"],
            ("z",),
            "w",
            [
                "--active z: no row has this treatment. The treatments are x, y.",
                "--comparator w: no row has this treatment. The treatments are x, y.",
            ],
        ),
        (
            ["x", "y"],
            ("x",),
            "X",
            ["--active: x is the comparator and an active arm. Name another arm."],
        ),
        (["x"], (), None, ["treatment: all rows are on x. A comparison needs two treatments."]),
        ([], (), None, ["treatment: no row has a treatment. A comparison needs two treatments."]),
    ],
)
def test_arms_nobody_can_know(
    labels: list[str], active: tuple[str, ...], comparator: str | None, messages: list[str]
) -> None:
    arms, faults = choose_arms(labels, active=active, comparator=comparator)
    assert arms == ()
    assert [str(fault) for fault in faults] == messages


def test_complete_cycles_of_the_table_are_taken_as_pairs(tmp_path: Path) -> None:
    trial = read_text(tmp_path, daily("ABBA"))
    assert trial.allocation_set == PairsSet(2, 2)
    assert "--allocation none contradicts" in sentences(trial.notes)[-1]


def test_cycles_that_were_worked_out_prove_no_drawing(tmp_path: Path) -> None:
    assert read_text(tmp_path, daily("ABAB", given=False)).allocation_set is None


def test_a_table_with_an_incomplete_cycle_proves_no_drawing(tmp_path: Path) -> None:
    assert read_text(tmp_path, daily("ABA")).allocation_set is None


def test_the_order_as_the_user_says(tmp_path: Path) -> None:
    assert read_text(tmp_path, daily("ABBA"), allocation="none").allocation_set is None
    pairs = read_text(tmp_path, daily("ABAB", given=False), allocation="pairs")
    assert pairs.allocation_set == PairsSet(2, 2)
    complete = read_text(tmp_path, daily("AABB"), allocation="complete")
    assert complete.allocation_set == CompleteSet(2, 2)
    listed = write(tmp_path, "A B B A\n\nb, a, a, b\n", "orders.txt")
    explicit = read_text(tmp_path, daily("ABBA"), allocation=str(listed))
    assert explicit.allocation_set == ExplicitSet(((0, 1, 1, 0), (1, 0, 0, 1)))
    assert sentences(explicit.notes)[-1] == "The order was drawn from a list of 2 sequences."


@pytest.mark.parametrize(
    ("order", "allocation", "message"),
    [
        (
            "AABB",
            "pairs",
            "table.csv: a cycle holds A A, not every arm once. "
            "Write a period that never took place as a row with its treatment and an empty score; "
            "or use --allocation complete, none or a file.",
        ),
        (
            "ABA",
            "complete",
            "table.csv: the arms have not equally many periods (A 2, B 1). "
            "Write a period that never took place as a row with its treatment and an empty score; "
            "or use --allocation none or a file.",
        ),
    ],
)
def test_an_order_that_cannot_have_been_drawn_so(
    tmp_path: Path, order: str, allocation: str, message: str
) -> None:
    assert faults_of(tmp_path, daily(order), allocation=allocation) == [message]


@pytest.mark.parametrize(
    ("listed", "messages"),
    [
        (
            "A B A B\n",
            [
                "table.csv: the sequence A B B A is not in the list. "
                "Add it to the list, or use --allocation none."
            ],
        ),
        (
            "A B C A\nA B\nA B B A\nA B\n",
            [
                "orders.txt:1: c is no arm. Write the arms A, B, parted by blanks.",
                "orders.txt:3: 4 periods, but 2 in the first sequence. "
                "Give all sequences the same length.",
                "orders.txt:4: the sequence of line 2 again. List every sequence once.",
            ],
        ),
        ("\n", ["orders.txt: the file lists no sequence. Write one in each line."]),
    ],
)
def test_lists_of_sequences_that_will_not_do(
    tmp_path: Path, listed: str, messages: list[str]
) -> None:
    path = write(tmp_path, listed, "orders.txt")
    assert faults_of(tmp_path, daily("ABBA"), allocation=path) == messages


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    (message,) = faults_of(tmp_path, daily("ABBA"), allocation="pears")
    assert message == (
        "--allocation pears: there is no such file. "
        "Give pairs, complete, phases:N, daily:K, none or the path of a list of sequences."
    )


def test_a_list_of_sequences_may_have_any_encoding_of_a_spreadsheet(tmp_path: Path) -> None:
    listed = tmp_path / "orders.txt"
    table = daily("ABBA").replace("A", "käse")
    for encoding in ("utf-8", "utf-16", "cp1252"):
        listed.write_bytes("käse B B käse\nB käse käse B".encode(encoding))
        trial = read_text(tmp_path, table, comparator="käse", allocation=listed)
        assert trial.allocation_set == ExplicitSet(((0, 1, 1, 0), (1, 0, 0, 1)))


def phase_table(phases: str, *, missing: int | None = None, gap: int | None = None) -> str:
    """Return a table with a score on every day of the phases, for instance ``AAABBB``."""
    rows = [
        f"{day},{arm},{'' if day == missing else day % 7}"
        for day, arm in enumerate(phases, start=1)
        if day != gap
    ]
    return "\n".join(["day,treatment,score", *rows])


def test_change_points_are_drawn_over_the_days_with_rows(tmp_path: Path) -> None:
    table = phase_table("AAAAABBBBAAAABBBBB", missing=3, gap=8)
    trial = read_text(tmp_path, table, allocation="phases:3")
    days = tuple(day for day in range(1, 19) if day != 8)
    assert trial.allocation_set == PhasesSet(phases=(0, 1, 0, 1), days=days, least=3)
    assert "at least 3 occasions in every phase" in " ".join(sentences(trial.notes))


@pytest.mark.parametrize(
    ("phases", "allocation", "message"),
    [
        (
            "AAAABBAAAABBBB",
            "phases:4",
            "table.csv: phase 2 has 2 days with rows, fewer than 4. "
            "Give the least length that the draw really allowed.",
        ),
        (
            "AAAABBBBCCCC",
            "phases:4",
            "table.csv: phases alternate between two arms, not 3. "
            "List the sequences in a file, or use --allocation none.",
        ),
        (
            "AAAABBBB",
            "phases:x",
            "--allocation phases:x: 'x' is not the length of a phase. "
            "Write the fewest scores that the draw left in a phase, for instance phases:4.",
        ),
        (
            "AAAABBBB",
            "phases:0",
            "--allocation phases:0: '0' is not the length of a phase. "
            "Write the fewest scores that the draw left in a phase, for instance phases:4.",
        ),
    ],
)
def test_phases_that_cannot_have_been_drawn_so(
    tmp_path: Path, phases: str, allocation: str, message: str
) -> None:
    table = phase_table(phases)
    assert faults_of(tmp_path, table, comparator="A", allocation=allocation) == [message]


def test_phases_of_one_arm_in_a_row_are_one_phase_only_if_so_numbered(tmp_path: Path) -> None:
    rows = [
        f"{day},{arm},{period},5"
        for day, (arm, period) in enumerate(
            [("A", 1)] * 4 + [("A", 2)] * 4 + [("B", 3)] * 4, start=1
        )
    ]
    table = "\n".join(["day,treatment,period,score", *rows])
    assert faults_of(tmp_path, table, comparator="A", allocation="phases:4") == [
        "table.csv: the phases A A B do not alternate. "
        "Give phases of one arm in a row the same period, or use --allocation none."
    ]
