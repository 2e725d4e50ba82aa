"""What must not be parted at the end of a line: a number and its sign of percent, ``p = 0.05``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_STUCK = "\N{NO-BREAK SPACE}"
_PARTS = re.compile(r"(?<=\d) (?=%)|(?<=\bp) (?=[=<] )|(?<=\bp [=<]) (?=\d)")


def unbroken(content: Any) -> Any:
    r"""Return what a page shows, all of its texts with spaces that do not break where needed.

    Examples
    --------
    >>> unbroken({"said": ["p = 0.04, over 99 % of 5 days"]})
    {'said': ['p\xa0=\xa00.04, over 99\xa0% of 5 days']}
    """
    if isinstance(content, str):
        return _PARTS.sub(_STUCK, content)
    if isinstance(content, Mapping):
        return {name: unbroken(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [unbroken(value) for value in content]
    return content
