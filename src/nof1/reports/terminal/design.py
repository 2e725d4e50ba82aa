"""What a design can tell, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nof1.planning.contrasts import N_LOOKED_AT
from nof1.planning.facts import DesignFacts, VisibleShare
from nof1.protocol.above_limit import dose_lines
from nof1.protocol.protocol import Protocol
from nof1.reports.terminal.lines import wrapped
from nof1.words.caution import sentences
from nof1.words.numbers import level_text, p_figure, percent

if TYPE_CHECKING:
    from nof1.planning.series import SeriesAssumptions, SeriesSize


def facts_lines(protocol: Protocol, facts: DesignFacts) -> Iterator[str]:
    """Yield the facts of one design, aligned, in plain words."""
    design = protocol.design
    yield f"{protocol.title}: what this design can tell"
    yield ""
    stretches = [f"{facts.n_periods} periods of {facts.period_days} days"]
    if design.run_in_days:
        stretches.insert(0, f"{design.run_in_days} days of run-in")
    if design.washout_days:
        stretches.append(f"{design.washout_days} days of washout between periods")
    yield from _row("Length", f"{', '.join(stretches)}: {_weeks(facts)} weeks in all")
    yield from _row("Order", facts.order)
    yield from _row("Possible orders", _count(facts.n_sequences))
    yield from _test_lines(facts)
    yield from _row("Half-life", f"{facts.half_life_days:g} days assumed for rise and fall")
    yield ""
    yield "  Share of the full effect seen in the plain difference between periods:"
    yield from _indented(_share_rows(protocol, facts))
    if facts.sampled:
        yield "  (from 2,000 orders drawn from all possible ones)"
    yield ""
    for line in dose_lines(protocol):
        yield from wrapped(line, first="  ! ", later="    ")
    for warning in sentences(facts.warnings):
        yield from wrapped(warning, first="  ! ", later="    ")
    if facts.half_life_days:
        yield from wrapped(
            "The model-based answer allows for carryover; these shares are what the plain "
            "comparison shows.",
            first="  ",
            later="  ",
        )


def _test_lines(facts: DesignFacts) -> Iterator[str]:
    """Yield what the randomisation test of every pair of arms can reach."""
    if len(facts.contrasts) == 1:
        yield from _row(
            "Smallest p",
            f"{p_figure(facts.smallest_p)}: no scores can give the randomisation test a smaller"
            " one",
        )
        yield from _row(
            "Interval",
            f"{_level(facts.interval_level)}: the highest level a randomisation interval can have",
        )
        return
    yield from _row(
        "Each comparison",
        "has a test of its own, in which only its two arms change places: no scores can give it "
        "a smaller p or an interval of a higher level.",
    )
    rows: list[tuple[str, ...]] = [("", "orders compared", "smallest p", "interval level")]
    for contrast in facts.contrasts:
        cells = (
            (_count(contrast.worst_n_sequences), _count(contrast.n_sequences)),
            (p_figure(contrast.smallest_p), p_figure(contrast.worst_smallest_p)),
            (_level(contrast.worst_interval_level), _level(contrast.interval_level)),
        )
        rows.append(
            (
                f"{contrast.active} against {contrast.comparator}",
                *(_from_to(*ends) for ends in cells),
            )
        )
    yield from _indented(rows)
    if any(contrast.worst_smallest_p > contrast.smallest_p for contrast in facts.contrasts):
        looked_at = f" (from {N_LOOKED_AT} of all possible ones)" if facts.sampled else ""
        yield from wrapped(
            f"Which of them it is depends on the order drawn, which stays sealed{looked_at}.",
            first="    ",
            later="    ",
        )


def _from_to(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"


def candidate_lines(
    protocol: Protocol, own: DesignFacts, candidates: Sequence[DesignFacts]
) -> Iterator[str]:
    """Yield neighbouring designs side by side; the protocol's own is marked."""
    outcome = protocol.primary
    yield f"Neighbouring designs (* this protocol); share of the effect in: {outcome.title}"
    yield ""
    rows = [
        (
            "",
            "cycles",
            "days a",
            "weeks",
            "possible",
            "smallest",
            "interval",
            "share of effect seen",
        ),
        ("", "", "period", "in all", "orders", "p", "level", "all   -7 d  -14 d"),
    ]
    for facts in candidates:
        mine = (facts.cycles, facts.period_days) == (own.cycles, own.period_days)
        shares = [facts.share(outcome.id, drop_days) for drop_days in (0, 7, 14)]
        rows.append(
            (
                "*" if mine else "",
                str(facts.cycles),
                str(facts.period_days),
                _weeks(facts),
                _count(facts.n_sequences),
                p_figure(facts.smallest_p),
                _level(facts.interval_level),
                " ".join(_mean(share) for share in shares),
            )
        )
    yield from _indented(rows)
    yield ""
    if len(own.contrasts) > 1:
        primary = own.contrasts[0]
        yield from wrapped(
            f"Smallest p, interval level: of {primary.active} against {primary.comparator}, with "
            "the luckiest order.",
            first="  ",
            later="  ",
        )
    yield from wrapped(
        "-7 d, -14 d: with the first 7 or 14 days of every period left out. The share is for a "
        f"half-life of {own.half_life_days:g} days, on average over all possible orders.",
        first="  ",
        later="  ",
    )


