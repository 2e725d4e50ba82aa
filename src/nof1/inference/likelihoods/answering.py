"""The answer under the likelihood the plan or the scores ask for, beside the exact Gaussian one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nof1.inference.drawn import Drawn
from nof1.inference.likelihoods.choosing import Choice, choose
from nof1.inference.likelihoods.reweighting import LIKELIHOODS, Weighted, reweight
from nof1.inference.likelihoods.student_t import SD_PER_SCALE
from nof1.inference.posterior import Posterior
from nof1.inference.result import Fit, NotRun
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]

ENGINE = "likelihood"

#: Told, before minutes of sampling begin, why.
BeforeSampling = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The posterior of one person's trial under another likelihood than the Gaussian.

    Attributes
    ----------
    given : ModelInput
        What was fitted.
    choice : Choice
        The likelihood and why.
    weighted : Weighted or None
        Reweighted draws; None for ``ordinal``.
    trace : object or None
        PyMC's draws, where reweighting was not reliable.
    why_not : str
        Why there is no answer; empty when there is.
    """

    given: ModelInput
    choice: Choice
    weighted: Weighted | None = None
    trace: Any = None
    why_not: str = ""

    def fit(self, active: int, comparator: int) -> Fit | NotRun:
        """Return the posterior of one contrast, arms by number."""
        if self.why_not:
            return NotRun(engine=ENGINE, why=self.why_not)
        if self.trace is not None:
            from nof1.inference import nuts
            from nof1.inference.likelihoods import sampled

            name = self.choice.likelihood
            found, more = sampled.drawn(self.given, name, self.trace, active, comparator)
            return self._fit(found, "nuts", {**nuts.diagnostics(self.trace), **more})
        if self.weighted is None:
            raise AssertionError("an answer has draws or a reason why not")
        found = _drawn(self.given, self.weighted, self.choice, active, comparator)
        more = {"ess": self.weighted.ess, "log_evidence": self.weighted.log_evidence}
        return self._fit(found, self.weighted.by, more)

    def _fit(
        self,
        found: Drawn,
        by: Literal["reweighting", "imputation", "nuts"],
        more: dict[str, Any],
    ) -> Fit:
        return Fit(
            engine=ENGINE,
            estimand="steady-state",
            values={
                "likelihood": self.choice.likelihood,
                "by": by,
                "reason": self.choice.reason,
                "k_hat": None if self.weighted is None else self.weighted.k_hat,
                **found.values(self.given),
                **more,
            },
            density=found.density(),
        )


def answer(
    given: ModelInput,
    gaussian: Posterior,
    *,
    before_sampling: BeforeSampling | None = None,
    progress: bool = False,
) -> Answer | None:
    """Return the answer under another likelihood, or None where the Gaussian one will do.

    Parameters
    ----------
    given : ModelInput
        Scores and plan of one person.
    gaussian : Posterior
        The exact posterior of the default model.
    before_sampling : callable or None
        Told why before minutes of sampling begin; None not to sample.
    progress : bool
        Show the sampler's progress on standard error.
    """
    choice = choose(given, gaussian)
    if choice.likelihood == "gaussian":
        return None
    weighted, why = choice.weighted, "The answers to items are sampled with PyMC"
    if choice.likelihood == "ordinal":
        if given.items is None:
            return Answer(
                given=given, choice=choice, why_not="no answers to single items were recorded"
            )
    else:
        weighted = weighted or reweight(given, gaussian, LIKELIHOODS[choice.likelihood])
        if weighted.reliable:
            return Answer(given=given, choice=choice, weighted=weighted)
        why = (
            f"Reweighting for the {choice.likelihood} likelihood is not reliable (k-hat"
            f" {weighted.k_hat:.2f}, {weighted.ess:.0f} effective draws); sampling with PyMC"
        )
    if before_sampling is None:
        return Answer(
            given=given, choice=choice, weighted=weighted, why_not=f"it needs minutes: {why}"
        )
    from nof1.inference.likelihoods import sampled

    before_sampling(f"{why}; this takes minutes.")
    trace = sampled.sample(given, choice.likelihood, progress=progress)
    return Answer(given=given, choice=choice, weighted=weighted, trace=trace)


def _drawn(
    given: ModelInput, weighted: Weighted, choice: Choice, active: int, comparator: int
) -> Drawn:
    """Return the reweighted draws of one contrast."""
    draws = weighted.draws
    arms = np.arange(1, draws.effects.shape[1] + 1)
    signs = (arms == active).astype(float) - (arms == comparator).astype(float)
    left = given.as_scheduled_weights(active, comparator) @ given.exposure(
        draws.half_life, draws.half_life_rise
    )
    return Drawn(
        effect=draws.effects @ signs,
        scheduled=np.einsum("sk,sk->s", left, draws.effects),
        half_life=draws.half_life,
        half_life_rise=draws.half_life_rise if given.plan.half_lives == "two" else None,
        phi=draws.phi,
        sigma=draws.sigma * (SD_PER_SCALE if choice.likelihood == "student-t" else 1.0),
        sigma_period=draws.ratio * draws.sigma,
        trend=draws.trend if given.plan.trend == "linear" else None,
        weights=weighted.weights,
        slopes=draws.slopes,
    )
