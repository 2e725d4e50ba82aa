"""Whether what a reader did with an input is allowed, within its time and its memory."""

from __future__ import annotations

import resource
import signal
import traceback
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from nof1.errors import InputError

#: Seconds of work and megabytes that one input may take, and seconds of waiting where others work.
SECONDS, MEGABYTES, WAITING = 10.0, 400.0, 300.0

Outcome = Literal["value", "refusal", "finding"]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What came of one input.

    Attributes
    ----------
    outcome : {"value", "refusal", "finding"}
        A finding is what must not be.
    why : str
        Of a finding: what was wrong, and where it came from.
    """

    outcome: Outcome
    why: str = ""


class _TooSlowError(BaseException):
    """The input took too long; no handler of errors may swallow it."""


def _stop(*_: object) -> None:
    raise _TooSlowError


def judged(read: Callable[[], Any]) -> Judged:
    """Return what came of reading: a value, a refusal in good form, or a finding."""
    before = _peak()
    signal.signal(signal.SIGPROF, _stop)
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.setitimer(signal.ITIMER_REAL, WAITING)
    try:
        found = _outcome(read)
    except _TooSlowError:
        found = Judged(outcome="finding", why=f"took more than {SECONDS:g} seconds")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.setitimer(signal.ITIMER_REAL, 0.0)
    grown = _peak() - before
    if grown > MEGABYTES:
        return Judged(outcome="finding", why=f"took {grown:,.0f} MB more than before")
    return found


def _outcome(read: Callable[[], Any]) -> Judged:
    try:
        read()
    except InputError as error:
        return _refusal(error)
    except Exception as error:  # whatever it is, it is what is looked for
        return Judged(outcome="finding", why=_where_from(error))
    return Judged(outcome="value")


def _refusal(error: InputError) -> Judged:
    """Return whether all faults say where, what and the mend, in characters that are shown."""
    if not error.faults:
        return Judged(outcome="finding", why="a refusal without a fault")
    for fault in error.faults:
        counting = fault.what.startswith("and ") and "more" in fault.what
        if not fault.what or not (fault.where or counting) or not (fault.mend or counting):
            return Judged(outcome="finding", why=f"a fault is not complete: {fault!r:.300}")
        if odd := [one for one in str(fault) if unicodedata.category(one) in ("Cc", "Cs")]:
            return Judged(outcome="finding", why=f"a fault shows {odd[0]!r}: {fault!r:.300}")
    if sum(map(len, map(str, error.faults))) > 100_000:
        return Judged(outcome="finding", why=f"a refusal of {len(str(error)):,} characters")
    return Judged(outcome="refusal")


def _where_from(error: Exception) -> str:
    """Return the error and the last line of nof1's own that it came through."""
    ours = [
        frame for frame in traceback.extract_tb(error.__traceback__) if "/nof1/" in frame.filename
    ]
    at = f"{ours[-1].filename.split('/nof1/')[-1]}:{ours[-1].lineno}" if ours else "nowhere of ours"
    return f"{type(error).__name__} at {at}: {error!s:.200}"


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
