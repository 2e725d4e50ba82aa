r"""What earlier persons and this one tell together of the steady-state effect.

The likelihood of this person's effect, with everything else integrated out and the default prior
divided out, is a sum of :math:`\exp(w_i - (d - m_i)^2 / 2 v_i)`. The prior that earlier persons
leave is a mixture of :math:`N(\mu_j, s_j^2)` with weights :math:`p_j`. Their product is again a
mixture of normal distributions: the component i, j has the precision
:math:`1 / v_i + 1 / s_j^2`, the mean of :math:`m_i` and :math:`\mu_j` weighted by theirs, and the
weight :math:`p_j e^{w_i} \sqrt{v_i / (v_i + s_j^2)} \exp(-(m_i - \mu_j)^2 / 2 (v_i + s_j^2))`.
"""

from __future__ import annotations

import numpy as np

from nof1.inference.exact.effect_likelihood import EffectLikelihood, effect_likelihood
from nof1.inference.exact.mixture import Mixture
from nof1.inference.exact.posterior import Posterior
from nof1.inference.fits import EarlierPersons, PopulationFit
from nof1.inference.summaries import JudgedEffect
from nof1.inference.verdict import chances_of
from nof1.model.model_input import ModelInput
from nof1.protocol.population_prior import PopulationPrior

#: Share of the largest weight under which a component is left out.
NEGLIGIBLE = 1e-12


def fit(
    posterior: Posterior, prior: PopulationPrior, active: int, comparator: int
) -> PopulationFit:
    """Return what the person's own scores and the prior of earlier persons give together.

    Parameters
    ----------
    posterior : Posterior
        Of this person, under the default prior.
    prior : PopulationPrior
        Of the effect of these two arms, in points.
    active, comparator : int
        Numbers of the arms compared.
    """
    before = mixture_of(prior)
    effect_sd = posterior.stack.integrand.priors.effect_sd
    likelihood = effect_likelihood(posterior).contrast(active, comparator, effect_sd)
    both = combined(likelihood, before)
    judged, earlier = _judged(both, posterior.inputs), _judged(before, posterior.inputs)
    points = np.linspace(both.mean - 5 * both.sd, both.mean + 5 * both.sd, 161)
    return PopulationFit(
        effect=judged.effect,
        chances=judged.chances,
        prior=EarlierPersons(
            effect=earlier.effect,
            chances=earlier.chances,
            n_persons=prior.n_persons,
            source=prior.source,
        ),
        own=_judged(posterior.effect(active, comparator), posterior.inputs),
        density=(points, both.pdf(points)),
    )


def mixture_of(prior: PopulationPrior) -> Mixture:
    """Return the prior as a mixture whose weights sum to 1 exactly."""
    weights = np.array(prior.weights)
    return Mixture(
        means=np.array(prior.means), sds=np.array(prior.sds), weights=weights / weights.sum()
    )


def combined(likelihood: EffectLikelihood, prior: Mixture) -> Mixture:
    """Return the posterior from the likelihood of one effect and a prior, sums of normal shapes."""
    m, v = likelihood.means.astype(float), likelihood.covariances[:, 0].astype(float)
    total = v + prior.sds**2
    log_weights = (
        likelihood.log_weights[:, None].astype(float)
        + np.log(prior.weights)
        - 0.5 * (np.log1p(prior.sds**2 / v) + (m - prior.means) ** 2 / total)
    )
    weights = np.exp(log_weights - log_weights.max())
    kept = weights > NEGLIGIBLE
    means = (m * prior.sds**2 + prior.means * v) / total
    return Mixture(
        means=means[kept],
        sds=np.sqrt(v * prior.sds**2 / total)[kept],
        weights=weights[kept] / weights[kept].sum(),
    )


def _judged(mixture: Mixture, inputs: ModelInput) -> JudgedEffect:
    return JudgedEffect(
        effect=mixture.summary(inputs.plan.ci_level),
        chances=chances_of(mixture.cdf, inputs.better, inputs.mcid),
    )
