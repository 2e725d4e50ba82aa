"""When a value agrees with a reference number: the rule and tolerances that come with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def agrees(value: float, row: Mapping[str, Any], field: str) -> bool:
    reference = float(row[field])
    if f"atol_{field}" in row:
        return abs(value - reference) <= float(row[f"atol_{field}"])
    rtol = float(row.get(f"rtol_{field}", row["rtol"]))
    scale = abs(reference)
    if field in ("estimate", "ci_lo", "ci_hi") and "se" in row:
        scale = max(scale, row["se"])
    return abs(value - reference) <= rtol * scale
