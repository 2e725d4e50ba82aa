"""Options that say two things of each other, with an equals sign between."""

from __future__ import annotations

from collections.abc import Sequence

from nof1.errors import Fault, InputError


def pairs(
    texts: Sequence[str] | None, option: str, form: str, example: str, *, whole: bool = True
) -> dict[str, str]:
    """Return what each left side is said to be.

    Parameters
    ----------
    texts : sequence of str or None
        As given.
    option, form, example : str
        For messages: ``--rename``, ``OLD=NEW``, ``Plac.=placebo``.
    whole : bool
        A right side is needed; it is empty otherwise.

    Raises
    ------
    InputError
        With every text of another form.
    """
    values: dict[str, str] = {}
    faults = []
    for text in texts or ():
        left, _, right = (side.strip() for side in text.partition("="))
        if not left or (whole and not right):
            faults.append(Fault(option, f"{text!r} is not {form}", f'Write "{example}".'))
        values[left] = right
    if faults:
        raise InputError(faults)
    return values
