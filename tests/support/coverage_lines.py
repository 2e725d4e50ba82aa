"""How much of nof1 the tests ran, in a few lines: the whole, and the barest modules."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from coverage import Coverage

#: Modules that are named, and how many statements one must have to be.
BAREST, LEAST = 10, 20


def coverage_lines(root: Path) -> Iterator[str]:
    """Yield what is said of the data that pytest-cov left in a checkout."""
    measured = Coverage(data_file=str(root / ".coverage"), config_file=str(root / "pyproject.toml"))
    measured.load()
    with TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        measured.json_report(outfile=str(report))
        yield from summary(json.loads(report.read_text(encoding="utf-8")))


def summary(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield the shares of lines and branches, and the modules with the least of them."""
    whole = report["totals"]
    lines = whole["covered_lines"] / whole["num_statements"]
    branches = whole["covered_branches"] / whole["num_branches"]
    shares = f"{lines:.1%} of lines, {branches:.1%} of branches"
    yield f"Run by these tests: {shares}. The barest modules:"
    modules = {path: file["summary"] for path, file in report["files"].items()}
    long = {path: own for path, own in modules.items() if own["num_statements"] >= LEAST}
    for path in sorted(long, key=lambda path: (long[path]["percent_covered"], path))[:BAREST]:
        own = long[path]
        left = own["num_branches"] - own["covered_branches"]
        yield (
            f"  {own['percent_covered']:3.0f} %  {path.removeprefix('src/nof1/')}"
            f"  ({own['missing_lines']} lines and {left} branches not run)"
        )
