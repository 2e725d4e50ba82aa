"""Independent draws agree with the posterior they are of, one by one and together."""

import numpy as np
import pytest

from nof1.inference.exact import quadrature
from nof1.inference.exact.joint_draws import draw_jointly
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan
from support.trials import SCALES, simulated_trial

N = 20_000
#: Root of n times the Kolmogorov-Smirnov distance: beyond it with a probability below 1e-4. The
#: posterior's own tables are exact to about a hundredth, and share it.
FAR = 2.4
PLANS = {
    "as shipped": AnalysisPlan(),
    "two half-lives": AnalysisPlan(half_lives="two"),
    "fixed half-life": AnalysisPlan(carryover="fixed:2"),
    "no trend, no period effects": AnalysisPlan(trend="none", period_effects="none"),
}


def solved(plan, seed=3, **options):
    truth = Truth(level=20, effects=(-5,), half_life_days=4, sigma=3, phi=0.4, period_sd=1, trend=1)
    settings = {"every_days": 7, "recall_days": 7, "period_days": 21, "missing": 0.1, "mcid": 3.0}
    settings |= {"scale": SCALES["c_irls_weekly"]} | options
    data = simulated_trial(truth, np.random.default_rng(seed), **settings)
    return quadrature.solve(model_input(data, data.masked.series[0], plan)).finest


def distance(draws, cdf):
    at = np.sort([cdf(value) for value in draws])
    return len(at) ** 0.5 * np.abs(at - (np.arange(len(at)) + 0.5) / len(at)).max()


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_every_parameter_has_the_distribution_of_the_posterior(plan):
    posterior = solved(plan)
    draws = draw_jointly(posterior, N, np.random.default_rng(1))
    assert distance(draws.steady_state(1, 0), posterior.effect(1, 0).cdf) < FAR
    scheduled = draws.as_scheduled(posterior.inputs, 1, 0)
    assert distance(scheduled, posterior.as_scheduled(1, 0).cdf) < FAR
    fixed = {
        "half_life": plan.carryover != "estimate",
        "sigma_period": plan.period_effects == "none",
    }
    for name in posterior.parameters:
        if not fixed.get(name, False):
            assert distance(getattr(draws, name), posterior.marginal(name).cdf) < FAR, name


def test_draws_are_independent():
    draws = draw_jointly(solved(AnalysisPlan()), N, np.random.default_rng(1))
    for values in (draws.effects[:, 0], draws.half_life, draws.phi, draws.sigma):
        ranks = values.argsort().argsort()
        assert abs(np.corrcoef(ranks[1:], ranks[:-1])[0, 1]) < 4 / N**0.5


def test_parameters_of_a_draw_belong_together():
    posterior = solved(AnalysisPlan())
    draws = draw_jointly(posterior, N, np.random.default_rng(1))
    stack = posterior.stack
    weights, means = stack.weights[0], stack.nodes.means[0, ..., 0]
    half_life = np.exp(stack.grid.log_half_life[0])[:, None]
    # E(effect times min(half-life, 7)), which the trapezoid rule gives from the nodes alone.
    exact = float((weights * means * np.minimum(half_life, 7.0)).sum())
    products = draws.effects[:, 0] * np.minimum(draws.half_life, 7.0)
    assert products.mean() == pytest.approx(exact, abs=4 * products.std() / N**0.5 + 0.02)


def test_three_arms():
    truth = Truth(level=20, effects=(-5, -2), half_life_days=2, sigma=3, phi=0.4)
    data = simulated_trial(
        truth,
        np.random.default_rng(1),
        arm_of_period=(0, 1, 2, 2, 0, 1),
        every_days=2,
        period_days=14,
        scale=SCALES["c_irls_weekly"],
    )
    given = model_input(data, data.masked.series[0], AnalysisPlan())
    posterior = quadrature.solve(given).finest
    draws = draw_jointly(posterior, N, np.random.default_rng(1))
    for pair in ((1, 0), (2, 0), (2, 1)):
        assert distance(draws.steady_state(*pair), posterior.effect(*pair).cdf) < FAR
        scheduled = draws.as_scheduled(given, *pair)
        assert distance(scheduled, posterior.as_scheduled(*pair).cdf) < FAR


def test_scores_all_alike_are_drawn_from_too():
    posterior = solved(AnalysisPlan())
    given = posterior.inputs
    from dataclasses import replace

    alike = quadrature.solve(replace(given, score=np.full(given.n, 12.0))).finest
    draws = draw_jointly(alike, N, np.random.default_rng(1))
    effect = alike.effect(1, 0)
    assert draws.effects[:, 0].mean() == pytest.approx(effect.mean, abs=0.05 * effect.sd)
    assert draws.effects[:, 0].std() == pytest.approx(effect.sd, rel=0.05)


def test_same_seed_same_draws():
    posterior = solved(AnalysisPlan())
    first, again, other = (
        draw_jointly(posterior, 50, np.random.default_rng(seed)).effects for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert not (first == other).any()
