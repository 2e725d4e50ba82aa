"""Whether somebody who tries the likely things first would find a passphrase."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST = 8
#: With fewer different characters a passphrase is a pattern.
_FEWEST_DIFFERENT = 5
#: So many digits by dice or a random number are as good as four random words.
_ENOUGH_DIGITS = 16
#: Letters that must be left when all that is tried first is crossed out.
_ENOUGH_LETTERS = 4
#: Neighbouring keys in a row that are no accident.
_SHORTEST_RUN = 4

_ROWS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm", "1q2w3e4r5t6y7u8i9o0p"),
)
_RUNS = tuple(run for row in _ROWS for run in (row, row[::-1]))

#: Figures and signs that stand for letters.
_LEET = str.maketrans("013457@$!", "oleastasi")

#: Words that lists of stolen passwords begin with, and those of a trial; without figures.
_COMMON_TEXT = """
abc access admin administrator adobe amanda andrew angel apple asdf ashley austin baby banana
baseball basketball batman buster butterfly changeme charlie cheese chelsea chocolate computer
cookie correcthorsebatterystaple daniel default dragon family father flower football forever
freedom friends ginger god guest hallo hannah heaven hello hockey hunter iloveyou internet jennifer
jessica jesus jordan joshua killer letmein liverpool login london love lovely maggie master matrix
matthew michael michelle microsoft monkey mother mustang myspace nicole ninja nothing orange pass
passe passphrase passwd password passwort pepper pokemon princess purple qwerty rainbow ranger
robert samsung schatz secret security server shadow silver smile snoopy soccer sommer star starwars
steelers summer sunflower sunshine superman superstar test thomas tigger tinkerbell trustno user
welcome whatever william willkommen winter winner you yellow
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
spring autumn
allocation arm blind blinded blinding clinic control crossover diary doctor dose drug hospital kit
nurse open order packer participant patient period person pharmacy placebo praxis protocol random
randomise randomised schedule score seal sealed study treatment trial unseal verum
my the and for new our nof one
"""
_COMMON = tuple(sorted(_COMMON_TEXT.split(), key=len, reverse=True))

_LETTERS = re.compile(r"[^\W\d_]")


def weakness(text: str, *, known: Iterable[str] = ()) -> str | None:
    """Return why a passphrase would be guessed, without showing any of it; None if it would not.

    Parameters
    ----------
    text : str
        The passphrase.
    known : iterable of str
        What everybody may know about the trial.
    """
    folded = text.casefold()
    different = len(set(folded))
    digits = sum(character.isdigit() for character in folded)
    if len(folded) < SHORTEST:
        return f"{len(folded)} characters can be guessed by trying them all"
    if different == 1:
        return "it is one character over and over"
    if different < _FEWEST_DIFFERENT:
        return f"it is made of {different} different characters"
    if not _LETTERS.search(folded) and digits < _ENOUGH_DIGITS:
        return "without letters it can be guessed by trying dates and numbers"
    if _repeats(folded):
        return "it is the same few characters over and over"
    return _likely(folded, _pieces(known)) if _LETTERS.search(folded) else None


def _repeats(text: str) -> bool:
    """Whether a text is a piece shorter than a passphrase, over and over."""
    return any(
        text == (text[:size] * len(text))[: len(text)]
        for size in range(1, min(SHORTEST, len(text) // 2 + 1))
    )


def _likely(folded: str, known: tuple[str, ...]) -> str | None:
    """Return of which likely things a text is made, if of nothing else."""
    for text in dict.fromkeys((folded, folded.translate(_LEET))):
        left, reasons = text, []
        for reason, pieces in (
            ("what is known about the trial", known),
            ("a common password", _COMMON),
            ("a run of neighbouring keys or letters", _runs_in(text)),
        ):
            crossed = _cross_out(left, pieces)
            if crossed != left:
                reasons.append(reason)
            left = crossed
        if len(_LETTERS.findall(left)) < _ENOUGH_LETTERS:
            made_of = " and ".join(reasons) or "figures and a few letters"
            return f"it is {made_of}, with little else, and that is tried first"
    return None


def _cross_out(text: str, pieces: Iterable[str]) -> str:
    """Return a text with pieces put out, the first pieces first."""
    for piece in pieces:
        text = text.replace(piece, " ")
    return text


def _runs_in(text: str) -> tuple[str, ...]:
    """Return the runs of neighbouring keys in a text, the longest first."""
    runs = {
        text[start:end]
        for start in range(len(text))
        for end in range(start + _SHORTEST_RUN, len(text) + 1)
        if any(text[start:end] in run for run in _RUNS)
    }
    return tuple(sorted(runs, key=lambda run: (-len(run), run)))


def _pieces(known: Iterable[str]) -> tuple[str, ...]:
    """Return the words of what is known, and each whole, the longest first."""
    texts = [text.casefold().strip() for text in known]
    words = {word for text in texts for word in re.findall(r"\w{3,}", text)}
    return tuple(sorted({*words, *texts} - {""}, key=lambda piece: (-len(piece), piece)))
