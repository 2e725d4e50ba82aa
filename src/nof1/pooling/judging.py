"""How a pool judges an effect: which direction is better, what matters, and by which rule."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from nof1.inference.exact.mixture import Mixture
from nof1.inference.verdict import chances_of, decide, direction, strictest
from nof1.pooling.result.verdicts import JudgedVerdict, RuleFrom
from nof1.protocol.tables import Decision
from nof1.scales import Better


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """How an effect is judged.

    Attributes
    ----------
    better : {"lower", "higher"}
        Which direction is an improvement.
    mcid : float or None
        Smallest difference that matters, in points.
    rule : Decision
        From chances to a verdict.
    """

    better: Better
    mcid: float | None
    rule: Decision

    def verdict(self, mixture: Mixture) -> JudgedVerdict:
        """Return the verdict on an effect, with the chances it follows from."""
        chances = chances_of(mixture.cdf, self.better, self.mcid)
        return JudgedVerdict(
            code=decide(chances, self.rule).code,
            direction=direction(chances, self.rule),
            p_better=chances.better,
            p_meaningful=chances.meaningful,
            p_trivial=chances.trivial,
            p_worse=chances.worse,
            p_meaningfully_worse=chances.meaningfully_worse,
        )


def rule_of(asked: Decision | None, promised: Collection[Decision]) -> tuple[Decision, RuleFrom]:
    """Return the rule of a pool and who fixed it.

    Parameters
    ----------
    asked : Decision or None
        Of the question; goes before any other.
    promised : collection of Decision
        The different rules of the persons' protocols.
    """
    if asked is not None:
        return asked, "question"
    if not promised:
        return Decision(), "default"
    return strictest(promised), "protocols" if len(promised) == 1 else "strictest"
