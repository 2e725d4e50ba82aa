"""English: what was taken for granted of a table from elsewhere: rows, arms, periods, scales."""

from __future__ import annotations

from collections.abc import Sequence

from nof1.words.numbers import counted

# --- Rows ----------------------------------------------------------------------------------------


def taken_as_missing(*, codes: Sequence[tuple[str, int]]) -> str:
    shown = ", ".join(f"{code} ({'once' if n == 1 else f'{n} times'})" for code, n in codes)
    return f"Taken as missing, as asked: {shown}."


def filled_down(*, rows: int) -> str:
    return f"Filled down, as asked: the treatment of {counted(rows, 'row')}."


def skipped_rows(*, rows: int, what: str, first: int) -> str:
    return f"Skipped: {counted(rows, 'row')} without {what}, the first row {first}."


def words_as_numbers(*, numbers: Sequence[tuple[str, float]]) -> str:
    shown = ", ".join(f"{word} {number:g}" for word, number in numbers)
    return f"Words were taken as scores, as asked: {shown}."


def daily_mean(*, days: int) -> str:
    have = "has" if days == 1 else "have"
    return (
        f"{counted(days, 'day')} {have} several scores of one outcome: their mean was taken, as"
        " asked."
    )


def day_one(*, lowest: int) -> str:
    return f"Day {lowest} of the table is counted as day 1."


def days_against_dates(*, days: str, dates: str, row: int, by_date: int, by_day: int) -> str:
    return (
        f"Days are counted by {days}; by {dates}, row {row} is day {by_date}, not {by_day}."
        f" --columns date={dates} counts by date."
    )


def names_numbered(*, column: str, names: Sequence[str], more: bool) -> str:
    shown = ", ".join(names) + (", and so on" if more else "")
    return f"{column} has names ({shown}): they were numbered."


def weeks_counted(*, column: str) -> str:
    return f"{column} counts weeks: a score was taken as of the last day of its week."


def days_go_on(*, column: str, days: int, lacking: int) -> str:
    return (
        f"{column} starts again from period to period: the periods were put one after the other, "
        f"{days} days each, fewer where the rows end earlier by more than {lacking}."
    )


def absent_rows(*, days: int, arms: Sequence[tuple[str, int]]) -> str:
    shown = ", ".join(f"{arm} {n}" for arm, n in arms)
    have = "has" if days == 1 else "have"
    return (
        f"{counted(days, 'day')} {have} no row where the others have one ({shown}): counted as"
        " missing scores."
    )


def left_out(*, persons: Sequence[tuple[str, str]]) -> str:
    named = ", ".join(f"{person} ({why or 'on request'})" for person, why in persons)
    return f"Left out: {named}."


# --- Arms ----------------------------------------------------------------------------------------


def comparator_guessed(*, arm: str) -> str:
    return f"{arm} was taken as the comparator; --comparator NAME says otherwise."


def not_reported(*, arms: Sequence[str]) -> str:
    return (
        f"Not reported, as --active asks: {', '.join(arms)}. What it left behind is in the "
        "model all the same."
    )


def on_no_arm(*, labels: Sequence[str]) -> str:
    return f"On no arm: rows called {', '.join(labels)}."


def blank_on_no_arm(*, rows: int) -> str:
    return f"On no arm, as asked: {rows} rows without a treatment."


def never_on(*, arms: Sequence[str]) -> str:
    return f"Never on {', '.join(arms)}: no answer about it."


def baseline_as_run_in(*, label: str) -> str:
    return (
        f"{label} comes before all other treatments and was taken as a run-in, not as an arm; "
        f"--comparator {label} says otherwise."
    )


def treatment_from_beside(*, rows: Sequence[int], more: bool, n: int, what: str) -> str:
    was = "was" if n == 1 else "were"
    return (
        f"{counted(n, 'row')} without a treatment {was} given that of the same {what}: row"
        f" {', '.join(map(str, rows))}{', ...' if more else ''}."
    )


def other_taken(*, days: int, arms: Sequence[tuple[str, int]]) -> str:
    shown = ", ".join(f"{arm} {n}" for arm, n in arms)
    return (
        f"Another treatment was taken than assigned on {counted(days, 'day')}"
        f" ({shown}): periods are compared as assigned, and what acted is modelled as taken."
    )


