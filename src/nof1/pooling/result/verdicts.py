"""The verdicts of a pool, as other programs read them: on these persons, and on the next one."""

from __future__ import annotations

from typing import Literal

from nof1.inference.result import VerdictCode
from nof1.inference.summaries import Chance
from nof1.protocol.table import FrozenTable
from nof1.protocol.tables import Decision

#: Who fixed the rule: the question, the persons' protocols, several of them (the strictest
#: threshold of each kind then holds), or nobody.
RuleFrom = Literal["question", "protocols", "strictest", "default"]


class JudgedVerdict(FrozenTable):
    """A verdict and the chances it follows from; those about size are None without an MCID.

    Attributes
    ----------
    code : str
        One of the verdicts that a person gets.
    direction : {"better", "worse"} or None
        In which direction there is a difference, be it small, where the rule calls that sure.
    p_better, p_meaningful, p_trivial, p_worse, p_meaningfully_worse : float or None
        Of any benefit, of one of the MCID or more, of less than that either way, of any harm, of
        one of the MCID or more.
    """

    code: VerdictCode
    direction: Literal["better", "worse"] | None
    p_better: Chance
    p_meaningful: Chance | None
    p_trivial: Chance | None
    p_worse: Chance
    p_meaningfully_worse: Chance | None


class PairVerdict(FrozenTable):
    """The verdicts on one pair of arms.

    Attributes
    ----------
    these_persons : JudgedVerdict or None
        On the average of exactly these persons; None where nobody had both arms.
    next_person : JudgedVerdict
        On the true effect of a further person.
    """

    these_persons: JudgedVerdict | None
    next_person: JudgedVerdict


class PooledVerdict(PairVerdict):
    """The verdicts on the main contrast, and the rule they rest on.

    Attributes
    ----------
    rule : Decision
        Least chances.
    rule_from : {"question", "protocols", "strictest", "default"}
        Who fixed it.
    """

    rule: Decision
    rule_from: RuleFrom
