"""The clinician's report: what was promised before the draw: rule, estimand, plan."""

from __future__ import annotations

from nof1.reports.clinician.data import events_table
from nof1.reports.layout.elements import Block, Facts, Section, Text
from nof1.reports.report_input import ReportInput
from nof1.words.amounts import Amounts
from nof1.words.numbers import counted, percent, threshold_text


def promise_section(story: ReportInput) -> Section:
    """Return the decision rule, the estimand and the plan, as fixed before the draw."""
    protocol = story.protocol
    estimand, plan = protocol.estimand, protocol.analysis
    facts = [
        ("Decision rule", _rule(story)),
        ("Population", estimand.population),
        ("Treatment conditions", estimand.conditions),
        ("Variable", estimand.variable),
        ("Summary", estimand.summary),
        (
            "Plan of analysis",
            f"carryover {plan.carryover}; half-lives {plan.half_lives}; trend {plan.trend}; "
            f"period effects {plan.period_effects}; first {counted(plan.drop_days, 'day')} of a "
            f"period left out; missed doses by {plan.missed_doses.replace('-', ' ')}; likelihood "
            f"{plan.likelihood}; intervals at {percent(plan.ci_level)}.",
        ),
    ]
    if plan.population_prior is not None:
        prior = plan.population_prior
        facts.append(
            (
                "Earlier persons",
                f"{counted(prior.n_persons, 'person')}; {prior.source}. Shown beside the person's "
                "own answer; the verdict does not rest on them.",
            )
        )
    facts += [
        (
            f"Adjusted for: {covariate.title}",
            f"The treatment cannot change it: {covariate.exogenous}",
        )
        for covariate in protocol.covariates
    ]
    events = events_table(story)
    blocks: tuple[Block, ...] = (
        Text("The estimand stands in the attributes of ICH E9(R1)."),
        Facts(tuple(facts)),
    )
    return Section(
        "promise",
        "What was promised before the draw",
        (*blocks, events) if events.rows else blocks,
    )


def _rule(story: ReportInput) -> str:
    decision, mcid = story.protocol.decision, story.protocol.primary.mcid
    size = "the MCID" if mcid is None else Amounts.of(story.primary).size(mcid.value)
    source = "" if mcid is None else f" Source of the {mcid.value:g}: {mcid.source}"
    meaningful, trivial, better, worse = map(
        threshold_text, (decision.meaningful, decision.trivial, decision.better, decision.worse)
    )
    return (
        f"Helps meaningfully: probability of a benefit of {size} or more at least {meaningful}. "
        f"Otherwise no meaningful difference: within {size} either way at least {trivial}. "
        f"Otherwise helps, perhaps too little to matter: any benefit at least {better}. Otherwise "
        f"makes worse: any harm at least {worse}. Otherwise: we cannot tell.{source}"
    )
