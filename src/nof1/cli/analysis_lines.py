"""An analysis as lines for a terminal; sentences and layout, no numbers of its own."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from nof1.inference.result import Analysis, Contrast, DriftCheck, Fit, NotRun
from nof1.inference.score_account import ANALYSED, Account
from nof1.inference.verdict import TITLES

WIDTH = 88


def analysis_lines(analysis: Analysis) -> Iterator[str]:
    """Yield the lines of one analysis: data, engines, verdict, warnings."""
    if analysis.scale_doubt:
        yield from textwrap.wrap(analysis.scale_doubt, WIDTH)
    mcid = "" if analysis.mcid is None else f", smallest that matters {analysis.mcid:g}"
    yield (
        f"{analysis.person}: {analysis.title} ({analysis.low:g} to {analysis.high:g}"
        f" {analysis.unit}, {analysis.better} is better{mcid})"
    )
    yield (
        f"{count(analysis.n_scores, 'score')}, {analysis.n_missing} missing,"
        f" {count(analysis.n_periods, 'period')},"
        f" {count(analysis.n_cycles, 'cycle')} with scores on both arms"
    )
    yield from _account_lines(analysis.account)
    yield ""
    yield from _arm_lines(analysis)
    for contrast in analysis.contrasts:
        yield ""
        yield from _contrast_lines(analysis, contrast)
    yield from warning_lines([one for one in analysis.warnings if one != analysis.scale_doubt])


def warning_lines(warnings: Sequence[str]) -> Iterator[str]:
    """Yield what should be known of an answer, if there is anything."""
    if warnings:
        yield ""
        yield "Please note"
    for warning in warnings:
        yield from textwrap.wrap(warning, WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _account_lines(account: Account) -> Iterator[str]:
    """Yield every row and expected day by what became of it, unless all were analysed."""
    if account.of(ANALYSED).n == account.total:
        return
    arms = tuple(account.counted[0].by_arm)
    yield ""
    yield f"Of {account.total} rows and expected days"
    yield from aligned(
        [
            ("", *arms, "on no arm", ""),
            *(
                (one.what, *(str(one.by_arm[arm]) for arm in arms), str(one.on_no_arm), "")
                for one in account.counted
            ),
        ]
    )


def _not_run(said: str) -> Iterator[str]:
    yield from textwrap.wrap(said, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _digits(analysis: Analysis) -> int:
    return decimals(analysis.high - analysis.low)


def decimals(span: float) -> int:
    """Return the decimals of points: two for a scale of ten to a hundred points."""
    return max(0, 3 - math.floor(math.log10(span)))


def _arm_lines(analysis: Analysis) -> Iterator[str]:
    wide, digits = max(len(arm.arm) for arm in analysis.arm_summaries), _digits(analysis)
    for arm in analysis.arm_summaries:
        mean = "-" if arm.mean is None else f"{arm.mean:.{digits}f}"
        sd = "" if arm.sd is None else f" (SD {arm.sd:.{digits}f})"
        yield f"  {arm.arm:<{wide}}  mean {mean:>7}{sd}, n {arm.n}"
    plain, primary = analysis.descriptive, analysis.primary
    if plain["difference"] is not None:
        test = (
            ""
            if plain.get("welch_t") is None
            else f"; Welch t {plain['welch_t']:.2f}, p {p_value(plain['welch_p'])}"
        )
        between = (
            f" of {primary.active} and {primary.comparator}" if len(analysis.contrasts) > 1 else ""
        )
        yield f"  difference of all scores{between} {plain['difference']:+.{digits}f}{test}"
        yield "  (days are not independent: this line describes and proves nothing)"


def _contrast_lines(analysis: Analysis, contrast: Contrast) -> Iterator[str]:
    yield f"{contrast.active} minus {contrast.comparator}, {analysis.unit}"
    groups = (
        ("as-scheduled", "As scheduled: the difference of period means, carryover and all"),
        ("steady-state", "Steady state: the effect at full exposure"),
    )
    fits = [fit for fit in contrast.alone.values() if isinstance(fit, Fit)]
    digits = _digits(analysis)
    for estimand, heading in groups:
        rows = [
            _frequentist(fit, digits)
            for fit in fits
            if fit.estimand == estimand and "mean" not in fit.values
        ]
        rows += [
            _bayesian(fit, estimand, digits)
            for fit in fits
            if "mean" in fit.values and estimand in ("as-scheduled", fit.estimand)
            if estimand != "as-scheduled" or fit.scheduled is not None
        ]
        rows += _with_room(contrast.drift, estimand, digits)
        if rows:
            yield f"  {heading}"
            yield from aligned(rows)
    yield from _population_lines(analysis, contrast, digits)
    for result in contrast.engines.values():
        if isinstance(result, NotRun):
            yield from _not_run(f"{result.engine} did not run: {result.why}.")
    unspoken = [fit for fit in fits if "as_scheduled" in fit.values and fit.scheduled is None]
    for why in dict.fromkeys(fit.values["as_scheduled"]["not_run"] for fit in unspoken):
        names = ", ".join(f.engine for f in unspoken)
        yield from _not_run(f"{names} as scheduled did not run: {why}.")
    yield from _covariate_lines(contrast, digits)
    exact = contrast.answer
    if exact is not None:
        yield from _probability_lines(analysis, contrast, exact.values)
        yield ""
        yield from textwrap.wrap(f"Verdict: {_verdict(contrast)}", WIDTH, subsequent_indent="  ")


def _population_lines(analysis: Analysis, contrast: Contrast, digits: int) -> Iterator[str]:
    """Yield the person's own answer, what earlier persons tell, and both together."""
    fit = contrast.fit("population")
    if fit is None:
        return
    both = fit.values
    prior = both["prior"]
    earlier = count(prior["n_persons"], "earlier person")
    heading = f"Steady state, with {earlier}: {prior['source']}"
    yield from textwrap.wrap(heading, WIDTH, initial_indent="  ", subsequent_indent="    ")
    better = f"better {percent(both['p_better'])}"
    if analysis.mcid is not None:
        better += f", by {analysis.mcid:g} or more {percent(both['p_meaningful'])}"
    yield from aligned(
        [
            (
                name,
                f"{values['mean']:+.{digits}f}",
                f"{100 * both['ci_level']:.3g} % interval",
                f"{values['ci_low']:+.{digits}f} to {values['ci_high']:+.{digits}f}",
                extra,
            )
            for name, values, extra in (
                ("own scores", both["own"], ""),
                ("earlier persons", prior, ""),
                ("both (population)", both, better),
            )
        ]
    )
    yield "    The verdict rests on the own scores: error rates were measured for these."


