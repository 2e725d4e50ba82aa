"""One person's posterior as draws in an ArviZ DataTree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from nof1.errors import Fault, InputError
from nof1.inference.result import Analysis
from nof1.model.model_input import STRADDLES, ModelInput
from nof1.provenance import VERSION, software

if TYPE_CHECKING:
    import xarray as xr

    from nof1.inference.answer_draws import AnswerDraws

FloatArray = NDArray[np.float64]
Variables = dict[str, tuple[tuple[str, ...], FloatArray]]
#: Engines whose posterior can be drawn from.
DrawnEngine = Literal["quadrature", "likelihood"]

#: Draws of a chain, chains and seed where nothing is said.
DRAWS, CHAINS, SEED = 1000, 4, 1
#: Draws of all chains together, at most.
MOST_DRAWS = 1_000_000
#: What every draw belongs to.
SAMPLE = ("chain", "draw")


def analysis_tree(
    inputs: ModelInput, analysis: Analysis, engine: str | None, draws: int, chains: int, seed: int
) -> xr.DataTree:
    """Return a posterior as independent joint draws, and the scores it is of.

    Parameters
    ----------
    inputs : ModelInput
        Scores and plan.
    analysis : Analysis
        Of these.
    engine : {"quadrature", "likelihood"} or None
        Whose posterior; None for the one the verdict rests on.
    draws, chains : int
        Draws of each chain, and chains.
    seed : int
        Same seed, same draws.

    Raises
    ------
    InputError
        If there is no posterior to draw from, or the numbers will not do.
    """
    import xarray as xr

    from nof1.inference.answer_draws import draw_answer

    refuse_numbers(draws, chains)
    answer = analysis.primary.answer
    if engine is None and answer is None:
        what = f"{analysis.person}, {analysis.outcome}: no engine with a posterior ran"
        raise InputError(Fault("", what, "Leave quadrature among the engines."))
    wanted = engine or ("" if answer is None else answer.engine)
    drawn = draw_answer(inputs, wanted, draws * chains, seed)
    attrs = {
        **made_by(seed),
        "engine": drawn.engine,
        "likelihood": drawn.likelihood,
        "sampling": "independent draws" if drawn.effective is None else "drawn again by weight",
        **known({"effective_draws": drawn.effective, "mcid": analysis.mcid}),
        "person": analysis.person,
        "outcome": analysis.outcome,
        "unit": analysis.unit,
        "better": analysis.better,
        "scale_low": analysis.low,
        "scale_high": analysis.high,
        **_fixed(inputs),
    }
    coords = {
        "chain": np.arange(chains),
        "draw": np.arange(draws),
        "contrast": [
            f"{contrast.active} - {contrast.comparator}" for contrast in analysis.contrasts
        ],
    }
    if inputs.adjustments:
        coords["covariate"] = [adjustment.covariate for adjustment in inputs.adjustments]
    variables = {
        name: (dims, values.reshape(chains, draws, *values.shape[1:]))
        for name, (dims, values) in _variables(inputs, analysis, drawn).items()
    }
    posterior = xr.Dataset(variables, coords=coords, attrs=attrs)
    observed = _observed(inputs).assign_attrs(made_by(seed))
    return xr.DataTree.from_dict({"posterior": posterior, "observed_data": observed})


def branches(names: Sequence[str], trees: Sequence[xr.DataTree]) -> xr.DataTree:
    """Return one tree with the others as its branches."""
    import xarray as xr

    return xr.DataTree.from_dict(
        {
            f"{name}/{group}": branch.to_dataset()
            for name, tree in zip(names, trees, strict=True)
            for group, branch in tree.children.items()
        }
    )


def refuse_numbers(draws: int, chains: int) -> None:
    """Refuse numbers of draws that cannot be made.

    Raises
    ------
    InputError
        With what is wrong with each.
    """
    faults = [
        Fault(name, f"{value} is too few", "Give 1 or more.")
        for name, value in (("draws", draws), ("chains", chains))
        if value < 1
    ]
    if not faults and draws * chains > MOST_DRAWS:
        what = f"{draws * chains:,} draws in all chains are more than are made"
        faults = [Fault("draws", what, f"Give fewer: at most {MOST_DRAWS:,} in all.")]
    if faults:
        raise InputError(faults)


def made_by(seed: int) -> dict[str, Any]:
    """Return what draws were made with; no time, so that the same call gives the same file."""
    from importlib.metadata import version

    return {
        "created_by": software(),
        "creation_library": "nof1",
        "creation_library_version": VERSION,
        "creation_library_language": "Python",
        "inference_library": "nof1",
        "inference_library_version": VERSION,
        "numpy_version": version("numpy"),
        "scipy_version": version("scipy"),
        "seed": seed,
    }


def known(values: Mapping[str, float | None]) -> dict[str, float]:
    """Return the values that there are: a file has no place for None."""
    return {name: value for name, value in values.items() if value is not None}


def _fixed(inputs: ModelInput) -> dict[str, float]:
    """Return the parameters that the plan fixes, which are no draws."""
    plan = inputs.plan
    return known(
        {
            "half_life": plan.fixed_half_life_days,
            "sigma_period": 0.0 if plan.period_effects == "none" else None,
        }
    )


def _variables(inputs: ModelInput, analysis: Analysis, drawn: AnswerDraws) -> Variables:
    """Return the draws by name, the names of the contract, without those that are fixed."""
    draws, plan = drawn.draws, inputs.plan
    pairs = [
        (inputs.arms.index(contrast.active), inputs.arms.index(contrast.comparator))
        for contrast in analysis.contrasts
    ]
    scheduled = [
        draws.as_scheduled(inputs, *pair)
        if inputs.unspoken(*pair, whole=True) is None
        else np.full(len(draws.phi), np.nan)
        for pair in pairs
    ]
    named: dict[str, FloatArray | None] = {
        "half_life": draws.half_life if plan.fixed_half_life_days is None else None,
        "half_life_rise": draws.half_life_rise if plan.half_lives == "two" else None,
        "phi": draws.phi,
        "sigma": draws.sigma,
        "sigma_period": draws.sigma_period if plan.period_effects == "random" else None,
        "level": draws.level,
        "trend": draws.trend if plan.trend == "linear" else None,
    }
    by_contrast = (*SAMPLE, "contrast")
    variables: Variables = {
        "steady_state": (by_contrast, np.stack([draws.steady_state(*p) for p in pairs], axis=1)),
        "as_scheduled": (by_contrast, np.stack(scheduled, axis=1)),
    }
    variables |= {name: (SAMPLE, values) for name, values in named.items() if values is not None}
    if inputs.adjustments:
        per_unit = draws.slopes / np.array([adjustment.sd for adjustment in inputs.adjustments])
        variables["covariates"] = ((*SAMPLE, "covariate"), per_unit)
    return variables


def _observed(inputs: ModelInput) -> xr.Dataset:
    """Return the scores that were analysed, with day, period, cycle and arm."""
    import xarray as xr

    def numbered(values: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.where(values == STRADDLES, 0, values + 1)

    arms = ["" if arm == STRADDLES else inputs.arms[arm] for arm in inputs.arm.tolist()]
    return xr.Dataset(
        {"score": ("obs_id", inputs.score)},
        coords={
            "obs_id": np.arange(inputs.n),
            "day": ("obs_id", inputs.day),
            "period": ("obs_id", numbered(inputs.period)),
            "cycle": ("obs_id", numbered(inputs.cycle)),
            "arm": ("obs_id", np.array(arms, dtype=str)),
        },
    )
