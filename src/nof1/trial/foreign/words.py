"""Tables made elsewhere: scores that are words, and the numbers they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from nof1.errors import Fault
from nof1.trial.foreign.cells import as_typed, cell_text, is_missing
from nof1.trial.foreign.columns import ColumnRoles
from nof1.trial.tables.table import DataTable
from nof1.words.caution import Caution

#: A word has no digit, and a letter or sign such as a star or face; a column with at most so many
#: different ones is a scale of words.
_WORD = re.compile(r"(?!\d)(?:[^\W_]|[^\x00-\x7f])[^\d]*")
_MOST_WORDS = 12


def words_as_numbers(
    table: DataTable, columns: ColumnRoles, numbers: Mapping[str, float]
) -> tuple[DataTable, list[Caution], list[Fault]]:
    """Return the table with the numbers that words among the scores stand for, and what was done.

    Parameters
    ----------
    table, columns
        The cells, and which column is which.
    numbers : mapping of str to float
        Words, in any letters, and what each stands for.

    Returns
    -------
    Table, list of str, list of Fault
        One fault for each column of scores that holds words alone without numbers for them.
    """
    known = {word.casefold(): number for word, number in numbers.items()}
    met: set[str] = set()
    rows = []
    for number, cells in table.rows:
        own = list(cells)
        for column in columns.scores:
            word = cell_text(own[column]).casefold()
            if word in known:
                own[column] = known[word]
                met.add(word)
        rows.append((number, tuple(own)))
    table = replace(table, rows=tuple(rows))
    faults = [
        Fault(f"--words {word}", "no score is this word", "Check how it is written.")
        for word in numbers
        if word.casefold() not in met
    ]
    faults += [fault for column in columns.scores for fault in _wordy(table, column)]
    taken = Caution.of("words-as-numbers", numbers=tuple(numbers.items()))
    return table, [taken] if numbers else [], faults


def _wordy(table: DataTable, column: int) -> list[Fault]:
    """Return a fault for a column of scores that holds a few different words."""
    texts = [cell_text(cells[column]) for _, cells in table.rows]
    words = [text for text in texts if _WORD.fullmatch(text) and not is_missing(text)]
    different = list(dict.fromkeys(words))
    present = [text for text in texts if not is_missing(text)]
    if not words or len(different) > _MOST_WORDS or (len(different) < 2 and len(present) > 1):
        return []
    if len(words) < len(present) and len(words) == len(different):
        return []  # single slips, each a fault of its own
    title = table.header[column]
    # Nobody but the user knows their order: a guess could be copied unread.
    numbered = ",".join(f"{word}=N" for word in different)
    return [
        Fault(
            f'{table.name}, column "{title}"',
            f"scores are words: {', '.join(different)}",
            f"Say the number of each in place of N: --words {as_typed(numbered)}.",
        )
    ]
