"""Allocation sets, drawing, the schedule without arms, and the seal.

A protocol names a set of sequences (`sets`); `draw` takes one of them by number, uniformly. What
was drawn becomes a schedule of kits without arms and an allocation, which `sealing` closes and
commits to. `telling` counts what an opened period tells of the others.

`allocation`    the allocation: the sequence drawn, and what proves when it was fixed
`apart`         stretching a passphrase in a process of its own, which may die alone
`arrangements`  counting and numbering words in which each letter occurs a given number of times
`cycled`        allocation sets made of cycles: every arm once in each
`daily`         an arm for every day: orders with few days in a row on one arm, counted exactly
`draw`          the draw, uniform and repeatable; kit codes and their alphabet
`exchanges`     how many sequences of a set differ from one only in the places of two of its arms
`guessable`     whether somebody who tries the likely things first would find a passphrase
`numbered`      what every allocation set is: sequences numbered without gaps
`passphrase`    the passphrase of a seal: read from a file, in its plain form, and no easy one
`phases`        phases in a fixed order of arms whose change points are drawn (Onghena 1992)
`promise`       a promise: the draw's own randomness, fixed before a number that somebody else names
`schedule`      the calendar of one trial. It holds kit codes and cannot hold an arm
`sealing`       the seal: the allocation in the age format, and the commitment that dates it
`sets`          allocation sets: every sequence a draw could have given, counted exactly
`stretching`    sealing and opening by passphrase: how much work it is, and the age file it makes
`telling`       what an opened period tells of the others

The package has the name of a verb and can be called as that: ``nof1.design("magnesium-rls", ...)``
randomises and seals a trial, as `nof1.workflow.design.design` does.
"""

from __future__ import annotations

import sys
from importlib import import_module
from inspect import Signature, getdoc, signature
from types import ModuleType
from typing import Any


class _Verb(ModuleType):
    # A package that can be called, and is described as a call first.
    @property
    def __doc__(self) -> str:  # type: ignore[override]
        return f"{getdoc(_verb())}\n\n{self.__dict__['__doc__']}"

    @property
    def __signature__(self) -> Signature:
        return signature(_verb())

    def __reduce__(self) -> tuple[Any, ...]:
        return import_module, (self.__name__,)

    def __call__(self, *args: Any, **options: Any) -> Any:
        return _verb()(*args, **options)


def _verb() -> Any:
    """Return the call, of a floor far above this one: only who calls needs it."""
    return import_module("nof1.workflow.in_python").verb("design")


sys.modules[__name__].__class__ = _Verb
