"""What is said of coverage is worked out from what was measured."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from coverage import CoverageData

from support.coverage_lines import BAREST, coverage_lines, summary


def share(lines: int, branches: int, of: int = 40) -> dict[str, Any]:
    """Return what coverage says of a module with as many lines as branches."""
    return {
        "num_statements": of,
        "covered_lines": lines,
        "missing_lines": of - lines,
        "num_branches": of,
        "covered_branches": branches,
        "percent_covered": 100 * (lines + branches) / (2 * of),
    }


def test_the_whole_then_the_barest_of_some_length() -> None:
    files = {
        "src/nof1/full.py": {"summary": share(40, 40)},
        "src/nof1/bare.py": {"summary": share(10, 6)},
        "src/nof1/short.py": {"summary": share(0, 0, of=5)},
    }
    whole, first, second = summary({"totals": share(50, 46, of=80), "files": files})
    assert whole == ("Run by these tests: 62.5% of lines, 57.5% of branches. The barest modules:")
    assert first == "   20 %  bare.py  (30 lines and 34 branches not run)"
    assert second == "  100 %  full.py  (0 lines and 0 branches not run)"


def test_no_more_than_ten_are_named() -> None:
    files = {f"src/nof1/m{n}.py": {"summary": share(n, n)} for n in range(30)}
    assert len(list(summary({"totals": share(1, 1), "files": files}))) == 1 + BAREST


def test_modules_that_tests_wrote_and_removed_are_left_out(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parents[2] / "pyproject.toml", tmp_path)
    module = tmp_path / "src" / "nof1" / "module.py"
    module.parent.mkdir(parents=True)
    module.write_text("def f(x):\n    if x:\n        return 1\n    return 2\n")
    data = CoverageData(basename=str(tmp_path / ".coverage"))
    data.add_arcs({str(module): [(1, -1), (2, 3)], str(tmp_path / "gone.py"): [(1, 2)]})
    data.write()
    (whole,) = coverage_lines(tmp_path)
    assert whole == "Run by these tests: 75.0% of lines, 50.0% of branches. The barest modules:"
