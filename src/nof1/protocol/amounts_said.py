"""Texts of a protocol that name another amount than its numbers give.

Looked at are the texts about what is taken in this trial; not the rationale, sources, thresholds of
eligibility or rules of safety, which may well speak of other amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nof1.errors import Fault
from nof1.protocol.doses import COMPOUNDS, MAGNESIUM_G_PER_MOL
from nof1.protocol.dosing import Dosing
from nof1.protocol.texts import Doses, Path, texts_of
from nof1.words.numbers import clock_text, listed, plural

_IN_ARM = ("id", "label", "plain", "contents", "card", "product", "form")
_ELSEWHERE = {
    ("name",), ("title",), ("question",), ("audience",),
    ("regimen", "action"), ("regimen", "missed"), ("regimen", "unit_name"), ("regimen", "pack"),
    ("blinding", "similarity"),
    ("estimand", "population"), ("estimand", "conditions"), ("estimand", "variable"),
    ("estimand", "summary"),
}  # fmt: skip
#: Of these, the texts that say when the doses are taken.
_OF_TIMES = (("regimen", "action"), ("estimand", "conditions"))

#: Amounts of one text that are said.
_SHOWN = 5

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
          "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
          "nineteen")  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = rf"(?:{'|'.join(_TENS)})(?:[\s-]+(?:{'|'.join(_WORDS[:9])})\b)?|{'|'.join(_WORDS[::-1])}"
_SPELLED = (
    rf"(?:(?:a|{'|'.join(_WORDS[:9])})\s+)?hundred\b(?:(?:\s+and)?[\s-]+(?:{_SMALL})\b)?|{_SMALL}"
)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_NUMBER = rf"(?<![\w.,])(?P<number>{_DIGITS}|{_SPELLED})"

#: Milligrams in one of a unit of mass, and of a unit of moles of the element.
_MASSES = {
    "mg": 1.0, "milligram": 1.0, "milligrams": 1.0, "g": 1000.0, "gram": 1000.0, "grams": 1000.0,
    "mcg": 0.001, "ug": 0.001, "µg": 0.001, "μg": 0.001, "microgram": 0.001, "micrograms": 0.001,
    "mmol": MAGNESIUM_G_PER_MOL, "millimole": MAGNESIUM_G_PER_MOL,
    "millimoles": MAGNESIUM_G_PER_MOL,
}  # fmt: skip
_MASS = re.compile(
    rf"{_NUMBER}[\s-]*(?P<unit>{'|'.join(sorted(_MASSES, key=len, reverse=True))})\b(?!\s*/\s*d?l)",
    re.IGNORECASE,
)
#: "Magnesium citrate 300", with nothing after it, and "mg-300" in a name.
_BARE = re.compile(
    rf"\b(?:magnesium|mg)(?:[ ,-]+(?:citrate|glycinate|{'|'.join(COMPOUNDS)}))?"
    rf"[ ,-]*(?P<number>(?>{_DIGITS}))\s*(?=$|[.,;:)](?!\d))",
    re.IGNORECASE,
)
#: What follows an amount of something else: "2 mg of vitamin B6".
_OF = re.compile(r"\s+of\s+(?:the\s+)?([\w-]+)", re.IGNORECASE)
_OURS = {"elemental", "element", "magnesium", "it", "this", "salt"} | {
    word for name in COMPOUNDS for word in name.split("-")
} | {"citrate", "glycinate"}  # fmt: skip

_UNIT_NAMES = ("capsule", "tablet", "pill", "sachet", "pump", "drop", "spoon", "spoonful", "scoop",
               "puff", "patch", "lozenge", "ampoule", "gummy", "unit", "cap", "tab")  # fmt: skip
#: Words that end the stretch between a number and what it counts.
_NO_ADJECTIVE = (
    "am|pm|a|an|the|of|at|in|on|to|for|from|or|and|with|by|per|each|every|than|times?|minutes?|"
    "hours?|days?|weeks?|months?|years?|nights?|people|persons?|points?|spare|" + "|".join(_MASSES)
)
_A_DAY = re.compile(r"[\w\s]{0,40}?\b(?:(?:a|per|each|every)\s+day|daily)\b|\s*/\s*d(?:ay)?\b")
_OF_ONE_UNIT = re.compile(
    r"[\w\s]{0,40}?\b(?:each\s*(?:$|[.,;)])|(?:in|per)\s+(?:each|one|a)?\s*UNIT)"
)

_CLOCK = re.compile(
    r"\bat\s+(?:about\s+)?(?P<time>(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?\s*(?P<half>am|pm)"
    r"|(?P<h24>\d{1,2}):(?P<m24>\d{2})|noon|midday|midnight)\b",
    re.IGNORECASE,
)
_OFTEN = re.compile(
    rf"\b(?:(?P<word>once|twice)|{_NUMBER}\s+times)\s+(?:(?:a|per|each|every)\s+day|daily)\b",
    re.IGNORECASE,
)


def amount_faults(data: Mapping[str, Any], doses: Doses) -> Iterator[tuple[Path, Fault]]:
    """Yield a fault for every text that names another amount than the numbers give.

    Parameters
    ----------
    data : mapping
        Tables of a protocol file, placeholders filled in.
    doses : Doses
        What the numbers give.
    """
    for path, text in texts_of(dict(data)):
        if not _is_about_the_trial(path):
            continue
        own = doses.of(path)
        asked = [doses.arms[own]] if own else list(doses.arms.values())
        said = [*_masses(text, asked, doses), *_units(text, asked)]
        if path in _OF_TIMES or (own and path[-1] in ("label", "contents", "card")):
            said += _times(text, asked)
        if said:
            yield path, _fault(said)


def unchecked_line(data: Mapping[str, Any]) -> str | None:
    """Return a sentence on amounts that no typed number can be held against; None without any.

    Only magnesium has a strength in a protocol: what a trial of something else says of its dose
    is what was written by hand.

    Parameters
    ----------
    data : mapping
        Tables of a protocol none of whose arms holds magnesium.
    """
    said = [
        f'{".".join(map(str, path))} says "{match[0]}"'
        for path, text in texts_of(dict(data))
        if _is_about_the_trial(path)
        for match in [_MASS.search(text)]
        if match is not None
    ]
    if not said:
        return None
    return (
        f"Not checked: {listed(said)}. Only magnesium has a typed strength; make sure by hand that "
        "all texts name the same dose."
    )


def _is_about_the_trial(path: Path) -> bool:
    if path[0] == "arms":
        return path[-1] in _IN_ARM
    if path[0] == "outcomes":
        return path[-1] in ("title", "question")
    return path in _ELSEWHERE


@dataclass(frozen=True, slots=True)
class _Said:
    """What a text says, what the numbers give instead, and the placeholder that says it."""

    words: str
    amount: str
    place: str


def _fault(said: list[_Said]) -> Fault:
    named = list(dict.fromkeys(f'"{passage.words}"' for passage in said))
    if len(named) > _SHOWN:
        named[_SHOWN:] = [f"{len(named) - _SHOWN} more"]
    words = listed(named)
    allowed = listed(list(dict.fromkeys(passage.amount for passage in said)))
    places = " or ".join(dict.fromkeys(passage.place for passage in said))
    mend = f"Write {places}, which is filled in, or mend the numbers."
    if any(passage.place.startswith("{dose}") for passage in said):
        mend += ' Of something else, write "of": "2 mg of vitamin B6".'
    return Fault("", f"says {words}, but the numbers give {allowed}", mend)


# --- Magnesium -----------------------------------------------------------------------------------


def _masses(text: str, asked: list[Dosing], doses: Doses) -> Iterator[_Said]:
    """Yield the amounts of magnesium that no number gives."""
    mine = [dosing for dosing in asked if dosing.daily_mg]
    # What an arm without magnesium says can only be about the others.
    known = mine or list(doses.with_magnesium.values())
    if not known and "magnesium" not in text.casefold():
        return  # of something whose strength a protocol has no place for
    for match in _BARE.finditer(text):
        if not any(_fits(match["number"], 1.0, mg) for mg in _amounts(text, match, known)):
            yield _Said(match[0], _known_amounts(known), "{dose} or {strength}")
    for match in _MASS.finditer(text):
        if _is_of_something_else(text, match.end()):
            continue
        unit = match["unit"].casefold()
        if not any(
            _fits(match["number"], _MASSES[unit], mg) for mg in _amounts(text, match, known)
        ):
            yield _Said(match[0], _known_amounts(known), "{dose} or {strength}")


def _is_of_something_else(text: str, after: int) -> bool:
    named = _OF.match(text, after)
    return named is not None and named[1].casefold() not in _OURS


def _amounts(text: str, match: re.Match[str], known: Iterable[Dosing]) -> Iterator[float]:
    """Yield the milligrams a text may name there."""
    after = match.end()
    for dosing in known:
        if _A_DAY.match(text, after):
            yield dosing.daily_mg
            continue
        one_unit = re.compile(_OF_ONE_UNIT.pattern.replace("UNIT", re.escape(dosing.unit_name)))
        if dosing.strength is not None:
            yield dosing.strength.elemental_mg
            if dosing.strength.compound_mg is not None:
                yield dosing.strength.compound_mg
        if not one_unit.match(text, after):
            yield dosing.daily_mg
            yield from (dosing.mg_at(intake) for intake in dosing.intakes if intake.active)


def _fits(number: str, factor: float, mg: float) -> bool:
    """Return whether a number as written is an amount, rounded to the decimals it is written in."""
    value, step = _value(number)
    return abs(value - mg / factor) <= step / 2 + 1e-9


def _value(number: str) -> tuple[float, float]:
    """Return a number in words or digits, and the value of its last decimal."""
    if number[0].isalpha():
        return _spelled(number.casefold()), 1e-6
    plain = re.sub(r",(?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    decimals = len(plain.partition(".")[2])
    return float(plain), 10.0**-decimals


def _spelled(number: str) -> float:
    """Return a number in words: ``two hundred and fifty`` is 250."""
    value = 0
    for word in re.split(r"[\s-]+", number):
        if word == "hundred":
            value = 100 * max(value, 1)
        elif word in _TENS:
            value += 10 * (_TENS.index(word) + 2)
        elif word in _WORDS:
            value += _WORDS.index(word) + 1
    return float(value)


def _known_amounts(known: Iterable[Dosing]) -> str:
    """Return what the numbers give, arm by arm."""
    lines = list(dict.fromkeys(dosing.magnesium_line for dosing in known))
    return "; ".join(lines) if lines else "none: no arm types magnesium"


# --- Units, times and how often ------------------------------------------------------------------


def _units(text: str, asked: list[Dosing]) -> Iterator[_Said]:
    """Yield the numbers of capsules and the like that are not those taken."""
    names = {name for dosing in asked for name in (dosing.unit_name, dosing.pack) if name}
    every = sorted({*names, *_UNIT_NAMES}, key=len, reverse=True)
    counted = re.compile(
        rf"(?:{_NUMBER}|\b(?:take|swallow|use)\s+an?)\s+(?:x\s+)?(?:of\s+(?:the|these|your)\s+)?"
        rf"(?:(?!(?:{_NO_ADJECTIVE})\b)[a-z-]+\s+){{0,3}}"
        rf"(?P<name>{'|'.join(map(re.escape, every))})(?:s|es|n|en|e)?\b",
        re.IGNORECASE,
    )
    for match in counted.finditer(text):
        before = text[max(0, match.start() - 8) : match.start()]
        if re.search(r"\b(?:in|per)\s+$", before, re.IGNORECASE):
            continue  # "100 mg in 1 capsule"
        value, _ = _value(match["number"] or "one")
        allowed = {n for dosing in asked for n in _counts(dosing, match, text)}
        if value not in allowed:
            intakes = listed(
                list(dict.fromkeys(dosing.intake_text for dosing in asked if dosing.units_a_day))
            )
            name = plural(match["name"])
            yield _Said(match[0], intakes or f"no {name}: units_each_time counts none", "{units}")


def _counts(dosing: Dosing, match: re.Match[str], text: str) -> Iterator[int]:
    """Yield the numbers a text may name there."""
    if dosing.pack and match["name"].casefold() == dosing.pack.casefold():
        yield from (1, len(dosing.times))
        return
    yield dosing.units_a_day
    if not _A_DAY.match(text, match.end()):
        for intake in dosing.intakes:
            yield from (intake.units, intake.active, intake.units - intake.active)


def _times(text: str, asked: list[Dosing]) -> Iterator[_Said]:
    """Yield clock times and how often, where they are not those of the doses."""
    counted = [dosing for dosing in asked if dosing.units_a_day]
    times = {time for dosing in counted for time in dosing.times}
    if not times:
        return
    allowed = listed([clock_text(time) for time in sorted(times)])
    for match in _CLOCK.finditer(text):
        if _clock(match) not in times:
            yield _Said(match[0], allowed, "{times}")
    for match in _OFTEN.finditer(text):
        often = {"once": 1, "twice": 2}.get((match["word"] or "").casefold())
        if (often or _value(match["number"])[0]) != len(times):
            yield _Said(match[0], allowed, "{times}")


def _clock(match: re.Match[str]) -> str:
    """Return a clock time in a text as HH:MM."""
    named = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
    if match["time"].casefold() in named:
        return named[match["time"].casefold()]
    if match["h24"]:
        return f"{int(match['h24']):02d}:{match['m24']}"
    hours = int(match["h"]) % 12 + (12 if match["half"].casefold() == "pm" else 0)
    return f"{hours:02d}:{match['m'] or '00'}"