def adjusted_on_request(*, covariates: Sequence[str]) -> str:
    return (
        f"Adjusted for on request: {', '.join(covariates)}. Whoever asks declares that the"
        " treatment cannot change it; adjusting for what it can change, such as sleep, takes part"
        " of the effect away."
    )


# --- Scores --------------------------------------------------------------------------------------


def scale_doubted(
    *,
    low: float,
    high: float,
    outcome: str,
    score: float,
    row: int,
    others: tuple[float, float],
) -> str:
    least, most = others
    return (
        f"The scale {low:g} to {high:g} rests on one score alone, {outcome} {score:g} "
        f"in row {row}; all others lie from {least:g} to {most:g}. Correct it, or "
        "give the --scale LOW:HIGH."
    )


def scale_guessed(*, outcome: str, low: float, high: float, lowest: float, highest: float) -> str:
    return (
        f"The scale of {outcome} was taken as {low:g} to {high:g}, as its scores go from "
        f"{lowest:g} to {highest:g}; --scale LOW:HIGH says otherwise."
    )


def lower_guessed() -> str:
    return "Lower scores were taken as better; --better higher says otherwise."


def scores_apart(*, days: float) -> str:
    return (
        f"Scores come every {days:g} days and were taken to speak of their own day alone; "
        "--recall DAYS says otherwise."
    )


def of_the_day_before() -> str:
    return (
        "Scores were taken to speak of the day before their own, as asked; treatments are those"
        " of the day itself."
    )


def maybe_of_the_night(*, outcomes: Sequence[str]) -> str:
    return (
        f"{', '.join(outcomes)} may speak of the night before its date, as trackers and morning"
        " forms date sleep by the day of waking. If so, and the treatment is that of the date"
        " itself, add --score-day before; --score-day own says that score and treatment go"
        " together."
    )


# --- Periods and cycles --------------------------------------------------------------------------


def no_cycles() -> str:
    return "The periods do not fall into cycles with every arm once: no paired differences."


def cycles_found(*, cycles: int, over: Sequence[int]) -> str:
    said = (
        "Cycles were worked out: periods in a row in which every arm occurs once make a cycle "
        f"({cycles} found)."
    )
    return f"{said} In no complete cycle: period {', '.join(map(str, over))}." if over else said


def period_for_each_row() -> str:
    return "Every row is a period of its own, as --allocation says."


def periods_found(*, periods: int) -> str:
    return (
        f"Periods were worked out: days in a row on one treatment make a period ({periods} found)."
    )


def periods_as_asked(*, days: int, periods: int) -> str:
    return f"Periods were taken to last {days} days each, as --period-days says ({periods} found)."


def periods_by_cycles(*, days: int, periods: int) -> str:
    return (
        f"Periods were taken to last {_days(days)} each ({periods} found): with no other "
        "length does every cycle have every arm once. --period-days says otherwise."
    )


def absent_period(*, period: int, arm: str) -> str:
    return (
        f"Period {period} has no row; the other of its cycle tells that it was on {arm}. It counts"
        " as a period without a score."
    )


def equal_periods(*, days: int, first: int) -> str:
    return (
        f"Periods were taken to last {days} days each, from day {first} on: all rows lie in them."
        f" {days_without_a_row()}"
    )


def days_without_a_row() -> str:
    return (
        "Days of a period without a row were taken as days on its treatment; --gaps off says "
        "that they were not."
    )


def begun_before_rows(*, days: int) -> str:
    return (
        f"Rows do not come every day: periods were taken to begin up to {_days(days)} before"
        " theirs."
    )


def days_before_a_switch(*, days: Sequence[tuple[int, int]]) -> str:
    return f"Days without a row before a switch belong to the period before: {_spans(days)}."


def days_between(*, days: Sequence[tuple[int, int]]) -> str:
    return f"Days without a row between periods count as on no arm: {_spans(days)}."


def first_before_rows(*, day: int) -> str:
    return f"The first period began before the first row: its day 1 is day {day} here."


def _days(n: int) -> str:
    return "a day" if n == 1 else f"{n} days"


def _spans(days: Sequence[tuple[int, int]]) -> str:
    return ", ".join(
        f"day {first}" if first == last else f"days {first} to {last}" for first, last in days
    )