def _covariate_lines(contrast: Contrast, digits: int) -> Iterator[str]:
    """Yield the change in score that goes with one unit more of each covariate."""
    for engine in contrast.engines:
        fit = contrast.fit(engine)
        if fit is None or "covariates" not in fit.values:
            continue
        yield f"  Covariates by {engine}: change in score for one more, all else equal"
        yield from aligned(
            [
                (
                    one["title"] + (f" ({one['unit']})" if one["unit"] else ""),
                    f"{one.get('estimate', one.get('mean')):+.{digits}f}",
                    f"{one['ci_low']:+.{digits}f} to {one['ci_high']:+.{digits}f}",
                )
                for one in fit.values["covariates"].values()
            ]
        )


def aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows of cells as lines: names to the left, numbers to the right, the rest after."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(w) for cell, w in zip(row[1:-1], widths[1:-1], strict=True)]
        yield f"    {'  '.join(cells)}  {row[-1]}".rstrip()


def _frequentist(fit: Fit, digits: int) -> tuple[str, ...]:
    values = fit.values
    extra = f"p {p_value(values['p_value'])}"
    if fit.engine == "randomisation":
        extra += _of_orders(values, digits)
    else:
        extra += f", df {values['df']:.1f}".removesuffix(".0")
    return (
        fit.engine,
        f"{values['estimate']:+.{digits}f}",
        f"{100 * values['ci_level']:.3g} % interval",
        f"{values['ci_low']:+.{digits}f} to {values['ci_high']:+.{digits}f}",
        extra,
    )


def _of_orders(values: Any, digits: int) -> str:
    """Return what a randomisation p-value rests on."""
    orders = f"{values['allocations']:,} orders"
    if not values["exact"]:
        orders = f"orders sampled, Monte Carlo error {p_value(values['monte_carlo_se'])}"
    said = f" of at least {p_value(values['min_p_value'])}, {orders}"
    if values["statistic"] == "studentised":
        said += ", studentised"
    if "pooled_mean" in values:
        pooled = values["pooled_mean"]
        said += (
            f", mean of phase means (pooled means {pooled['estimate']:+.{digits}f},"
            f" p {p_value(pooled['p_value'])})"
        )
    return said


