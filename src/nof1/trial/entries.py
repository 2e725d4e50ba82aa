"""What every kind of entry in the log holds, and the order in which entries may come.

The chain shows that nothing was changed since it was written; it says nothing about what was
written, and whoever holds the folder can write a whole chain anew. So every entry is checked here
when a trial is opened, and nothing behind needs to doubt a field. A new kind is one line in
`KINDS`; a field that only newer trials have is optional in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from nof1.errors import Fault, TrialError
from nof1.trial.current import KEY_FIELDS, Key
from nof1.trial.log import Entry

#: No number of a trial is larger.
LARGEST = 1e15
#: Lines of contact, and characters of each: every page prints them all.
MOST_CONTACTS, LONGEST_CONTACT = 4, 80
#: Faults of one log that are said.
SHOWN = 5

_UNCHANGED = "Put back an unchanged copy of the trial folder; the log must never be edited."
_NEWER = "Use the version of nof1 that wrote it, or a newer one."
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NOISE = re.compile(r"[0-9a-f]{32}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True, slots=True)
class Form:
    """What a field may hold: in words, and whether a value is one."""

    says: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Body:
    """The fields of a kind of entry: those that are always there, and those that may be."""

    always: Mapping[str, Form]
    perhaps: Mapping[str, Form] = field(default_factory=dict)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and abs(value) <= LARGEST


def is_day(value: Any) -> bool:
    """Return whether a value is the text of a date, ``YYYY-MM-DD``."""
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_time(value: Any) -> bool:
    if not (isinstance(value, str) and _TIME.fullmatch(value)):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _matches(form: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and form.fullmatch(value) is not None


def list_of(form: Form) -> Form:
    """Return the form of a list of such values."""
    return Form(
        f"a list, each {form.says}",
        lambda value: isinstance(value, list) and all(map(form.holds, value)),
    )


def or_null(form: Form) -> Form:
    """Return the form of such a value or null."""
    return Form(f"{form.says} or null", lambda value: value is None or form.holds(value))


TEXT = Form("a text", _is_text)
LINE = Form(
    "a text on one line",
    lambda value: isinstance(value, str) and bool(value.strip()) and value.isprintable(),
)
DAY = Form("a date such as 2026-02-08", is_day)
DIGEST = Form("64 hex digits", _matches(_DIGEST))
NOISE = Form("32 hex digits", _matches(_NOISE))
NUMBER = Form("a number", _is_number)
SHARE = Form("a number from 0 to 1", lambda value: _is_number(value) and 0 <= value <= 1)
COUNT = Form("a whole number from 1 on", lambda value: _is_whole(value) and 1 <= value <= LARGEST)
VALUE = Form("a number, true or false", lambda value: isinstance(value, bool) or _is_number(value))
TRUE = Form("true", lambda value: value is True)
ANSWERS = Form(
    "texts by the code of a question",
    lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
)
DAYS = Form(
    "dates by the code of a question",
    lambda value: isinstance(value, dict) and all(map(is_day, value.values())),
)
FIELDS = Form("the fields that are corrected", lambda value: isinstance(value, dict))
ITEM = Form("a whole number from 0 to 9 or null", lambda v: v is None or _within(v, 9))


def _within(value: Any, most: int) -> bool:
    return _is_whole(value) and 0 <= value <= most


def _whole_to(most: int) -> Form:
    return Form(f"a whole number from 0 to {most}", lambda value: _within(value, most))


CONTACT_LINE = Form(
    f"a text on one line, of {LONGEST_CONTACT} characters at most",
    lambda value: LINE.holds(value) and len(value) <= LONGEST_CONTACT,
)
CONTACTS = Form(
    f"a list of {MOST_CONTACTS} at most, each {CONTACT_LINE.says}",
    lambda value: list_of(CONTACT_LINE).holds(value) and len(value) <= MOST_CONTACTS,
)
#: The first trials had one line of contact, as a text.
PROMISED_CONTACTS = Form(
    CONTACTS.says, lambda value: CONTACT_LINE.holds(value) or CONTACTS.holds(value)
)

_DOSES = Form(
    "milligrams a day by the id of an arm",
    lambda value: isinstance(value, dict) and bool(value) and all(map(_is_number, value.values())),
)
_OVERRIDE = {
    "limit_mg": NUMBER,
    "jurisdiction": TEXT,
    "daily_mg": _DOSES,
    "prescriber": TEXT,
    "date": TEXT,
    "reason": TEXT,
}
#: A dose above the upper limit, and who answers for it.
OVERRIDE = Form(
    f"a table of {', '.join(_OVERRIDE)}",
    lambda value: (
        isinstance(value, dict)
        and value.keys() == _OVERRIDE.keys()
        and all(form.holds(value[name]) for name, form in _OVERRIDE.items())
    ),
)

_BY = {"by": LINE, "reason": TEXT}

#: Every kind of entry that this version knows.
KINDS: Mapping[str, Body] = {
    "protocol": Body({"digest": DIGEST, "file_digest": DIGEST, "name": TEXT, "version": TEXT}),
    "design": Body(
        {
            "participant": LINE,
            "start": DAY,
            "commitment": DIGEST,
            "contact": PROMISED_CONTACTS,
            "emergency": CONTACT_LINE,
            "sealed_for": TEXT,
            "schedule_digest": DIGEST,
            "software": TEXT,
        },
        {
            "seal_digest": DIGEST,
            "promise": DIGEST,
            "public_number": LINE,
            "limit_override": OVERRIDE,
        },
    ),
    "eligibility": Body(
        {
            "answers": or_null(ANSWERS),
            "concerns": list_of(TEXT),
            "clinician": or_null(TEXT),
            "how": TEXT,
        },
        {"waits": DAYS},
    ),
    "score": Body(
        {"outcome": LINE, "date": DAY, "value": NUMBER},
        {"items": list_of(ITEM), "prorated": TRUE},
    ),
    "dose": Body({"date": DAY, "taken": SHARE}),
    "covariate": Body({"covariate": LINE, "date": DAY, "value": VALUE}),
    "event": Body({"date": DAY, "event": LINE, "severity": _whole_to(3)}),
    "guess": Body({"period": COUNT, "guess": LINE, "certainty": or_null(_whole_to(10))}),
    "correction": Body({"of": COUNT, "old": FIELDS, "new": or_null(FIELDS), "reason": LINE}),
    "unblinding": Body({"period": COUNT, "by": LINE, "reason": LINE}),
    "contact": Body({"contact": CONTACTS, "emergency": CONTACT_LINE, "by": LINE, "reason": LINE}),
    "lock": Body(_BY),
    "unseal": Body(
        {
            **_BY,
            "commitment": DIGEST,
            "arms": list_of(TEXT),
            "kits": list_of(TEXT),
            "seed": DIGEST,
            "salt": DIGEST,
        },
        {"protocol_file_digest": DIGEST, "schedule_digest": DIGEST, "seal_digest": DIGEST},
    ),
    "repair": Body({"file": LINE, "cut_bytes": COUNT, "digest": DIGEST}),
    "share": Body(
        {
            "code": LINE,
            "level": LINE,
            "outcome": LINE,
            "digest": DIGEST,
            "ethics": TEXT,
            "consent": TEXT,
        },
        {"noise": NOISE},
    ),
}

#: Kinds of which a log has at most one.
ONCE = ("protocol", "design", "eligibility", "lock", "unseal")


def checked(entries: Sequence[Entry], log: Path) -> Sequence[Entry]:
    """Return the entries of a log after seeing that each holds what its kind does, in order.

    Parameters
    ----------
    entries : sequence of Entry
        The whole log, its chain verified.
    log : Path
        The file, for messages.

    Raises
    ------
    TrialError
        With the line, the field and what is wrong there.
    """
    order = _Order()
    faults = [
        Fault(f"{log}:line {entry.seq}", *wrong)
        for entry in entries
        for wrong in (_wrong_fields(entry) or order.wrong(entry))
    ]
    if len(faults) > SHOWN:
        faults[SHOWN:] = [Fault(str(log), f"and {len(faults) - SHOWN} more faults", _UNCHANGED)]
    if faults:
        raise TrialError(faults)
    return entries


#: What is wrong, and its mend.
Wrong = tuple[str, str]


def _wrong_fields(entry: Entry) -> list[Wrong]:
    """Return what is wrong with an entry by itself."""
    if not _is_time(entry.time):
        return [(f"{_shown(entry.time)} is no time of recording", _UNCHANGED)]
    body = KINDS.get(entry.kind)
    if body is None:
        known = f"{_shown(entry.kind)} is a kind of entry that this version of nof1 does not know"
        return [(known, _NEWER)]
    return [*_unlike(entry.body, body, f"the {entry.kind}")]


def _unlike(recorded: Mapping[str, Any], body: Body, what: str) -> list[Wrong]:
    """Return how fields differ from those of a kind."""
    forms = {**body.always, **body.perhaps}
    return [
        *((f"{what} has no {name}", _UNCHANGED) for name in body.always if name not in recorded),
        *(
            (f"{what} has a field {_shown(name)}, which this version of nof1 does not know", _NEWER)
            for name in recorded
            if name not in forms
        ),
        *(
            (f"{name} of {what} is {_shown(value)}, not {forms[name].says}", _UNCHANGED)
            for name, value in recorded.items()
            if name in forms and not forms[name].holds(value)
        ),
    ]


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


class _Order:
    """What the entries so far have recorded, which decides what may come next."""

    def __init__(self) -> None:
        self.kinds: dict[str, int] = {}
        self.standing: dict[Key, int] = {}
        self.recorded: dict[int, tuple[str, Key]] = {}

    def wrong(self, entry: Entry) -> list[Wrong]:
        """Return what is wrong with an entry after those before it, and take it in."""
        what = self._misplaced(entry) or self._observed(entry)
        self.kinds.setdefault(entry.kind, entry.seq)
        return [(field, _UNCHANGED) for field in what]

    def _misplaced(self, entry: Entry) -> list[str]:
        kind, before = entry.kind, self.kinds
        if entry.seq <= 2 and kind != ("protocol", "design")[entry.seq - 1]:
            return ["the log does not begin with a protocol and a design"]
        if kind in ONCE and kind in before:
            return [f"the {kind} stands in line {before[kind]} already"]
        if kind in KEY_FIELDS or kind == "correction":
            for end in ("lock", "unseal"):
                if end in before:
                    return [f"this {kind} comes after the {end} in line {before[end]}"]
        return []

    def _observed(self, entry: Entry) -> list[str]:
        """Return what is wrong with an observation or a correction, and note it."""
        kind, body = entry.kind, entry.body
        if kind in KEY_FIELDS:
            key: Key = (kind, *(body[name] for name in KEY_FIELDS[kind]))
            if key in self.standing:
                return [f"the same {kind} is in line {self.standing[key]} already"]
            self.standing[key] = entry.seq
            self.recorded[entry.seq] = kind, key
        elif kind == "correction":
            return self._corrected(body)
        return []

    def _corrected(self, body: Mapping[str, Any]) -> list[str]:
        corrected, key = self.recorded.get(body["of"], ("", ()))
        if self.standing.get(key) != body["of"]:
            return [f"it corrects entry {body['of']}, which holds nothing that can be corrected"]
        whole, keys = KINDS[corrected], KEY_FIELDS[corrected]
        value = Body(
            {name: form for name, form in whole.always.items() if name not in keys}, whole.perhaps
        )
        if body["new"] is None:
            del self.standing[key]
            return []
        return [what for what, _ in _unlike(body["new"], value, f"the corrected {corrected}")]
