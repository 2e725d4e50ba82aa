"""What all persons together tell of the noise, against plain sums, and persons who vary little."""

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy.stats import norm

from nof1.inference.exact.effect_likelihood import EffectLikelihood, NoiseEvidence
from nof1.pooling.analysis import Question, pool
from nof1.pooling.exact.noise_spread import SPREAD_SCALE, SPREADS, learnt_noise
from nof1.pooling.exact.workplace import Here
from nof1.pooling.persons.likelihoods import in_one_piece
from nof1.pooling.persons.members import members
from nof1.pooling.solved import noise_learnt
from nof1.pooling.tables.table_persons import from_people
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import Scale
from nof1.sharing.from_scores import PersonData
from nof1.sharing.shared_likelihood import SharedLikelihood
from support.pool_members import given, member
from support.trials import regular_periods, trial

HERE = partial(Here, threads=1)
FINE = Scale(name="numeric", low=0, high=10, step=0.01, better="lower")


def person(rng, n, middle):
    """Return a likelihood of `n` components with noise SDs around the exponential of `middle`."""
    return EffectLikelihood(
        means=rng.normal(-1.0, 0.5, (n, 1)),
        covariances=rng.uniform(0.2, 0.6, (n, 1, 1)),
        log_weights=np.log(rng.uniform(0.2, 1.0, n)),
        noise=NoiseEvidence(
            log_sds=rng.normal(middle, 0.3, n),
            spreads=rng.uniform(0.05, 0.3, n),
            log_heights=rng.uniform(-1.0, 0.0, n),
        ),
    )


def naive_gains(people, whose, span, effect_sd):
    """Return what the others tell of a person's noise: every sum plain, one number at a time."""
    middles = np.linspace(-6.0, 6.0, 1201)
    total = np.zeros((len(SPREADS), len(middles)))
    total += -0.5 * (SPREADS[:, None] / SPREAD_SCALE) ** 2
    total += np.log(np.gradient(SPREADS))[:, None]
    total += norm(np.log(0.1 * span), 1.0).logpdf(middles)
    for other, one in enumerate(people):
        if other == whose:
            continue
        for row, spread in enumerate(SPREADS):
            density = 0.0
            for j in range(len(one.log_weights)):
                variance = float(one.covariances[j, 0, 0])
                effect = norm(0, np.sqrt(variance + (3 * effect_sd) ** 2)).pdf(one.means[j, 0])
                sd = np.hypot(one.noise.spreads[j], spread)
                height = np.exp(one.log_weights[j] + one.noise.log_heights[j]) * variance**0.5
                density = density + height * effect * norm(one.noise.log_sds[j], sd).pdf(middles)
            total[row] += np.log(density)
    weights = np.exp(total - total.max())
    mine = people[whose]
    gains = []
    for j in range(len(mine.log_weights)):
        sds = np.hypot(mine.noise.spreads[j], SPREADS)[:, None]
        mean = (weights * norm(mine.noise.log_sds[j], sds).pdf(middles)).sum()
        gains.append(np.log(mean) + mine.noise.log_heights[j])
    return np.array(gains) - max(gains)


@pytest.mark.parametrize("n_persons", [2, 5])
def test_a_persons_noise_is_what_the_others_tell(n_persons):
    rng = np.random.default_rng(n_persons)
    people = [person(rng, 6, middle) for middle in rng.normal(0.3, 0.3, n_persons)]
    found = learnt_noise(people, span=10.0, effect_sd=1.5)
    for whose in range(n_persons):
        expected = naive_gains(people, whose, 10.0, 1.5)
        # Between means the distribution is taken as normal.
        np.testing.assert_allclose(found.likelihoods[whose].noise_gains, expected, atol=0.01)


def test_a_pool_takes_effects_as_wide_as_its_prior_of_the_average():
    rng = np.random.default_rng(3)
    people = [person(rng, 6, middle) for middle in rng.normal(0.3, 0.3, 4)]
    gathered = given([member(f"p{place}") for place in range(4)], people)
    found, _ = noise_learnt(gathered, 20.0)
    expected = learnt_noise(people, span=20.0, effect_sd=3.0)
    for mine, theirs in zip(found.likelihoods, expected.likelihoods, strict=True):
        np.testing.assert_array_equal(mine.noise_gains, theirs.noise_gains)
    wider = learnt_noise(people, span=20.0, effect_sd=6.0)
    assert not np.array_equal(wider.likelihoods[0].noise_gains, expected.likelihoods[0].noise_gains)


def test_files_of_earlier_versions_keep_their_own_prior():
    rng = np.random.default_rng(3)
    new = [person(rng, 5, 0.0) for _ in range(3)]
    old = replace(person(rng, 5, 0.0), noise=None)
    found = learnt_noise([new[0], old, *new[1:]], span=10.0, effect_sd=1.5)
    assert found.likelihoods[1] is old
    assert all(found.likelihoods[index].noise_gains is not None for index in (0, 2, 3))
    alone = learnt_noise([old, new[0]], span=10.0, effect_sd=1.5)
    assert alone.next_person is None
    assert alone.likelihoods == (old, new[0])


