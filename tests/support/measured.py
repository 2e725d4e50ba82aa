"""A made-up table of error rates, for the tests of what is built on the real one."""

from __future__ import annotations

from typing import Any

import numpy as np

from nof1.calibration.operating import STEADY, methods_of
from nof1.calibration.scenarios import Cell, full_grid
from nof1.calibration.self_consistency import Consistency, Pits, consistency
from nof1.calibration.study import Findings
from nof1.calibration.table import VERDICTS, CellResult


def row(cell: Cell, method: str, *, trials: int = 1000, **changed: Any) -> CellResult:
    """Return a row that keeps every promise, but for what is changed."""
    plain: dict[str, Any] = {
        "ran": trials,
        "rejected": round(trials * (0.04 if cell.effect == 0 else 0.3 * cell.effect)),
        "covered": round(0.96 * trials),
        "level": 0.95,
        "bias": 0.1 * cell.effect,
        "spread": 1.0,
        "width": 5.0,
        "verdicts": (),
    }
    if method in STEADY:
        helps = round(trials * (0.01, 0.3, 0.7)[cell.effect])
        plain["verdicts"] = (helps, *(0,) * (len(VERDICTS) - 2), trials - helps)
    return CellResult(cell=cell, method=method, trials=trials, **(plain | changed))


def uniform(n: int = 20_000) -> Consistency:
    """Return the uniformity of perfectly spread PITs."""
    groups = {}
    for kind in ("weekly", "daily"):
        pit = (np.arange(n // 2) + 0.5) / (n // 2)
        told = np.random.default_rng(1).random((n // 2, 4))
        groups[kind] = [Pits(pit=np.tile(pit[:, None], 5), informed=told)]
    return consistency(groups)


def findings() -> Findings:
    """Return a whole measurement in which every promise is kept."""
    return Findings(
        rows=tuple(row(cell, method) for cell in full_grid() for method in methods_of(cell)),
        consistency=uniform(),
        trials=1000,
        seed=1,
        software="nof1 0.0.0",
    )