def series_lines(
    protocol: Protocol, assumed: SeriesAssumptions, sizes: Sequence[SeriesSize]
) -> Iterator[str]:
    """Yield how many persons a series needs; the protocol's own number of cycles is marked."""
    outcome, unit = protocol.primary, protocol.primary.unit
    yield f"{protocol.title}: how many persons a series needs"
    yield ""
    yield from _row("Outcome", outcome.title)
    yield from _row("To be detected", f"{assumed.effect:g} {unit} on average")
    yield from _row(
        "Between persons", f"SD {assumed.between_sd:g} {unit} of their true differences"
    )
    yield from _row(
        "Within a person",
        f"SD {assumed.within_sd:g} {unit} of one period's mean, so {assumed.difference_sd:.3g} "
        f"{unit} of the difference within a cycle",
    )
    yield ""
    rows = [
        ("", "cycles", "these very persons", "persons like them", "one person's own answer"),
        ("", "each", "persons   cycles", "persons   cycles", "SE naive   shrunken"),
    ]
    rows += [
        (
            "*" if size.cycles == protocol.design.cycles else "",
            str(size.cycles),
            f"{size.n_fixed:,}   {size.cycles_fixed:>6,}",
            f"{size.n_random:,}   {size.cycles_random:>6,}",
            f"{size.se_naive:.2f}   {size.se_shrunk:>8.2f}",
        )
        for size in sizes
    ]
    yield from _indented(rows)
    yield ""
    for text in (
        "For 80 % power of a two-sided t-test at 5 %. Cycles: of all persons together "
        "(* this protocol).",
        "These very persons: is there a difference on average in exactly those who take part? "
        "Persons like them: would there be one in others too? Only that allows for how much "
        "persons differ; take it unless nobody else is meant.",
        "SE: of one person's own difference, from their own cycles alone (naive), and drawn "
        "towards a known average (shrunken).",
    ):
        yield from wrapped(text, first="  ", later="  ")


def _share_rows(protocol: Protocol, facts: DesignFacts) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("", "on average", "worst order", "best order")]
    for outcome in protocol.outcomes_primary_first:
        rows.append((outcome.title, "", "", ""))
        for share in facts.shares:
            if share.outcome == outcome.id:
                days = f"first {share.drop_days} days left out" if share.drop_days else "all scores"
                cells = map(percent, (share.mean, share.worst, share.best))
                rows.append((f"  {days}", *cells))
    return rows


def _indented(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows in columns: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        yield f"    {'   '.join([first.ljust(widths[0]), *cells])}".rstrip()


def _row(name: str, text: str) -> Iterator[str]:
    return wrapped(text, first=f"  {name:<17}", later=" " * 19)


def _weeks(facts: DesignFacts) -> str:
    return f"{facts.n_days / 7:.1f}".removesuffix(".0")


def _mean(share: VisibleShare | None) -> str:
    return (percent(share.mean) if share else "-").rjust(6)


def _level(level: float) -> str:
    return level_text(level) if level else "none"


def _count(number: int) -> str:
    """Return a number in full, or its power of ten when it is very long."""
    return f"{number:,}" if number < 10**9 else f"about 10^{len(str(number)) - 1}"
