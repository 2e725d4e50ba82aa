"""A pooled analysis as its report tells it: read from its file, ranked, with its words."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from nof1.errors import Fault, InputError
from nof1.pooling.result.pooled_fit import SCHEMA, Person, PooledFit
from nof1.protocol.reading import read_bytes
from nof1.reports.pooled.codes import short_codes
from nof1.words import pooled_answer
from nof1.words.amounts import Amounts
from nof1.words.numbers import percent

_MEND = "Give what `nof1 pool FILES --json` writes."
_AGAIN = "It may be of another version of nof1, or changed by hand: run `nof1 pool` again."
#: Larger than any amount, count or number of degrees of freedom.
LARGEST = 1e15
#: Characters of a text: of a name that stands in figures and tables, and of any other, a caution of
#: a few sentences for instance.
LONGEST_NAME, LONGEST_TEXT = 200, 4000
_NAMES = ("unit", "outcome", "active", "comparator", "person", "name", "level", "reference")
#: Bytes of a file: 100,000 persons take a third of it.
MOST_BYTES = 100_000_000
#: Faulty fields that are shown one by one.
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledReportInput:
    """Everything the report of a pooled analysis rests on.

    Attributes
    ----------
    fit : PooledFit
        The pooled answer.
    amounts : Amounts
        How its amounts are said.
    ranked : tuple of Person
        The persons who tell of the main contrast, the best first by the shrunken effect, under
        their short codes.
    whole : mapping of str to str
        Whole codes by short ones, of everybody named.
    naive_sd : float
        SD of their effects by the own scores alone, in points.
    """

    fit: PooledFit
    amounts: Amounts
    ranked: tuple[Person, ...]
    naive_sd: float
    whole: Mapping[str, str]

    @property
    def compared(self) -> str:
        """Return ``magnesium against placebo``."""
        return pooled_answer.against(active=self.active, comparator=self.comparator)

    @property
    def measured(self) -> str:
        """Return what the exact posterior is about."""
        return pooled_answer.MEASURED[self.fit.bayes.estimand]

    @property
    def active(self) -> str:
        """Return the id of the active arm."""
        return self.fit.contrast.active

    @property
    def comparator(self) -> str:
        """Return the id of the comparator."""
        return self.fit.contrast.comparator

    @property
    def n(self) -> int:
        """Return how many persons tell of the main contrast."""
        return len(self.ranked)

    @property
    def level(self) -> str:
        """Return the level of all intervals, like ``95 %``."""
        return percent(self.fit.bayes.ci_level)

    @property
    def size(self) -> str:
        """Return the smallest difference that matters; empty when nobody named it."""
        return "" if self.fit.mcid is None else self.amounts.size(self.fit.mcid)

    def short(self, code: str) -> str:
        """Return the short code of a person."""
        return next(brief for brief, whole in self.whole.items() if whole == code)

    def place(self, share: float) -> int:
        """Return the place, from 0 on, of the last person of this share, the best first."""
        return max(0, math.ceil(share * self.n) - 1)


def pooled_report_input(fit: PooledFit) -> PooledReportInput:
    """Return a pooled answer ready to be told."""
    sign = 1.0 if fit.better == "lower" else -1.0
    naive = [person.naive for person in fit.persons]
    short = short_codes(
        [person.person for person in fit.persons] + [person.person for person in fit.excluded]
    )
    ranked = sorted(fit.persons, key=lambda person: (sign * person.shrunken, person.person))
    return PooledReportInput(
        fit=fit,
        amounts=Amounts.on_scale(fit.scale.high - fit.scale.low, unit=fit.unit, better=fit.better),
        ranked=tuple(
            person.model_copy(update={"person": short[person.person]}) for person in ranked
        ),
        naive_sd=statistics.stdev(naive) if len(naive) > 1 else 0.0,
        whole={brief: code for code, brief in short.items()},
    )


def read_pooled(path: Path) -> PooledFit:
    """Return the pooled analysis of a file.

    Raises
    ------
    InputError
        If it cannot be read or is no pooled analysis: where, what, and how to mend it.
    """
    data = read_bytes(path, mend=_MEND, most=MOST_BYTES)
    try:
        content = json.loads(data.decode())
    except UnicodeDecodeError as error:
        raise InputError(Fault(str(path), "cannot be read: it is not UTF-8", _MEND)) from error
    except RecursionError as error:
        raise InputError(Fault(str(path), "is nested too deeply", _MEND)) from error
    except ValueError as error:
        raise InputError(Fault(str(path), "is not JSON", _MEND)) from error
    schema = content.get("schema") if isinstance(content, dict) else None
    if schema != SCHEMA:
        named = f" but {schema}" if schema else ""
        what = f"is no pooled analysis ({SCHEMA}){named}"
        raise InputError(Fault(str(path), what, _MEND))
    if beyond := [
        (place, why) for place, value in _leaves(content) if (why := _beyond(place, value))
    ]:
        raise InputError(
            Fault(f"{path}: {place}", f"no pooled analysis has a {why}", _AGAIN)
            for place, why in beyond[:_SHOWN]
        )
    try:
        fit = PooledFit.model_validate(content)
    except ValidationError as error:
        raise InputError(
            Fault(f"{path}: {'.'.join(map(str, detail['loc']))}", _plainly(detail), _AGAIN)
            for detail in error.errors(include_url=False)[:_SHOWN]
        ) from error
    if not fit.persons:
        what = "has no person who tells of the main contrast"
        raise InputError(Fault(f"{path}: persons", what, _AGAIN))
    if len(fit.persons) > fit.n_persons:
        what = f"are {len(fit.persons)}, more than n_persons {fit.n_persons}"
        raise InputError(Fault(f"{path}: persons", what, _AGAIN))
    return fit


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value of a JSON value that holds no others, and where it stands."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for name, leaf in pairs:
            yield from _leaves(leaf, f"{place}.{name}" if place else str(name))
    else:
        yield place, value


def _beyond(place: str, value: Any) -> str | None:
    """Return what a number or a text is beyond all that is pooled, or None."""
    if isinstance(value, int | float) and abs(value) > LARGEST:
        return "number as large"
    longest = LONGEST_NAME if place.rpartition(".")[2] in _NAMES else LONGEST_TEXT
    if isinstance(value, str) and len(value) > longest:
        return f"text of {len(value):,} characters there"
    return None


def _plainly(detail: ErrorDetails) -> str:
    known = {"missing": "is missing", "extra_forbidden": "is not a key of a pooled analysis"}
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    return known.get(detail["type"], f"{detail['input']!r:.40} is not what belongs there")
