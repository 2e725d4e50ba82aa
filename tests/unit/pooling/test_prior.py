"""The prior for the next person, from a pool into a protocol."""

from __future__ import annotations

import re

import numpy as np
import pytest

from nof1.errors import InputError
from nof1.inference.exact.mixture import Mixture
from nof1.pooling.analysis import Question, pool
from nof1.pooling.persons.members import members
from nof1.pooling.prior import prior_text
from nof1.protocol.files import parse_protocol
from support.protocol_texts import DEFAULT
from support.shared_persons import OUTCOME, contributed

IRLS = OUTCOME | {"id": "irls", "high": 40, "mcid": 3, "recall_days": 7}


@pytest.fixture(scope="module")
def fit():
    rng = np.random.default_rng(3)
    found = [
        contributed(
            f"p{number}",
            outcome=IRLS,
            protocol={"name": "magnesium-rls", "version": "1.0", "digest": 64 * "c"},
            likelihood={
                "means": [[rng.normal(-3, 2)], [rng.normal(-3, 2)]],
                "covariances": [[4.0], [9.0]],
                "log_weights": [0.0, -1.0],
            },
        )
        for number in range(12)
    ]
    return pool(members([("x", one) for one in found], leave_out={}), Question(purpose="next"))


def test_appended_to_a_protocol_it_is_the_next_persons_distribution(fit):
    alone = parse_protocol(DEFAULT, source="my.toml")
    with_prior = parse_protocol(DEFAULT + prior_text(fit), source="my.toml")
    prior = with_prior.analysis.population_prior
    assert alone.analysis.population_prior is None
    assert (prior.outcome, prior.unit, prior.n_persons) == ("irls", "points", 12)
    assert prior.speaks_of("irls", "magnesium", "placebo")
    found = Mixture(**mixture(prior))
    told = fit.bayes.next_person
    assert (found.mean, found.sd) == pytest.approx((told.mean, told.sd), rel=1e-9)
    assert found.interval(0.95) == pytest.approx((told.ci_low, told.ci_high), abs=0.02 * told.sd)
    assert 1.0 - found.cdf(0.0) == pytest.approx(1.0 - told.p_better, abs=2e-3)


def mixture(prior):
    return {name: np.array(getattr(prior, name)) for name in ("means", "sds", "weights")}


def test_it_says_what_it_comes_from(fit):
    line = next(one for one in prior_text(fit).splitlines() if one.startswith("source"))
    assert re.fullmatch(
        r'source = "nof1 \S+: 12 persons pooled, magnesium-rls 1.0, sha256 [0-9a-f]{64}"', line
    )


def test_the_same_pool_writes_the_same_bytes_and_another_another_digest(fit):
    other = fit.model_copy(update={"n_persons": 13})
    assert prior_text(fit) == prior_text(fit)
    assert prior_text(fit)[-66:] != prior_text(other)[-66:]


def test_it_stands_alone_after_a_file_without_a_last_line_end(fit):
    text = DEFAULT.rstrip("\n") + prior_text(fit)
    assert parse_protocol(text, source="my.toml").analysis.population_prior


def test_names_that_no_protocol_has_are_refused(fit):
    contrast = fit.contrast.model_copy(update={"active": "B", "comparator": "A"})
    with pytest.raises(InputError) as raised:
        prior_text(fit.model_copy(update={"contrast": contrast, "outcome": "My score"}))
    assert [str(fault) for fault in raised.value.faults] == [
        f"--prior-out: no protocol can have the {what} {name!r}."
        " Name outcome and arms as the protocol does: small letters, digits, hyphens."
        for name, what in (("My score", "outcome"), ("B", "active"), ("A", "comparator"))
    ]
