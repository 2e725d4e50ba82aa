"""What every call gives: a finished value, said to a terminal and to other programs."""

from __future__ import annotations

import json
from typing import Any


class JsonResult:
    """A result that other programs can read."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the command."""
        raise NotImplementedError

    def to_json(self) -> str:
        """Return the JSON object of the command as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)
