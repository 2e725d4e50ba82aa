"""Everything that is said: numbers in words, and the sentences of every language, a folder each.

`language`  which language is spoken, and the rooms its words are fetched from
`numbers`   numbers, chances, p-values, intervals, lists, counted things: one wording for each
`amounts`   differences on an outcome's scale, with their direction
`caution`   what the reader must know, as a code with values, and its sentence
`en`        English

A part of the program that has something to say makes a `Caution` of a code and values, or takes a
word from a room; ``caution`` and the rooms find the sentence in the folder of the language.

A second language is a folder beside ``en`` with the same modules and the same names in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nof1.words.language import Room

if TYPE_CHECKING:
    from nof1.words.en import (
        cent,
        clinician,
        course,
        figures,
        office,
        pages,
        person,
        pooled_answer,
        pooled_assumptions,
        pooled_conduct,
        pooled_persons,
        sampling,
        terminal,
        terminal_pooled,
        verdicts,
    )
else:
    clinician, course, figures, office, pages, person, sampling, verdicts = map(
        Room,
        (
            "clinician", "course", "figures", "office", "pages", "person", "sampling", "verdicts",
        ),
    )  # fmt: skip
    cent, pooled_answer, pooled_assumptions, pooled_conduct, pooled_persons = map(
        Room,
        ("cent", "pooled_answer", "pooled_assumptions", "pooled_conduct", "pooled_persons"),
    )
    terminal, terminal_pooled = Room("terminal"), Room("terminal_pooled")

__all__ = [
    "cent",
    "clinician",
    "course",
    "figures",
    "office",
    "pages",
    "person",
    "pooled_answer",
    "pooled_assumptions",
    "pooled_conduct",
    "pooled_persons",
    "sampling",
    "terminal",
    "terminal_pooled",
    "verdicts",
]
