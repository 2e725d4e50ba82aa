"""What the reader must know: a code with values, of which a language makes a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nof1.read_only import ReadOnly
from nof1.words.language import sentence_of


@dataclass(frozen=True, slots=True)
class Caution:
    """Something the reader must know before believing a figure.

    Attributes
    ----------
    code : str
        What it is about, like ``few-orders``: for programs, and to find its sentence by.
    values : mapping
        What the sentence says of this case, by name: numbers, names, days, or cautions that
        stand inside it.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", ReadOnly(self.values))

    @classmethod
    def of(cls, code: str, /, **values: Any) -> Caution:
        """Return a caution with the values its sentence needs."""
        return cls(code, values)


def sentence(caution: Caution) -> str:
    """Return what a caution says, in the language that is spoken.

    Examples
    --------
    >>> sentence(Caution.of("few-orders", least=0.25))
    "The smallest p-value the randomisation test can give here is 0.250: a 'significant' result \
was never possible."
    """
    return sentence_of(caution.code)(**caution.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A caution as a file keeps it: its code beside what it said, in the language of the file.

    Attributes
    ----------
    code : str
        As `Caution` has it.
    text : str
        Its sentences.
    """

    code: str
    text: str


def said(cautions: Iterable[Caution]) -> tuple[Said, ...]:
    """Return what each of several cautions says, with its code."""
    return tuple(Said(code=caution.code, text=sentence(caution)) for caution in cautions)


def sentences(cautions: Iterable[Caution]) -> tuple[str, ...]:
    """Return what each of several cautions says."""
    return tuple(map(sentence, cautions))