def test_what_is_told_of_noise_comes_back_from_a_file():
    mine = person(np.random.default_rng(4), 4, 0.0)
    text = SharedLikelihood.of(mine, error=None, better_model=None).model_dump_json()
    back = SharedLikelihood.model_validate_json(text).effects()
    np.testing.assert_allclose(back.noise.log_sds, mine.noise.log_sds, atol=6e-4)
    plain = json.loads(text)
    del plain["noise"], plain["scheduled"]
    assert SharedLikelihood.model_validate(plain).effects().noise is None
    with pytest.raises(ValueError, match="noise: 4 numbers of each kind are needed"):
        SharedLikelihood.model_validate(plain | {"noise": {name: [0.0] for name in (
            "log_sds", "spreads", "log_heights")}})  # fmt: skip


def series(rng, n, flat, *, mean=-0.4, between=0.5):
    """Return persons with one score a period, of whom the first `flat` score 0 throughout."""
    found = []
    for number in range(n):
        arms = tuple(np.concatenate([rng.permutation(2) for _ in range(3)]).tolist())
        effect, sd = rng.normal(mean, between), np.exp(rng.normal(np.log(0.8), 0.35))
        level = rng.uniform(2.5, 6.5)
        score = level + effect * np.array(arms) + rng.normal(0.0, sd, 6)
        score = np.zeros(6) if number < flat else np.clip(np.round(score, 2), 0.0, 10.0)
        data = trial(regular_periods(6, 14), arms, 14 * np.arange(1, 7), score, scale=FINE)
        masked = replace(data.masked, person=f"P{number:02}")
        plan = AnalysisPlan(carryover="none")
        found.append(PersonData(data=data, series=data.masked.series[0], plan=plan))
        found[-1] = replace(found[-1], data=replace(data, masked=masked))
    return found


def answer(people, **question):
    found = [("table", one) for one in from_people(people, HERE)]
    asked = Question(purpose="next", mcid=1.0, **question)
    return pool(members(found, leave_out={}), asked, HERE)


def test_persons_at_the_floor_throughout_do_not_pull_the_average():
    fit = answer(series(np.random.default_rng(1), 23, 2))
    reml, found = fit.frequentist.reml, fit.bayes.mean
    # Without carryover both are averages of one kind; the prior of the average draws little.
    assert found.mean == pytest.approx(reml.estimate, abs=0.5 * reml.se)
    widths = np.array([one.ci_high - one.ci_low for one in fit.persons])
    assert widths[:2].min() > 0.9 * np.median(widths[2:])
    assert 0.4 < fit.bayes.noise.sd < 1.4
    assert fit.bayes.noise.low < fit.bayes.noise.sd < fit.bayes.noise.high
    assert any(row.label == "noise by the protocol's prior alone" for row in fit.sensitivity)


def test_the_protocols_prior_can_be_asked_for():
    people = series(np.random.default_rng(2), 4, 1)
    fit = answer(people, noise="protocol")
    assert fit.bayes.noise is None
    assert not any(row.label.startswith("noise") for row in fit.sensitivity)
    other = next(row for row in answer(people).sensitivity if row.label.startswith("noise"))
    assert fit.bayes.mean.mean == pytest.approx(other.mean.mean, abs=0.01)


@pytest.mark.slow
def test_the_average_of_a_series_with_persons_at_the_floor_holds_what_it_promises():
    """46 persons, three of them 0 throughout, an average of -0.4: 40 series."""
    held, apart = [], []
    for seed in range(40):
        fit = answer(series(np.random.default_rng([5, seed]), 46, 3))
        found, reml = fit.bayes.mean, fit.frequentist.reml
        # Whoever is 0 throughout has no effect that anybody could see.
        held.append(found.ci_low <= -0.4 * 43 / 46 <= found.ci_high)
        apart.append((found.mean - reml.estimate) / reml.se)
    assert np.mean(held) >= 0.95 - 3 * (0.95 * 0.05 / 40) ** 0.5
    assert abs(np.mean(apart)) < 0.3
    assert np.abs(apart).max() < 1.0


def test_likelihoods_in_one_piece_are_the_same_whatever_they_tell():
    rng = np.random.default_rng(6)
    told = [replace(person(rng, n, 0.0), scheduled=np.full((n, 1, 1), 0.5)) for n in (4, 7)]
    two = EffectLikelihood(
        means=rng.normal(0, 1, (3, 2)),
        covariances=np.tile(np.eye(2), (3, 1, 1)),
        log_weights=np.zeros(3),
    )
    given = [told[0], two, replace(person(rng, 5, 0.0), noise=None), told[1]]
    for before, after in zip(given, in_one_piece(given), strict=True):
        for name in ("means", "covariances", "log_weights", "half_lives", "scheduled"):
            np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
        assert (before.noise is None) == (after.noise is None)
        if before.noise is not None:
            np.testing.assert_array_equal(before.noise.log_sds, after.noise.log_sds)
            np.testing.assert_array_equal(before.noise.log_heights, after.noise.log_heights)
    pieces = in_one_piece(told)
    assert pieces[0].means.base is pieces[1].means.base is not None
