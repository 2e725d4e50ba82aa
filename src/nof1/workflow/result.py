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

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        return f"<pre>{escape(str(self))}</pre>"


class JsonResult(ShownResult):
    """A result that other programs can read too."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the command."""
        raise NotImplementedError

    def to_json(self) -> str:
        """Return the JSON object of the command as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)
