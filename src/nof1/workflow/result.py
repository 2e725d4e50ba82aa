"""What every call gives: a finished value, said to a terminal and to other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any


class ShownResult:
    """A result that shows itself to whoever prints it, and in a notebook."""

    __slots__ = ()

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        raise NotImplementedError

    def __str__(self) -> str:
        """Return what a terminal shows."""
        return "\n".join(self.lines())

    def __repr__(self) -> str:
        """Return which result it is, and the first line of it."""
        return f"<{type(self).__name__}: {next(iter(self.lines()), '').rstrip(':')}>"

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        return f"<pre>{escape(str(self))}</pre>"


class AnswerResult:
    """A result that is equal to another one of the same answers, to the last digit."""

    __slots__ = ()

    def to_json(self) -> str:
        """Return the answers as text."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        """Return whether the answers are the same."""
        if not isinstance(other, AnswerResult) or type(other) is not type(self):
            return NotImplemented
        return self.to_json() == other.to_json()

    def __hash__(self) -> int:
        """Return a number that equal results have in common."""
        return hash(self.to_json())


class JsonResult(ShownResult):
    """A result that other programs can read too."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the command."""
        raise NotImplementedError

    def to_json(self) -> str:
        """Return the JSON object of the command as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)
