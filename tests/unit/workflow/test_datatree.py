"""Posteriors as ArviZ DataTrees: the draws are the answer's, and a file gives them back."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import arviz as az
import numpy as np
import pytest
import xarray as xr

import nof1
from nof1.errors import InputError
from nof1.workflow.analyses import Analyses
from nof1.workflow.pool_result import PoolResult
from support.diary_frames import OPTIONS, of_person, three_people

#: Standard errors of a mean of independent draws; beyond them with a probability below 1e-5.
FAR = 4.5
CONTRIBUTIONS = Path(__file__).parents[3] / "examples" / "contributions.jsonl"


@pytest.fixture(scope="module")
def three() -> Analyses:
    return nof1.analyse(three_people(), **OPTIONS)


@pytest.fixture(scope="module")
def pooled(three: Analyses) -> PoolResult:
    return nof1.pool(three, purpose="next")


def test_arviz_reads_the_answer_off_the_draws(three: Analyses) -> None:
    one = three["anna"]
    table = az.summary(one.to_datatree(), ci_prob=0.95, ci_kind="eti", round_to="none")
    (exact,) = (engine for name, engine in one.to_dict()["engines"].items() if name == "quadrature")
    named = {
        "steady_state[walk - usual]": exact,
        "as_scheduled[walk - usual]": exact["as_scheduled"],
        **{name: exact[name] for name in ("half_life", "phi", "sigma", "sigma_period", "trend")},
    }
    assert set(table.index) == {*named, "level"}
    for name, answer in named.items():
        found = table.loc[name]
        assert found["mean"] == pytest.approx(answer["mean"], abs=FAR * found["mcse_mean"])
        room = 0.15 * found["sd"]
        assert found["eti95_lb"] == pytest.approx(answer["ci_low"], abs=room)
        assert found["eti95_ub"] == pytest.approx(answer["ci_high"], abs=2 * room)
        # Draws are independent: as many are effective as there are.
        assert 3000 < found["ess_bulk"] < 5000
        assert found["r_hat"] == pytest.approx(1.0, abs=0.01)


def test_groups_attributes_and_scores(three: Analyses) -> None:
    tree = three["ben"].to_datatree(draws=10, chains=2, seed=5)
    assert set(tree.children) == {"posterior", "observed_data"}
    posterior, observed = tree["posterior"], tree["observed_data"]
    assert dict(posterior.sizes) == {"chain": 2, "draw": 10, "contrast": 1}
    assert (
        posterior.attrs
        | {
            "created_by": f"nof1 {nof1.__version__}",
            "inference_library": "nof1",
            "inference_library_version": nof1.__version__,
            "numpy_version": version("numpy"),
            "seed": 5,
            "engine": "quadrature",
            "likelihood": "gaussian",
            "sampling": "independent draws",
            "mcid": 1,
            "person": "ben",
            "outcome": "legs",
        }
        == posterior.attrs
    )
    rows = of_person("ben").dropna(subset="legs")
    assert observed["score"].values.tolist() == rows.legs.tolist()
    assert observed["arm"].values.tolist() == rows.condition.tolist()
    assert observed["period"].values.tolist() == rows.period.tolist()
    assert observed["cycle"].values.tolist() == rows.cycle.tolist()


def test_a_file_gives_the_same_draws_back(
    three: Analyses, pooled: PoolResult, tmp_path: Path
) -> None:
    for tree in (
        three["anna"].to_datatree(draws=50),
        three.to_datatree(draws=5),
        pooled.to_datatree(draws=50),
    ):
        first, second = tmp_path / "draws.nc", tmp_path / "again.nc"
        tree.to_netcdf(first, engine="h5netcdf")
        tree.to_netcdf(second, engine="h5netcdf")
        assert first.read_bytes() == second.read_bytes()
        with xr.open_datatree(first, engine="h5netcdf") as found:
            assert found.identical(tree)
            assert all(found[path].attrs == tree[path].attrs for path in tree.groups)


def test_the_same_seed_gives_the_same_draws(three: Analyses) -> None:
    first, again, other = (three["anna"].to_datatree(draws=20, seed=seed) for seed in (1, 1, 2))
    assert first.identical(again)
    assert not first["posterior"].to_dataset().equals(other["posterior"].to_dataset())


def test_several_analyses_are_branches(three: Analyses) -> None:
    tree = three.to_datatree(draws=5)
    assert set(tree.children) == {"anna", "ben", "carla"}
    assert tree["carla/posterior"].attrs["person"] == "carla"
    alone = three["carla"].to_datatree(draws=5)
    assert tree["carla/posterior"].to_dataset().identical(alone["posterior"].to_dataset())


def test_what_the_plan_fixes_is_no_draw() -> None:
    plan = {"carryover": "fixed:2", "trend": "none", "period_effects": "none"}
    one = nof1.analyse(of_person("anna"), **OPTIONS, **plan)
    posterior = one.to_datatree(draws=5)["posterior"]
    assert set(posterior.data_vars) == {"steady_state", "as_scheduled", "phi", "sigma", "level"}
    assert posterior.attrs["half_life"] == 2
    assert posterior.attrs["sigma_period"] == 0


def test_two_half_lives_and_covariates_have_draws_of_their_own() -> None:
    table = of_person("anna")
    table["coffee"] = np.arange(len(table)) % 3
    one = nof1.analyse(table, **OPTIONS, half_lives="two", covariates="coffee")[0]
    posterior = one.to_datatree()["posterior"]
    assert "half_life_rise" in posterior
    exact = one.to_dict()["engines"]["quadrature"]["covariates"]["coffee"]
    draws = posterior["covariates"].sel(covariate="coffee")
    error = float(draws.std()) / draws.size**0.5
    assert float(draws.mean()) == pytest.approx(exact["mean"], abs=FAR * error)


def test_three_arms_have_a_column_for_every_contrast() -> None:
    table = of_person("anna")
    table.loc[table.period.isin([2, 5]), "condition"] = "swim"
    options = OPTIONS | {"allocation": "none"}
    one = nof1.analyse(table, **options)[0]
    posterior = one.to_datatree(draws=200)["posterior"]
    pairs = [f"{each.active} - {each.comparator}" for each in one.analysis.contrasts]
    assert posterior["contrast"].values.tolist() == pairs
    assert len(pairs) == 3
    first, second, between = (posterior["steady_state"].sel(contrast=pair) for pair in pairs)
    np.testing.assert_allclose(abs(between), abs(first - second), atol=1e-9)


def test_under_another_likelihood_weighted_draws_are_drawn_again() -> None:
    one = nof1.analyse(of_person("anna"), **OPTIONS, likelihood="student-t")[0]
    answer = one.to_dict()["engines"]["likelihood"]
    tree = one.to_datatree(draws=2000)
    posterior = tree["posterior"]
    assert posterior.attrs["engine"] == "likelihood"
    assert posterior.attrs["likelihood"] == "student-t"
    assert posterior.attrs["sampling"] == "drawn again by weight"
    effective = posterior.attrs["effective_draws"]
    assert 500 < effective <= 4000
    for name, figures in (("steady_state", answer), ("sigma", answer["sigma"])):
        draws = posterior[name]
        error = float(draws.std()) * (1 / effective + 1 / draws.size) ** 0.5
        assert float(draws.mean()) == pytest.approx(figures["mean"], abs=FAR * error)
    exact = one.to_datatree(engine="quadrature", draws=5)["posterior"].attrs
    assert exact["likelihood"] == "gaussian"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"draws": 0}, "draws: 0 is too few. Give 1 or more."),
        ({"chains": -1}, "chains: -1 is too few. Give 1 or more."),
        (
            {"draws": 10**6},
            "draws: 4,000,000 draws in all chains are more than are made. Give fewer: at most"
            " 1,000,000 in all.",
        ),
        (
            {"engine": "likelihood"},
            "engine: there are no draws of the engine 'likelihood' for these scores. Ask for"
            ' engine="quadrature".',
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(three: Analyses, options: dict, said: str) -> None:
    with pytest.raises(InputError) as caught:
        three["anna"].to_datatree(**options)
    assert [str(fault) for fault in caught.value.faults] == [said]


def test_without_a_posterior_there_are_no_draws() -> None:
    one = nof1.analyse(of_person("anna"), **OPTIONS, engines="paired")
    with pytest.raises(InputError, match="anna, legs: no engine with a posterior ran"):
        one.to_datatree()
    assert one.to_datatree(engine="quadrature", draws=5)["posterior"].sizes["draw"] == 5


def test_a_pool_draws_the_population_and_everybody(pooled: PoolResult) -> None:
    tree = pooled.to_datatree()
    table = az.summary(tree, ci_prob=0.95, ci_kind="eti", round_to="none")
    fit = pooled.fit
    named = {
        "mean": fit.bayes.mean,
        "next_person": fit.bayes.next_person,
        "these_persons": fit.bayes.these_persons,
        "as_scheduled": fit.bayes.as_scheduled,
    }
    for name, answer in named.items():
        found = table.loc[name]
        room = FAR * found["mcse_mean"] + 0.03 * found["sd"]
        assert found["mean"] == pytest.approx(answer.mean, abs=room)
    for one in fit.persons:
        found = table.loc[f"shrunken[{one.person}]"]
        assert found["mean"] == pytest.approx(
            one.shrunken, abs=FAR * found["mcse_mean"] + 0.05 * one.sd
        )
    assert table.loc["heterogeneity"]["mean"] == pytest.approx(
        fit.bayes.heterogeneity.mean, rel=0.1
    )
    observed = tree["observed_data"]
    assert observed["naive"].values.tolist() == [one.naive for one in fit.persons]
    assert tree["posterior"].attrs["estimand"] == "steady-state"


def test_a_pool_of_contributions_draws_too() -> None:
    found = nof1.pool(CONTRIBUTIONS)
    posterior = found.to_datatree(draws=20, chains=2)["posterior"]
    assert posterior.sizes["person"] == 24
    assert posterior["shrunken"].dims == ("chain", "draw", "person")


def test_persons_who_were_let_go_of_cannot_be_drawn(pooled: PoolResult) -> None:
    from dataclasses import replace

    with pytest.raises(InputError, match="the persons of this pool were let go of"):
        replace(pooled, members=None).to_datatree()


def test_no_branch_takes_the_place_of_another() -> None:
    people = three_people().replace({"person": {"anna": "a/b", "ben": "a-b", "carla": "a-b (2)"}})
    found = nof1.analyse(people, **OPTIONS, engines="quadrature")
    tree = found.to_datatree(draws=2)
    persons = {name: tree[f"{name}/posterior"].attrs["person"] for name in tree.children}
    assert sorted(persons.values()) == ["a-b", "a-b (2)", "a/b"]
