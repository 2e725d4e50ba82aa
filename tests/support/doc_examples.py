"""Examples of a page: fenced Python, and the text that it says is printed."""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FENCED = re.compile(r"```python\n(?P<code>.*?)```(?:\n+```text\n(?P<shown>.*?)```)?", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Example:
    """A piece of Python, and what the page shows of its output; None where it shows nothing."""

    code: str
    shown: str | None
    line: int


def examples(page: Path) -> list[Example]:
    """Return the examples of a page in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Example(
            code=found["code"],
            shown=found["shown"],
            line=text[: found.start()].count("\n") + 1,
        )
        for found in _FENCED.finditer(text)
    ]


def printed(example: Example, namespace: dict[str, Any]) -> str:
    """Run an example after those before it and return what it prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(example.code, f"example of line {example.line}", "exec"), namespace)
    return said.getvalue()
