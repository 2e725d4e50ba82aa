"""An analysis as lines for a terminal; sentences and layout, no numbers of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nof1.inference.fits import (
    FrequentistFit,
    LikelihoodFit,
    NotRun,
    PairedFit,
    PosteriorFit,
    QuadratureFit,
    RandomisationFit,
    RemlFit,
)
from nof1.inference.result import Analysis, Contrast, DriftCheck
from nof1.inference.score_account import ANALYSED, Account
from nof1.inference.summaries import Summary
from nof1.reports.terminal.lines import aligned, wrapped
from nof1.words import terminal, verdicts
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
        yield terminal.PLEASE_NOTE
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
    if plain.difference is not None:
        test = (
            ""
            if plain.welch_t is None or plain.welch_p is None
            else f"; Welch t {plain.welch_t:.2f}, {p_value(plain.welch_p)}"
        )
        between = (
            f" of {primary.active} and {primary.comparator}" if len(analysis.contrasts) > 1 else ""
        )
        yield f"  difference of all scores{between} {signed(plain.difference, digits)}{test}"
        yield "  (days are not independent: this line describes and proves nothing)"


def _contrast_lines(analysis: Analysis, contrast: Contrast) -> Iterator[str]:
    yield f"{contrast.active} minus {contrast.comparator}, {analysis.unit}"
    groups = (
        ("as-scheduled", "As scheduled: the difference of period means, carryover and all"),
        ("steady-state", "Steady state: the effect at full exposure"),
    )
    fits = list(contrast.alone.values())
    tests = [fit for fit in fits if isinstance(fit, FrequentistFit)]
    posteriors = [fit for fit in fits if isinstance(fit, PosteriorFit)]
    digits = _digits(analysis)
    for estimand, heading in groups:
        rows = [_frequentist(fit, digits) for fit in tests if fit.estimand == estimand]
        if estimand == "steady-state":
            rows += [_steady(fit, digits) for fit in posteriors]
        else:
            rows += [
                _summarised(fit.engine, fit.as_scheduled, digits)
                for fit in posteriors
                if fit.as_scheduled is not None
            ]
        rows += _with_room(contrast.drift, estimand, digits)
        if rows:
            yield f"  {heading}"
            yield from aligned(rows)
    yield from _population_lines(analysis, contrast, digits)
    for result in contrast.engines.values():
        if isinstance(result, NotRun):
            yield from _not_run(f"{result.engine} did not run: {result.why}.")
    unspoken = [fit for fit in posteriors if fit.as_scheduled is None]
    for why in dict.fromkeys(fit.why_not_scheduled for fit in unspoken):
        names = ", ".join(f.engine for f in unspoken)
        yield from _not_run(f"{names} as scheduled did not run: {why}.")
    yield from _covariate_lines(contrast, digits)
    exact = contrast.answer
    if exact is not None:
        yield from _probability_lines(analysis, contrast, exact)
        yield ""
        yield from wrapped(f"Verdict: {verdict_line(contrast)}", later="  ")


def _population_lines(analysis: Analysis, contrast: Contrast, digits: int) -> Iterator[str]:
    """Yield the person's own answer, what earlier persons tell, and both together."""
    fit = contrast.fit("population")
    if fit is None:
        return
    earlier = counted(fit.prior.n_persons, "earlier person")
    heading = f"Steady state, with {earlier}: {fit.prior.source}"
    yield from wrapped(heading, first="  ", later="    ")
    better = f"better {percent(fit.chances.better)}"
    if analysis.mcid is not None and fit.chances.meaningful is not None:
        better += f", by {analysis.mcid:g} or more {percent(fit.chances.meaningful)}"
    yield from aligned(
        [
            _summarised("own scores", fit.own.effect, digits),
            _summarised("earlier persons", fit.prior.effect, digits),
            _summarised("both (population)", fit.effect, digits, better),
        ]
    )
    yield "    The verdict rests on the own scores: error rates were measured for these."


def _covariate_lines(contrast: Contrast, digits: int) -> Iterator[str]:
    """Yield the change in score that goes with one unit more of each covariate."""
    for engine, changes in contrast.covariates.items():
        yield f"  Covariates by {engine}: change in score for one more, all else equal"
        yield from aligned(
            [
                (
                    covariate.title + (f" ({covariate.unit})" if covariate.unit else ""),
                    signed(covariate.estimate, digits),
                    signed_interval(covariate.change.ci_low, covariate.change.ci_high, digits),
                )
                for covariate in changes
            ]
        )


