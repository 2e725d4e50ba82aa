"""What every table of a protocol is, and the forms of its names and texts."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

IDENTIFIER = r"^[a-z][a-z0-9-]{0,30}$"

#: Characters of a text: pages must hold it. The longest of the bundled protocols has 949.
LONGEST_TEXT = 4000
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)
]
Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER)]


class FrozenTable(BaseModel):
    """A frozen table of a protocol file; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
