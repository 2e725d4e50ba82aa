"""What part of a diary tells with what was shared, and what the noise of the share costs a pool.

Run from the repository root: ``python benchmarks/privacy.py [DIARIES [SECONDS]]``. It prints
the tables of ``docs/privacy.md``: DIARIES attacks a row, each of SECONDS of processor time at most.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nof1.calibration.running import in_order
from nof1.inference.exact.effect_likelihood import EffectLikelihood
from nof1.pooling.analysis import Question, pool
from nof1.pooling.persons.members import Members, members
from nof1.pooling.result.pooled_fit import PooledFit
from nof1.sharing.coarsening import coarse
from nof1.sharing.contribution import Contribution
from nof1.sharing.files import read_contributions
from support.diary_attack import Found, attack, diary, hidden
from support.shared_persons import diaries, shared

#: SD of the prior of an effect, as a share of the range of the scale.
EFFECT_SD = 0.15
DRAWS = 10
#: Searches in one attack: only at level likelihood is it known when the diary is found.
WHOLE_STARTS, STARTS = 500, 3


class Row(NamedTuple):
    """A kind of attack."""

    level: str
    unknown: int
    noise: float = 1.4
    files: int = 1

    def jobs(self, n: int, seconds: float) -> list[tuple[Row, int, float]]:
        """Return one job for each diary."""
        return [(self, seed, seconds) for seed in range(n)]

    def line(self, found: list[Found]) -> str:
        """Return what the attacks came to."""
        n, several = len(found), f", {self.files} files with noise of their own"
        return (
            f"| {self.level}{several if self.files > 1 else ''} | {self.noise:g} | {self.unknown} |"
            f" {sum(one.whole for one in found)} of {n} | {_share(found, 'right')} |"
            f" {_rms(found, 'rms')} | {sum(one.whole_predicted for one in found)} of {n},"
            f" {_share(found, 'predicted')}, {_rms(found, 'rms_predicted')} |"
        )


ROWS = (
    *(Row(level, unknown) for level in ("likelihood", "coarse") for unknown in (4, 8, 12, 24)),
    Row("coarse", 8, noise=0.7),
    Row("coarse", 8, files=4),
)


def attacked(job: tuple[Row, int, float]) -> Found:
    """Return what one attack came to."""
    row, seed, seconds = job
    whole = row.level == "likelihood"
    return attack(
        diary(seed, noise=row.noise),
        hidden(seed, row.unknown),
        key=None if whole else f"a secret of diary {seed}",
        shares=row.files,
        starts=WHOLE_STARTS if whole else STARTS,
        seconds=seconds,
    )


def attack_lines(n: int, seconds: float) -> Iterator[str]:
    """Yield the table of attacks."""
    yield (
        "| level | SD of scores | unknown of 24 | all found | scores found | error, points |"
        " prediction alone: all, scores, error |"
    )
    yield "|---|---|---|---|---|---|---|"
    for row in ROWS:
        found = list(in_order(attacked, row.jobs(n, seconds), os.cpu_count() or 1))
        yield row.line(found)


def _share(found: list[Found], name: str) -> str:
    total = sum(getattr(one, name) for one in found) / sum(one.unknown for one in found)
    return f"{100 * total:.0f} %"


def _rms(found: list[Found], name: str) -> str:
    return f"{np.sqrt(np.mean([getattr(one, name) ** 2 for one in found])):.2f}"


def series() -> Iterator[tuple[str, list[Contribution]]]:
    """Yield contributions of several series, with their whole likelihoods."""
    examples = [one for _, one in read_contributions([Path("examples/contributions.jsonl")])]
    yield "`examples/contributions.jsonl`, 24 persons", examples
    for n, days, half_life in (
        (24, 6, 0.0), (24, 6, 2.0), (24, 6, 5.0), (24, 14, 2.0), (60, 14, 2.0), (4, 14, 2.0),
    ):  # fmt: skip
        people = diaries(n, seed=n + days, days=days, half_life_days=half_life)
        title = f"{n} persons, four periods of {days} days, half-life {half_life:g} days"
        yield title, shared(people, level="likelihood")


def pool_lines() -> Iterator[str]:
    """Yield how far answers move, in SDs of a person's own posterior."""
    yield (
        "| series | mean moves: typical, largest of 10 | its SD | SD between persons |"
        " shrunken effects move: typical, largest |"
    )
    yield "|---|---|---|---|---|"
    for title, found in series():
        given = members([(one.id, one) for one in found], leave_out={})
        span = given.outcome.high - given.outcome.low
        before, unit = answered(given), own_sd(given.likelihoods, EFFECT_SD * span)
        moved, sds, between, shrunken = [], [], [], []
        for draw in range(DRAWS):
            after = answered(made_coarse(given, EFFECT_SD * span, f"draw {draw}"))
            moved.append((after.bayes.mean.mean - before.bayes.mean.mean) / unit)
            sds.append(after.bayes.mean.sd / before.bayes.mean.sd)
            between.append(after.bayes.heterogeneity.mean / before.bayes.heterogeneity.mean)
            pairs = zip(after.persons, before.persons, strict=True)
            shrunken += [(one.shrunken - other.shrunken) / unit for one, other in pairs]
        yield (
            f"| {title} | {_typical(moved)}, {max(map(abs, moved)):.2f} |"
            f" x {np.mean(sds):.2f} | x {np.mean(between):.2f} |"
            f" {_typical(shrunken)}, {max(map(abs, shrunken)):.2f} |"
        )


def _typical(values: list[float]) -> str:
    return f"{np.sqrt(np.mean(np.square(values))):.2f}"


def answered(given: Members) -> PooledFit:
    """Return the pooled answer."""
    return pool(given, Question(purpose="next", mcid=1.0))


def made_coarse(given: Members, effect_sd: float, key: str) -> Members:
    """Return the same persons with coarse likelihoods."""
    likelihoods = tuple(
        coarse(one, effect_sd=effect_sd, key=f"{key} {person.person}", salt=given.outcome.id)
        for person, one in zip(given.people, given.likelihoods, strict=True)
    )
    return replace(given, likelihoods=likelihoods)


def own_sd(found: tuple[EffectLikelihood, ...], effect_sd: float) -> float:
    """Return the median SD of the persons' own posteriors of the first effect."""
    grid = np.linspace(-6.0, 6.0, 1201) * effect_sd
    return float(np.median([_sd(one, grid, effect_sd) for one in found]))


def _sd(one: EffectLikelihood, grid: np.ndarray, effect_sd: float) -> float:
    log_posterior = one.log_density(grid[:, None]) - 0.5 * (grid / effect_sd) ** 2
    weights = np.exp(log_posterior - log_posterior.max())
    weights /= weights.sum()
    mean = weights @ grid
    return float(np.sqrt(weights @ (grid - mean) ** 2))


def main() -> None:
    """Print both tables."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    for line in pool_lines():
        print(line, flush=True)
    for line in attack_lines(n, seconds):
        print(line, flush=True)


if __name__ == "__main__":
    main()
