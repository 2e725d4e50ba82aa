"""Numbers in words: one wording for one number, wherever it is printed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from nof1.words.language import Room

_WORDS = Room("numbers")


# --- Chances and shares --------------------------------------------------------------------------


def percent(share: float, *, digits: int = 0) -> str:
    """Return a chance or share in percent, never rounded to 0 or 100 when it is neither.

    Examples
    --------
    >>> percent(0.418), percent(0.9996), percent(1.0), percent(0.0004, digits=1)
    ('42 %', 'over 99 %', '100 %', 'under 0.1 %')
    """
    least = 10.0**-digits
    value = 100.0 * share
    if 0.0 < value <= least / 2:
        return f"{_WORDS.UNDER} {least:.{digits}f} %"
    if 100.0 - least / 2 <= value < 100.0:
        return f"{_WORDS.OVER} {100.0 - least:.{digits}f} %"
    return f"{value:.{digits}f} %"


def percents(low: float, high: float) -> str:
    """Return two shares as one span: ``56 to 67 %``."""
    return f"{percent(low).removesuffix(' %')} {_WORDS.TO} {percent(high)}"


def level_text(share: float) -> str:
    """Return how much an interval holds, with a decimal where it has one.

    Examples
    --------
    >>> level_text(0.95), level_text(0.96875)
    ('95 %', '96.9 %')
    """
    return percent(share, digits=1).replace(".0 %", " %")


def threshold_text(share: float) -> str:
    """Return a threshold in percent as it was fixed, with every decimal it has.

    Examples
    --------
    >>> threshold_text(0.8), threshold_text(0.975)
    ('80 %', '97.5 %')
    """
    return f"{100.0 * share:.10g} %"


def p_figure(p: float) -> str:
    """Return a p-value alone, as it stands in a column of them.

    Examples
    --------
    >>> p_figure(0.125), p_figure(0.0002)
    ('0.125', '< 0.001')
    """
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def p_value(p: float) -> str:
    """Return a p-value as it stands in a sentence.

    Examples
    --------
    >>> p_value(0.125), p_value(0.0002)
    ('p = 0.125', 'p < 0.001')
    """
    said = p_figure(p)
    return f"p {said}" if said.startswith("<") else f"p = {said}"


def freedom(df: float) -> str:
    """Return degrees of freedom: ``3``, ``12.4``."""
    return f"{df:.1f}".removesuffix(".0")


# --- Persons in a hundred ------------------------------------------------------------------------


def of_hundred(probability: float) -> int:
    """Return how many of 100 icons stand for a probability: never none and never all."""
    return min(99, max(1, round(100 * probability)))


def split_of_hundred(probabilities: Sequence[float]) -> tuple[int, ...]:
    """Return how many of 100 icons stand for each of several probabilities that sum to 1.

    Rounded down, with what is left given to the largest remainders.
    """
    counts = [math.floor(100 * probability) for probability in probabilities]
    remainders = [
        100 * probability - count for probability, count in zip(probabilities, counts, strict=True)
    ]
    largest = sorted(range(len(counts)), key=lambda place: -remainders[place])
    for place in largest[: 100 - sum(counts)]:
        counts[place] += 1
    return tuple(counts)


def say_of_hundred(probability: float) -> str:
    """Return ``86``, or ``fewer than 1`` and ``more than 99`` where rounding would mislead."""
    if 100 * probability < 0.5:
        return str(_WORDS.FEWER_THAN_ONE)
    if 100 * probability > 99.5:
        return str(_WORDS.MORE_THAN_99)
    return str(of_hundred(probability))


# --- Points --------------------------------------------------------------------------------------


def decimals(span: float) -> int:
    """Return the decimals of points where answers are compared: two for 10 to 100 points."""
    return max(0, 3 - math.floor(math.log10(span)))


def signed(value: float, digits: int) -> str:
    """Return a difference with its sign: ``-1.25``."""
    return f"{value:+.{digits}f}"


def signed_interval(low: float, high: float, digits: int) -> str:
    """Return an interval of differences: ``-2.50 to +0.10``."""
    return f"{signed(low, digits)} {_WORDS.TO} {signed(high, digits)}"


def with_unit(value: float, unit: str) -> str:
    """Return a number as it was given with its unit: ``3 points``, ``1 point``."""
    return f"{value:g} {_WORDS.singular(unit) if value == 1 else unit}"


def number_text(value: float) -> str:
    """Return a number with four digits that tell, without an exponent: ``66.67``, ``300``."""
    return f"{Decimal(f'{value:.4g}'):f}"


# --- Things --------------------------------------------------------------------------------------


def plural(name: str) -> str:
    """Return the name of more than one: ``capsules``, ``patches``."""
    return str(_WORDS.plural(name))


def counted(n: int, name: str) -> str:
    """Return things with their number.

    Examples
    --------
    >>> counted(1, "day"), counted(2, "patch"), counted(1000, "person")
    ('1 day', '2 patches', '1,000 persons')
    """
    return f"{n:,} {name if n == 1 else plural(name)}"


def listed(parts: Sequence[str]) -> str:
    """Return ``a, b and c``; nothing of nothing."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {_WORDS.AND} {parts[-1]}"


def numbered(name: str, numbers: Sequence[int]) -> str:
    """Return things by their numbers: ``period 3``, ``periods 3, 5 and 6``."""
    return f"{name if len(numbers) == 1 else plural(name)} {listed([str(n) for n in numbers])}"


def runs(numbers: Iterable[int]) -> str:
    """Return ascending numbers, those in a row as from and to: ``3, 5 to 8``."""
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and number == stretches[-1][-1] + 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    return ", ".join(
        f"{run[0]} {_WORDS.TO} {run[-1]}" if len(run) > 1 else str(run[0]) for run in stretches
    )


def yes_or_no(truth: bool) -> str:
    """Return a truth as it is answered."""
    return str(_WORDS.YES if truth else _WORDS.NO)


def truths() -> Mapping[str, float]:
    """Return what is written for yes and no in tables, in small letters, as 1 and 0."""
    return dict.fromkeys(_WORDS.WRITTEN_YES, 1.0) | dict.fromkeys(_WORDS.WRITTEN_NO, 0.0)


def severities() -> Mapping[str, int]:
    """Return how bad a side effect can be, by its word."""
    return {word: number for number, word in enumerate(_WORDS.SEVERITIES)}


def severity(number: int) -> str:
    """Return how bad a side effect was: 0 to 3."""
    return str(_WORDS.SEVERITIES[number])


def clock_text(clock: str) -> str:
    """Return a time for readers of both clocks: ``20:00 (8 pm)``."""
    if clock == "12:00":
        return f"{clock} ({_WORDS.NOON})"
    hours, minutes = (int(part) for part in clock.split(":"))
    twelve = (hours + 11) % 12 + 1
    tail = f":{minutes:02d}" if minutes else ""
    half = _WORDS.MORNING if hours < 12 else _WORDS.AFTERNOON
    return f"{clock} ({twelve}{tail} {half})"


def capitalised(text: str) -> str:
    """Return the text with a capital first letter, the others as they are."""
    return text[:1].upper() + text[1:]
