"""The coarse likelihood: what it keeps, what it drops, and its noise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.exact.effect_likelihood import EffectLikelihood
from nof1.model.priors import HalfLifePrior
from nof1.pooling.analysis import Question, pool
from nof1.pooling.persons.members import members
from nof1.sharing import coarsening
from nof1.sharing.coarsening import NODES, coarse, coarsened
from nof1.sharing.contribution import Contribution
from support.shared_persons import diaries, shared

PRIOR = HalfLifePrior(means_days=(10.0, 0.4), shares=(0.7, 0.3))
HALF_LIVES = np.array([0.1, 0.3, 0.6, 1.0, 1.9, 3.5, 6.4, 12.0, 22.0, 35.0])


def parabolas(*, effects: int = 1) -> EffectLikelihood:
    """Return a likelihood that is what a coarse one can tell: parabolas in the axis."""
    axis = np.log1p(HALF_LIVES / 0.4)
    log_sd, score = -0.4 + 0.02 * axis + 0.08 * axis**2, -2.5 + 0.6 * axis - 0.15 * axis**2
    mean, variance = score * np.exp(log_sd), np.exp(2.0 * log_sd)
    alike = 0.5 * (np.eye(effects) + 1.0)
    means = np.stack([mean] * effects, axis=-1)
    covariances = variance[:, None, None] * alike
    heights = 0.5 * np.einsum("nk,nkl,nl->n", means, np.linalg.inv(covariances), means)
    return EffectLikelihood(
        means=means,
        covariances=covariances,
        log_weights=heights - heights.max(),
        half_lives=HALF_LIVES,
        half_life_prior=PRIOR,
    )


@pytest.fixture
def quiet(monkeypatch):
    """Leave the noise out."""
    monkeypatch.setattr(coarsening, "MEAN_NOISE", 0.0)
    monkeypatch.setattr(coarsening, "LOG_SD_NOISE", 0.0)


@pytest.mark.parametrize("effects", [1, 2])
@pytest.mark.usefixtures("quiet")
def test_what_few_numbers_can_tell_is_told_exactly(effects):
    found = coarse(parabolas(effects=effects), effect_sd=1.5, key="k", salt="x")
    axis = np.log1p(found.half_lives.astype(float) / 0.4)
    inside = (HALF_LIVES[0] <= found.half_lives) & (found.half_lives <= HALF_LIVES[-1])
    sd = np.exp(-0.4 + 0.02 * axis + 0.08 * axis**2)
    mean = sd * (-2.5 + 0.6 * axis - 0.15 * axis**2)
    assert found.means.shape == (NODES, effects)
    for effect in range(effects):
        close = {"rel": 2e-3, "abs": 2e-3}
        variances = found.covariances[inside, effect, effect]
        assert found.means[inside, effect].tolist() == pytest.approx(mean[inside].tolist(), **close)
        assert variances.tolist() == pytest.approx((sd[inside] ** 2).tolist(), **close)
    if effects == 2:
        correlation = found.covariances[:, 0, 1] / found.covariances[:, 0, 0]
        assert correlation.tolist() == pytest.approx([0.5] * NODES, abs=1e-3)


def test_no_effect_is_equally_likely_at_every_half_life():
    found = coarse(parabolas(), effect_sd=1.5, key="k", salt="x")
    at_none = found.log_weights - 0.5 * found.means[:, 0] ** 2 / found.covariances[:, 0, 0]
    axis = np.log1p(found.half_lives.astype(float) / 0.4)
    edges = 0.4 * np.expm1(0.5 * (axis[1:] + axis[:-1]))
    masses = np.diff([0.0, *PRIOR.cdf(edges), 1.0])
    apart = at_none - np.log(masses)
    assert np.ptp(apart) < 1e-2


def test_half_lives_hang_on_the_prior_alone():
    one, other = (coarse(parabolas(), effect_sd=sd, key=key, salt="x") for sd, key in
                  ((1.5, "a"), (4.0, "b")))  # fmt: skip
    assert one.half_lives.tolist() == other.half_lives.tolist()
    assert PRIOR.cdf(one.half_lives[-1]) == pytest.approx(0.985, abs=0.005)


@pytest.mark.usefixtures("quiet")
def test_a_fixed_half_life_leaves_two_numbers():
    found = coarse(
        EffectLikelihood(
            means=np.array([[-1.0], [-1.2]]),
            covariances=np.array([[[0.5]], [[0.9]]]),
            log_weights=np.array([0.0, -0.4]),
        ),
        effect_sd=1.5,
        key="k",
        salt="x",
    )
    assert (found.half_lives, found.means.shape) == (None, (1, 1))
    assert -1.2 < found.means[0, 0] < -1.0
    assert 0.5 < found.covariances[0, 0, 0] < 0.9


def test_the_noise_follows_from_the_key_and_the_outcome():
    def made(key, salt):
        return coarse(parabolas(), effect_sd=1.5, key=key, salt=salt).means.tolist()

    assert made("a", "x") == made("a", "x")
    assert made("a", "x") != made("b", "x")
    assert made("a", "x") != made("a", "y")


@pytest.mark.usefixtures("quiet")
def test_the_noise_has_the_sds_it_is_said_to_have(monkeypatch):
    clean = coarse(parabolas(), effect_sd=1.5, key="", salt="x")
    axis = np.log1p(clean.half_lives.astype(float) / 0.4)
    place = 2.0 * (axis - axis[0]) / (axis[-1] - axis[0]) - 1.0
    basis = np.polynomial.legendre.legvander(place, 2)
    monkeypatch.setattr(coarsening, "MEAN_NOISE", 0.1)
    monkeypatch.setattr(coarsening, "LOG_SD_NOISE", 0.05)
    wider = np.sqrt(1.0 + 0.1**2 * (basis**2).sum(axis=1))
    found = []
    for number in range(200):
        one = coarse(parabolas(), effect_sd=1.5, key=str(number), salt="x")
        sds = np.sqrt(one.covariances[:, 0, 0]) / wider
        moved = (one.means[:, 0] - clean.means[:, 0]) / sds
        grown = np.log(sds / np.sqrt(clean.covariances[:, 0, 0]))
        inside = (HALF_LIVES[0] <= one.half_lives) & (one.half_lives <= HALF_LIVES[-1])
        found.append(
            [np.linalg.lstsq(basis[inside], one[inside], rcond=None)[0] for one in (moved, grown)]
        )
    sds = np.std(found, axis=0)
    assert sds[0].tolist() == pytest.approx([0.1] * 3, rel=0.2)
    assert sds[1].tolist() == pytest.approx([0.05] * 3, rel=0.2)


def test_a_contribution_is_made_coarse_and_read_again():
    (whole,) = shared(diaries(1), level="likelihood")
    found = coarsened(whole, effect_sd=1.5, key="k")
    assert Contribution.model_validate_json(found.text()) == found
    assert (found.level, found.likelihood.error) == ("coarse", None)
    assert found.likelihood.added_noise.model_dump() == {"means": 0.1, "log_sds": 0.05}
    changed = {"level", "likelihood"}
    assert found.model_dump(exclude=changed) == whole.model_dump(exclude=changed)


def test_a_pool_takes_both_levels_and_its_answer_hardly_moves():
    people = shared(diaries(12), level="likelihood")
    noisy = [coarsened(one, effect_sd=1.5, key=one.id[::-1]) for one in people]
    mixed = [*people[:6], *noisy[6:]]
    question = Question(purpose="next", mcid=1.0)
    before, half, after = (
        pool(members([(one.id, one) for one in found], leave_out={}), question)
        for found in (people, mixed, noisy)
    )
    # A person's own posterior has an SD of about 0.9 points.
    for one in (half, after):
        assert one.bayes.mean.mean == pytest.approx(before.bayes.mean.mean, abs=0.09)
        assert one.bayes.mean.sd == pytest.approx(before.bayes.mean.sd, rel=0.15)
        moved = [
            mine.shrunken - other.shrunken
            for mine, other in zip(one.persons, before.persons, strict=True)
        ]
        assert np.sqrt(np.mean(np.square(moved))) < 0.12


def test_equal_half_lives_need_no_parabola():
    given = parabolas()
    alone = replace(
        given,
        means=given.means[3:4],
        covariances=given.covariances[3:4],
        log_weights=np.zeros(1),
        half_lives=given.half_lives[3:4],
    )
    found = coarse(alone, effect_sd=1.5, key="k", salt="x")
    assert np.ptp(found.means) < 1e-6
