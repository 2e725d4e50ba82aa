"""The rule that the verdicts of a pool rest on, in words, for terminal and report alike."""

from __future__ import annotations

from nof1.pooling.result.verdicts import PooledVerdict
from nof1.words import verdicts
from nof1.words.numbers import threshold_text


def rule_sentences(verdict: PooledVerdict, *, sized: bool) -> str:
    """Return which chances a verdict takes, and who fixed that.

    Parameters
    ----------
    verdict : PooledVerdict
        With the rule.
    sized : bool
        Whether a smallest difference that matters was named.
    """
    rule = verdict.rule
    sizes = verdicts.SIZES.format(
        meaningful=threshold_text(rule.meaningful), trivial=threshold_text(rule.trivial)
    )
    return verdicts.RULE.format(
        sizes=sizes if sized else "",
        better=threshold_text(rule.better),
        worse=threshold_text(rule.worse),
        source=verdicts.RULE_FROM[verdict.rule_from],
    )
