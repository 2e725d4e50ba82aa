"""What was compared, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.reports.terminal.lines import wrapped
from nof1.trial.comparing import Comparisons

_OUTCOMES = {"same": "same", "different": "DIFFERENT", "not-compared": "not compared"}
_NAME_WIDTH = 2 + max(map(len, _OUTCOMES.values()))


def comparison_lines(comparisons: Comparisons) -> Iterator[str]:
    """Yield what was held against what and how it came out, then what nothing here can show."""
    for comparison in comparisons.made:
        yield from _wrapped(_OUTCOMES[comparison.outcome], comparison.said)
    yield "What this cannot show"
    for said in comparisons.cannot_show:
        yield from wrapped(said, first="  - ", later="    ")


def _wrapped(name: str, said: str) -> Iterator[str]:
    first = f"  {name:<{_NAME_WIDTH}}"
    yield from wrapped(said, first=first, later=" " * len(first))