def _bayesian(fit: Fit, estimand: str, digits: int) -> tuple[str, ...]:
    values = fit.values if estimand == "steady-state" else (fit.scheduled or {})
    extra = ""
    if estimand == "steady-state" and "error" in fit.values:
        extra = f"numerical error {fit.values['error']:.1g}"
    if estimand == "steady-state" and "likelihood" in fit.values:
        extra = f"{fit.values['likelihood']}, by {fit.values['by']}"
        extra += f", {fit.values['ess']:,.0f} effective draws"
    return (
        fit.engine,
        f"{values['mean']:+.{digits}f}",
        f"{100 * fit.values['ci_level']:.3g} % interval",
        f"{values['ci_low']:+.{digits}f} to {values['ci_high']:+.{digits}f}",
        extra,
    )


def _with_room(drift: DriftCheck | None, estimand: str, digits: int) -> Iterator[tuple[str, ...]]:
    """Yield the row of the answer with room for a drift that contradicts its prior."""
    if drift is None or drift.answer is None:
        return
    answer = drift.answer
    values = answer if estimand == "steady-state" else answer["as_scheduled"]
    if values is not None:
        yield (
            "wide drift",
            f"{values['mean']:+.{digits}f}",
            f"{100 * answer['ci_level']:.3g} % interval",
            f"{values['ci_low']:+.{digits}f} to {values['ci_high']:+.{digits}f}",
            f"drift's prior SD {drift.wide_sd:.2g} for {drift.prior_sd:.2g}",
        )


def _probability_lines(analysis: Analysis, contrast: Contrast, values: Any) -> Iterator[str]:
    room = None if contrast.drift is None else contrast.drift.answer

    def chance(name: str) -> str:
        other = "" if room is None else f" (with room for the drift {percent(room[name])})"
        return f"{percent(values[name])}{other}"

    yield ""
    yield f"  Chance that {contrast.active} is better at all: {chance('p_better')}"
    if analysis.mcid is not None:
        size = f"{analysis.mcid:g}"
        yield f"  Chance that it is better by {size} or more: {chance('p_meaningful')}"
        yield (
            f"  Chance that the difference is smaller than {size} either way: {chance('p_trivial')}"
        )
    two = "half_life_rise" in values
    names = {
        "half_life": (f"Half-life of {'its fall' if two else 'the effect'}", " days"),
        "half_life_rise": ("Half-life of its rise", " days"),
        "phi": ("Correlation of neighbouring scores", ""),
        "sigma": ("SD of a score", f" {analysis.unit}"),
        "sigma_period": ("SD of period shifts", f" {analysis.unit}"),
        "trend": ("Drift over the whole trial", f" {analysis.unit}"),
    }
    by_arm = values.get("sigma_by_arm", {})
    for key, (name, unit) in names.items():
        if key not in values:
            continue
        parts = {f" on {arm}": one for arm, one in by_arm.items()} if key == "sigma" else {}
        for on, one in (parts or {"": values[key]}).items():
            ends = f"{one['ci_low']:.2g} to {one['ci_high']:.2g}"
            yield f"  {name}{on}: {one['mean']:.2g}{unit} ({ends})"


def _verdict(contrast: Contrast) -> str:
    verdict = contrast.verdict
    said = (
        "we cannot tell"
        if verdict.code == "cannot-tell"
        else f"{contrast.active} {TITLES[verdict.code]}"
    )
    if verdict.reason:
        return f"{said}: {verdict.reason}."
    if verdict.code != "cannot-tell":
        return f"{said}."
    if verdict.further_cycles is None:
        return f"{said}, and more of the same would not settle it soon."
    more = count(verdict.further_cycles, "more cycle")
    return f"{said}. About {more} like these would be needed."


def count(number: int, noun: str) -> str:
    """Return a number of things in words."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def p_value(value: float) -> str:
    """Return a p-value as it is printed."""
    return f"{value:.3f}" if value >= 0.001 else f"{value:.1e}"


def percent(probability: float) -> str:
    """Return a probability in per cent; never 0 or 100 unless it is."""
    if 0 < probability < 0.005:
        return "under 1 %"
    if 0.995 < probability < 1:
        return "over 99 %"
    return f"{100 * probability:.0f} %"
