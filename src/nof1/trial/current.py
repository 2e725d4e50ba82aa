"""What stands on record after all corrections: the latest word on every score, dose and event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nof1.trial.log import Entry

#: Fields that say what an entry of each kind is about; the other fields are its value.
KEY_FIELDS: Mapping[str, tuple[str, ...]] = {
    "score": ("outcome", "date"),
    "dose": ("date",),
    "covariate": ("covariate", "date"),
    "event": ("date", "event"),
    "guess": ("period",),
}

Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One thing observed, on record or about to be.

    Attributes
    ----------
    kind : str
        ``score``, ``dose``, ``covariate``, ``event`` or ``guess``.
    body : mapping
        As in the log. With the key fields alone it takes back what was recorded under them.
    seq : int
        Number of the log entry that recorded it first; 0 when it is not on record.
    """

    kind: str
    body: Mapping[str, Any]
    seq: int = 0

    @property
    def key(self) -> Key:
        """Return what it is about: the kind, and for instance the outcome and the date."""
        return (self.kind, *(self.body[field] for field in KEY_FIELDS[self.kind]))

    @property
    def value(self) -> dict[str, Any]:
        """Return what was observed: the body without the key fields."""
        keys = KEY_FIELDS[self.kind]
        return {field: value for field, value in self.body.items() if field not in keys}

    def repeats(self, other: Observation) -> bool:
        """Return whether this says nothing about its key that `other` does not say."""
        return bool(self.value) and all(
            field in other.value and other.value[field] == value
            for field, value in self.value.items()
        )


def standing(entries: Iterable[Entry]) -> dict[Key, Observation]:
    """Return every observation as last corrected, by key, in the order first recorded.

    Parameters
    ----------
    entries : iterable of Entry
        The log, in order.
    """
    first: dict[int, Key] = {}
    stands: dict[Key, Observation] = {}
    for entry in entries:
        if entry.kind in KEY_FIELDS:
            observation = Observation(kind=entry.kind, body=entry.body, seq=entry.seq)
            first[entry.seq] = observation.key
            stands[observation.key] = observation
        elif entry.kind == "correction":
            key = first[entry.body["of"]]
            if entry.body["new"] is None:
                del stands[key]
            else:
                stands[key] = _corrected(stands[key], entry.body["new"])
    return stands


def _corrected(observation: Observation, value: Mapping[str, Any]) -> Observation:
    keys = {field: observation.body[field] for field in KEY_FIELDS[observation.kind]}
    return replace(observation, body={**keys, **value})
