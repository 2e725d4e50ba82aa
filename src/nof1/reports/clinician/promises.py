"""The clinician's report: what was promised before the draw: rule, estimand, plan."""

from __future__ import annotations

from nof1.reports.clinician.data import events_table
from nof1.reports.layout.elements import Element, Facts, Section, Text
from nof1.reports.report_input import ReportInput
from nof1.words import course as words
from nof1.words.amounts import Amounts
from nof1.words.numbers import threshold_text


def promise_section(story: ReportInput) -> Section:
    """Return the decision rule, the estimand and the plan, as fixed before the draw."""
    protocol = story.protocol
    estimand, plan = protocol.estimand, protocol.analysis
    said = (
        _rule(story),
        estimand.population,
        estimand.conditions,
        estimand.variable,
        estimand.summary,
        words.plan(
            carryover=plan.carryover,
            half_lives=plan.half_lives,
            trend=plan.trend,
            period_effects=plan.period_effects,
            drop_days=plan.drop_days,
            missed_doses=plan.missed_doses,
            likelihood=plan.likelihood,
            level=plan.ci_level,
        ),
    )
    facts = [*zip(words.PROMISE_FACTS, said, strict=True)]
    if plan.population_prior is not None:
        prior = plan.population_prior
        facts.append(
            (
                words.EARLIER_PERSONS,
                words.earlier_persons(persons=prior.n_persons, source=prior.source),
            )
        )
    facts += [
        (words.adjusted_for(title=covariate.title), words.exogenous(why=covariate.exogenous))
        for covariate in protocol.covariates
    ]
    events = events_table(story)
    elements: tuple[Element, ...] = (
        Text(words.PROMISE_SAYS),
        Facts(tuple(facts)),
    )
    return Section(
        "promise",
        words.PROMISE,
        (*elements, events) if events.rows else elements,
    )


def _rule(story: ReportInput) -> str:
    decision, mcid = story.protocol.decision, story.protocol.primary.mcid
    size = words.THE_MCID if mcid is None else Amounts.of(story.primary).size(mcid.value)
    source = "" if mcid is None else words.rule_source(mcid=mcid.value, source=mcid.source)
    meaningful, trivial, better, worse = map(
        threshold_text, (decision.meaningful, decision.trivial, decision.better, decision.worse)
    )
    rule = words.rule(size=size, meaningful=meaningful, trivial=trivial, better=better, worse=worse)
    return rule + source
