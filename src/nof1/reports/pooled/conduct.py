"""The report of a pooled analysis: how the trials went, who was left out, limits, provenance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from nof1.pooling.result.conduct import ArmConduct, BlindingIndex
from nof1.pooling.result.pooled_fit import LearntHalfLives
from nof1.provenance import software
from nof1.reports.layout.elements import Block, Bullets, Facts, Section, Table, Text
from nof1.reports.pooled.codes import key_table
from nof1.reports.pooled.report_input import PooledStory
from nof1.words.numbers import capitalised, counted, percent

#: How the coarse facts are called in print.
FACTS = {"magnesium": "magnesium status", "iron": "iron status", "sex": "sex", "age": "age"}
#: Persons left out who are named one by one; of more, the reasons are counted.
_NAMED = 50
_MODES = {
    "double-blind": "double-blind",
    "concealed": "concealed (the person knew the arm once the period had begun)",
    "open": "open",
    "": "not told",
}
_ASSUMED = {
    "estimate": "estimated for each person, with its uncertainty",
    "none": "taken to be none",
}


def warnings_section(story: PooledStory) -> Section:
    """Return what the analysis warns of."""
    warnings = story.fit.warnings
    block: Block = Bullets(warnings) if warnings else Text("The analysis gave no warning.")
    return Section("warnings", "Read before you rely on it", (block,))


# --- How the trials went -------------------------------------------------------------------------


def trials_section(story: PooledStory) -> Section:
    """Return design, completeness, blinding, adherence and side effects, as far as told."""
    blocks: list[Block] = [Facts(tuple(_facts(story))), _arm_table(story)]
    blocks += [table for table in (_guess_table(story), _about_table(story)) if table]
    return Section("trials", "How the trials went", tuple(blocks))


def said_counts(counts: Mapping[str, int], *, noun: str = "", untold: str = "not told") -> str:
    """Return ``3 (38 persons), 4 (2 persons)``; a single value stands alone.

    Parameters
    ----------
    counts : mapping of str to int
        Persons by value; the empty value stands for not told.
    noun : str
        What a value counts, for instance ``cycles``.
    untold : str
        Words for the empty value.
    """
    named = [(value or untold, n) for value, n in sorted(counts.items(), key=lambda item: -item[1])]
    unit = f" {noun}" if noun else ""
    if len(named) == 1:
        return f"{named[0][0]}{unit if '' not in counts else ''}"
    return "; ".join(
        f"{value}{unit if value != untold else ''}: {counted(n, 'person')}" for value, n in named
    )


def _facts(story: PooledStory) -> Iterator[tuple[str, str]]:
    conduct = story.fit.conduct
    yield "Protocols", said_counts(conduct.protocols, untold="tables made elsewhere")
    yield "Cycles planned", capitalised(said_counts(conduct.cycles, noun="cycles"))
    yield "Length of a period", capitalised(said_counts(conduct.period_days, noun="days"))
    yield "Periods", periods_said(story)
    yield "Scores", scores_said(story)
    modes = {_MODES[mode]: n for mode, n in conduct.modes.items()}
    yield "Blinding", capitalised(said_counts(modes))
    yield "Guesses of the arm", guesses_said(story)
    if conduct.opened_early:
        yield (
            "Opened early",
            f"{counted(conduct.opened_early, 'period')}, before the end of a trial",
        )
    dropped = f"first {counted(conduct.drop_days, 'day')}" if conduct.drop_days else "no day"
    if story.fit.bayes.estimand == "as-scheduled":
        yield "Carryover", "Not modelled, as days are not known: it is part of the difference"
        return
    yield "Carryover", capitalised(_ASSUMED.get(conduct.carryover, conduct.carryover))
    learnt = story.fit.bayes.half_lives
    if learnt is not None:
        yield "Half-lives", _learnt(learnt)
    noise = story.fit.bayes.noise
    if noise is not None:
        yield (
            "Scatter of scores",
            f"Learnt from all persons together: an SD of {noise.sd:.2g} {story.fit.unit}, in a "
            f"further person between {noise.low:.2g} and {noise.high:.2g}",
        )
    yield (
        "Other assumptions",
        f"Trend {conduct.trend}; period effects {conduct.period_effects}; missed doses by "
        f"{conduct.missed_doses.replace('-', ' ')}; {dropped} of a period left out",
    )


def _learnt(half_lives: LearntHalfLives) -> str:
    return (
        f"Learnt from all persons together. Practically no carryover: "
        f"{percent(half_lives.share_without)} of persons "
        f"({percent(half_lives.share_without_beforehand)} "
        f"beforehand); median of the others {half_lives.median_days:.2g} days "
        f"({half_lives.median_days_beforehand:.2g} beforehand)"
    )


def periods_said(story: PooledStory) -> str:
    """Return how many periods were planned and scored."""
    conduct = story.fit.conduct
    if not conduct.periods:
        return "not told"
    stopped = (
        "nobody stopped early"
        if not conduct.stopped_early
        else f"{counted(conduct.stopped_early, 'person')} with fewer periods than planned"
    )
    return f"{conduct.periods_scored:,} of {conduct.periods:,} planned have scores; {stopped}"


def scores_said(story: PooledStory) -> str:
    """Return how many scores were analysed and missing."""
    conduct = story.fit.conduct
    planned = conduct.scores + conduct.scores_missing
    if not planned:
        return "not told"
    return (
        f"{conduct.scores:,} analysed, {conduct.scores_missing:,} missing "
        f"({percent(conduct.scores_missing / planned)})"
    )


def guesses_said(story: PooledStory) -> str:
    """Return how often persons told the arm."""
    right, wrong, unsure = story.fit.conduct.guesses
    if right + wrong + unsure == 0:
        return "not told"
    return f"{right:,} right, {wrong:,} wrong, {unsure:,} unsure"


def _arm_table(story: PooledStory) -> Table:
    def cells(arm: ArmConduct) -> tuple[str, ...]:
        return (
            arm.arm,
            f"{arm.n:,}",
            "not told" if arm.taken is None else percent(arm.taken),
            "not told" if arm.persons_with_harms is None else f"{arm.persons_with_harms:,}",
            "not told" if arm.worst_severe is None else f"{arm.worst_severe:,}",
        )

    return Table(
        caption="Doses and side effects by arm",
        columns=("Arm", "Persons", "Doses taken", "Persons with side effects", "Of these severe"),
        rows=tuple(cells(arm) for arm in story.fit.conduct.arms),
        widths=(4, 2, 3, 4, 3),
        note="Doses taken: mean share over those who told. Side effects as recorded, not "
        "judged for cause.",
    )


def _guess_table(story: PooledStory) -> Table | None:
    """Return guesses by arm with the indices of blinding."""
    blinding = story.fit.blinding
    if blinding is None:
        return None

    def index(index: BlindingIndex | None) -> str:
        return (
            ""
            if index is None
            else f"{index.estimate:.2f} ({index.ci_low:.2f} to {index.ci_high:.2f})"
        )

    rows = [
        (
            arm,
            f"{guesses.right:,}",
            f"{guesses.wrong:,}",
            f"{guesses.unsure:,}",
            index(blinding.bang.get(arm)),
        )
        for arm, guesses in blinding.guesses.items()
    ]
    both = "" if blinding.james is None else f" James index over both arms {index(blinding.james)}:"
    return Table(
        caption=f"Guesses of the arm, by {counted(blinding.n_persons, 'person')}",
        columns=("True arm", "Right", "Wrong", "Unsure", "Bang index"),
        rows=tuple(rows),
        widths=(4, 2, 2, 2, 5),
        note=f"Bang index: -1 all wrong, 0 as by chance, 1 all right.{both}"
        f"{' 0 all right, 0.5 as by chance, 1 all unsure.' if both else ''} {blinding.method}.",
    )


def _about_table(story: PooledStory) -> Table | None:
    rows = tuple(
        (capitalised(FACTS.get(name, name)), said_counts(counts))
        for name, counts in story.fit.conduct.about.items()
        if set(counts) != {""}
    )
    if not rows:
        return None
    return Table(
        caption="Coarse facts about the persons, as far as they were shared",
        columns=("Fact", "Persons"),
        rows=rows,
        widths=(2, 9),
    )


# --- Who was left out ----------------------------------------------------------------------------


def reasons(story: PooledStory) -> list[tuple[str, int]]:
    """Return why persons were left out, with their number, the most frequent first."""
    counts = Counter(person.why for person in story.fit.excluded)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def excluded_section(story: PooledStory) -> Section:
    """Return who was left out and why."""
    excluded = story.fit.excluded
    if not excluded:
        return Section("excluded", "Who was left out", (Text("Nobody was left out."),))
    named = len(excluded) <= _NAMED
    table = Table(
        caption=f"{counted(len(excluded), 'person')} left out",
        columns=("Person" if named else "Persons", "Why"),
        rows=tuple(
            ((story.short(person.person), person.why) for person in excluded)
            if named
            else ((str(n), why) for why, n in reasons(story))
        ),
        widths=(2, 7),
        note="Reasons as given by who pooled. Leaving out after seeing results can make up an "
        "answer: the reasons should have been written down beforehand.",
    )
    shown = [story.short(person.person) for person in excluded] if named else []
    key = key_table(shown, story.whole)
    return Section("excluded", "Who was left out", (table, key) if key else (table,))


# --- Limits and provenance -----------------------------------------------------------------------


def limits_section(story: PooledStory) -> Section:
    """Return what this analysis cannot say, whatever its result."""
    return Section("limits", "What this cannot say", (Bullets(tuple(_limits(story))),))


def _limits(story: PooledStory) -> Iterator[str]:
    conduct = story.fit.conduct
    yield (
        "Whether persons unlike these would fare the same: these wanted a trial of their own and "
        "agreed to share it."
    )
    yield (
        "What the next person's own effect is: the forecast says how likely each effect is. Only "
        "a trial of that person's own tells it."
    )
    if set(conduct.modes) != {"double-blind"}:
        yield (
            "How much of the effect comes from knowing the arm, where the person knew it or "
            "nobody told."
        )
    yield "Whether trials with unwelcome results were kept back."
    yield "Other doses and forms, and whatever else was not compared."
    yield "Rare or late side effects, and how long an effect lasts beyond such periods."
    yield "Why persons differ: facts about persons were not drawn at random."


def provenance_section(story: PooledStory) -> Section:
    """Return software, priors, numerical error, and how to make this report again."""
    bayes, unit = story.fit.bayes, story.fit.unit
    shape = {"normal": "normal distribution", "student-t": "Student's t distribution"}
    facts = (
        ("Pooled by", story.fit.software),
        ("Written by", software()),
        (
            "Priors",
            f"average effect normal around 0 with an SD of {bayes.prior.mean_sd:g} {unit}; SD "
            f"between persons half-normal with a scale of {bayes.prior.between_scale:g} {unit}",
        ),
        ("Scatter", f"true effects of persons follow a {shape[bayes.population]}"),
        (
            "Rests on",
            f"each person's likelihood of the {story.measured}, everything else integrated out; "
            "no score of a diary was needed",
        ),
        (
            "Numerical error",
            f"means and SDs moved by {bayes.error:.1g} of an SD between the two finest grids; no "
            "random numbers were used",
        ),
        (
            "Again",
            "The same file and the same version give this report byte for byte. It has no date, "
            "because the file has none.",
        ),
    )
    return Section("provenance", "Where it comes from", (Facts(facts),))