def _frequentist(fit: FrequentistFit, digits: int) -> tuple[str, ...]:
    extra = p_value(fit.p_value)
    if isinstance(fit, RandomisationFit):
        extra += _of_orders(fit, digits)
    elif isinstance(fit, PairedFit | RemlFit):
        extra += f", df {freedom(fit.df)}"
    return (
        fit.engine,
        signed(fit.estimate, digits),
        f"{level_text(fit.level)} interval",
        signed_interval(fit.ci_low, fit.ci_high, digits),
        extra,
    )


def _of_orders(fit: RandomisationFit, digits: int) -> str:
    """Return what a randomisation p-value rests on."""
    orders = f"{fit.allocations:,} orders"
    if not fit.exact:
        orders = f"orders sampled, Monte Carlo error {fit.monte_carlo_se:.1g}"
    said = f" of at least {p_figure(fit.min_p_value)}, {orders}"
    if fit.statistic == "studentised":
        said += ", studentised"
    pooled = fit.pooled_means
    if pooled is not None:
        said += (
            f", mean of phase means (pooled means {signed(pooled.estimate, digits)},"
            f" {p_value(pooled.p_value)})"
        )
    return said


def _steady(fit: PosteriorFit, digits: int) -> tuple[str, ...]:
    """Return the row of a posterior at full exposure, with how it was computed."""
    extra = ""
    if isinstance(fit, QuadratureFit):
        extra = f"numerical error {fit.error:.1g}"
    if isinstance(fit, LikelihoodFit):
        extra = f"{fit.likelihood}, by {fit.by}, {fit.ess:,.0f} effective draws"
    return _summarised(fit.engine, fit.effect, digits, extra)


def _summarised(name: str, summary: Summary, digits: int, extra: str = "") -> tuple[str, ...]:
    """Return the row of a distribution."""
    return (
        name,
        signed(summary.mean, digits),
        f"{level_text(summary.level)} interval",
        signed_interval(summary.ci_low, summary.ci_high, digits),
        extra,
    )


def _with_room(drift: DriftCheck | None, estimand: str, digits: int) -> Iterator[tuple[str, ...]]:
    """Yield the row of the answer with room for a drift that contradicts its prior."""
    if drift is None or drift.answer is None:
        return
    answer = drift.answer
    summary = answer.effect if estimand == "steady-state" else answer.as_scheduled
    if summary is not None:
        priors = f"drift's prior SD {drift.wide_sd:.2g} for {drift.prior_sd:.2g}"
        yield _summarised("wide drift", summary, digits, priors)


def _probability_lines(analysis: Analysis, contrast: Contrast, fit: PosteriorFit) -> Iterator[str]:
    """Yield the chances, and what they are with room for a drift that contradicts its prior."""
    answer = None if contrast.drift is None else contrast.drift.answer
    own, room = fit.chances, fit.chances if answer is None else answer.chances
    size = "" if analysis.mcid is None else f"{analysis.mcid:g}"
    rows = (
        (f"{contrast.active} is better at all", own.better, room.better),
        (f"it is better by {size} or more", own.meaningful, room.meaningful),
        (f"the difference is smaller than {size} either way", own.trivial, room.trivial),
    )
    yield ""
    for what, summary, other in rows:
        if summary is None or other is None:
            continue
        beside = "" if answer is None else f" (with room for the drift {percent(other)})"
        yield f"  Chance that {what}: {percent(summary)}{beside}"
    yield from _parameter_lines(fit, analysis.unit)


def _parameter_lines(fit: PosteriorFit, unit: str) -> Iterator[str]:
    """Yield what the scores tell of carryover, noise and drift."""
    points = f" {unit}"
    fall = "its fall" if fit.half_life_rise is not None else "the effect"
    by_arm = fit.sigma_by_arm if isinstance(fit, LikelihoodFit) else {}
    sds = [(f"SD of a score on {arm}", sd, points) for arm, sd in by_arm.items()]
    rows = [
        (f"Half-life of {fall}", fit.half_life, " days"),
        ("Half-life of its rise", fit.half_life_rise, " days"),
        ("Correlation of neighbouring scores", fit.phi, ""),
        *(sds or [("SD of a score", fit.sigma, points)]),
        ("SD of period shifts", fit.sigma_period, points),
        ("Drift over the whole trial", fit.trend, points),
    ]
    for name, summary, of in rows:
        if summary is not None:
            ends = f"{summary.ci_low:.2g} to {summary.ci_high:.2g}"
            yield f"  {name}: {summary.mean:.2g}{of} ({ends})"


def verdict_line(contrast: Contrast) -> str:
    """Return the verdict on two arms in a line, with its reason or what would settle it."""
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
