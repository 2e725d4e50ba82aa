"""An analysis as lines for a terminal; sentences and layout, no numbers of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nof1.inference.result import Analysis, Contrast, DriftCheck, Fit, NotRun
from nof1.inference.score_account import ANALYSED, Account
from nof1.reports.terminal.lines import aligned, wrapped
from nof1.words import verdicts
from nof1.words.caution import sentence, sentences
from nof1.words.numbers import (
    counted,
    decimals,
    freedom,
    level_text,
    p_figure,
    p_value,
    percent,
    signed,
    signed_interval,
)


def analysis_lines(analysis: Analysis) -> Iterator[str]:
    """Yield the lines of one analysis: data, engines, verdict, warnings."""
    if analysis.scale_doubt:
        yield from wrapped(sentence(analysis.scale_doubt))
    mcid = "" if analysis.mcid is None else f", smallest that matters {analysis.mcid:g}"
    yield (
        f"{analysis.person}: {analysis.title} ({analysis.low:g} to {analysis.high:g}"
        f" {analysis.unit}, {analysis.better} is better{mcid})"
    )
    yield (
        f"{counted(analysis.n_scores, 'score')}, {analysis.n_missing} missing,"
        f" {counted(analysis.n_periods, 'period')},"
        f" {counted(analysis.n_cycles, 'cycle')} with scores on both arms"
    )
    yield from _account_lines(analysis.account)
    yield ""
    yield from _arm_lines(analysis)
    for contrast in analysis.contrasts:
        yield ""
        yield from _contrast_lines(analysis, contrast)
    yield from warning_lines(
        sentences(caution for caution in analysis.cautions if caution != analysis.scale_doubt)
    )


def warning_lines(warnings: Sequence[str]) -> Iterator[str]:
    """Yield what should be known of an answer, if there is anything."""
    if warnings:
        yield ""
        yield "Please note"
    for warning in warnings:
        yield from wrapped(warning, first="  - ", later="    ")


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
                (count.what, *(str(count.by_arm[arm]) for arm in arms), str(count.on_no_arm), "")
                for count in account.counted
            ),
        ]
    )


def _not_run(said: str) -> Iterator[str]:
    yield from wrapped(said, first="  ", later="    ")


def _digits(analysis: Analysis) -> int:
    return decimals(analysis.high - analysis.low)


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
            else f"; Welch t {plain['welch_t']:.2f}, {p_value(plain['welch_p'])}"
        )
        between = (
            f" of {primary.active} and {primary.comparator}" if len(analysis.contrasts) > 1 else ""
        )
        yield f"  difference of all scores{between} {signed(plain['difference'], digits)}{test}"
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
        yield from wrapped(f"Verdict: {_verdict(contrast)}", later="  ")


def _population_lines(analysis: Analysis, contrast: Contrast, digits: int) -> Iterator[str]:
    """Yield the person's own answer, what earlier persons tell, and both together."""
    fit = contrast.fit("population")
    if fit is None:
        return
    both = fit.values
    prior = both["prior"]
    earlier = counted(prior["n_persons"], "earlier person")
    heading = f"Steady state, with {earlier}: {prior['source']}"
    yield from wrapped(heading, first="  ", later="    ")
    better = f"better {percent(both['p_better'])}"
    if analysis.mcid is not None:
        better += f", by {analysis.mcid:g} or more {percent(both['p_meaningful'])}"
    yield from aligned(
        [
            (
                name,
                signed(values["mean"], digits),
                f"{level_text(both['ci_level'])} interval",
                signed_interval(values["ci_low"], values["ci_high"], digits),
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
                    covariate["title"] + (f" ({covariate['unit']})" if covariate["unit"] else ""),
                    signed(covariate.get("estimate", covariate.get("mean")), digits),
                    signed_interval(covariate["ci_low"], covariate["ci_high"], digits),
                )
                for covariate in fit.values["covariates"].values()
            ]
        )


def _frequentist(fit: Fit, digits: int) -> tuple[str, ...]:
    values = fit.values
    extra = p_value(values["p_value"])
    if fit.engine == "randomisation":
        extra += _of_orders(values, digits)
    else:
        extra += f", df {freedom(values['df'])}"
    return (
        fit.engine,
        signed(values["estimate"], digits),
        f"{level_text(values['ci_level'])} interval",
        signed_interval(values["ci_low"], values["ci_high"], digits),
        extra,
    )


def _of_orders(values: Any, digits: int) -> str:
    """Return what a randomisation p-value rests on."""
    orders = f"{values['allocations']:,} orders"
    if not values["exact"]:
        orders = f"orders sampled, Monte Carlo error {values['monte_carlo_se']:.1g}"
    said = f" of at least {p_figure(values['min_p_value'])}, {orders}"
    if values["statistic"] == "studentised":
        said += ", studentised"
    if "pooled_mean" in values:
        pooled = values["pooled_mean"]
        said += (
            f", mean of phase means (pooled means {signed(pooled['estimate'], digits)},"
            f" {p_value(pooled['p_value'])})"
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
        signed(values["mean"], digits),
        f"{level_text(fit.values['ci_level'])} interval",
        signed_interval(values["ci_low"], values["ci_high"], digits),
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
            signed(values["mean"], digits),
            f"{level_text(answer['ci_level'])} interval",
            signed_interval(values["ci_low"], values["ci_high"], digits),
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
        parts = {f" on {arm}": summary for arm, summary in by_arm.items()} if key == "sigma" else {}
        for on, summary in (parts or {"": values[key]}).items():
            ends = f"{summary['ci_low']:.2g} to {summary['ci_high']:.2g}"
            yield f"  {name}{on}: {summary['mean']:.2g}{unit} ({ends})"


def _verdict(contrast: Contrast) -> str:
    verdict = contrast.verdict
    said = verdicts.TITLES[verdict.code]
    if verdict.code != "cannot-tell":
        said = verdicts.OF_ARM.format(active=contrast.active, title=said)
    if verdict.reason is not None:
        return verdicts.REASON.format(said=said, reason=sentence(verdict.reason))
    if verdict.code != "cannot-tell":
        return verdicts.PLAIN.format(said=said)
    more = verdict.further_cycles
    if more is None:
        return verdicts.NO_END.format(said=said)
    return (verdicts.MORE_ONE if more == 1 else verdicts.MORE).format(said=said, n=more)
