"""How hard a text is to read: the Flesch-Kincaid grade.

Kincaid and others, 1975: ``0.39 words per sentence + 11.8 syllables per word - 15.59``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Names of medicines and illnesses that have no simpler word; a person who has one knows it.
NAMES = (
    "aminoglycoside", "bipolar disorder", "bisphosphonate", "bisphosphonates", "caffeine",
    "calcium-channel blocker", "citrate", "clozapine", "digoxin", "dolutegravir", "dopamine",
    "ferritin", "gabapentin", "glycinate", "Lambert-Eaton syndrome", "levothyroxine", "lithium",
    "magnesium", "multiple sclerosis", "myasthenia gravis", "mycophenolate", "nitrofurantoin",
    "penicillamine", "quinolone", "rilpivirine", "rosuvastatin", "tetracycline", "theophylline",
)  # fmt: skip

#: Words whose syllables the rules below would miscount.
_IRREGULAR = {
    "aches": 1, "area": 3, "being": 2, "business": 2, "create": 2, "diabetes": 4, "doing": 2,
    "evening": 2, "evenings": 2, "every": 2, "everything": 3, "fluid": 2, "going": 2, "idea": 3,
    "influence": 3, "league": 1, "magnesium": 4, "million": 2, "pneumonia": 3, "ruin": 2,
    "science": 2, "someone": 2, "something": 2, "sometimes": 2, "somewhere": 2, "suicide": 3,
}  # fmt: skip

#: The last e of "take", "takes" and "asked" is silent; of "table", "boxes" and "needed" it is not.
_SILENT_ENDINGS = (
    re.compile(r"(?<=[^tdaeiouy])ed$"),
    re.compile(r"(?<=[^sxzcgaeiouy])(?<!ch)(?<!sh)(?<![^aeiouyl]l)es$"),
    re.compile(r"(?<=[^aeiouy])(?<![^aeiouyl]l)e$"),
)

#: Neighbouring vowels that are two syllables: media, idiot, variety, serious, dual, oedema, trying.
_SPOKEN_APART = re.compile(
    r"(?<![tcsgx])i[ao]|(?<![tcsgxl])iu|iet|oea|(?<!p)eo(?!u)|(?<![qg])u[ao](?!i)|eat(?=ed|ion|ive)|^rea(?=ct)|yi"
)

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,:]\d+)*")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$|[\"”)])|\n+")


def syllables(word: str) -> int:
    """Return the number of syllables of an English word; 1 for a number."""
    word = word.lower().replace("’", "").replace("'", "")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    stem = re.sub(r"(?<=[^aeiouyml])e(ly|ful|fully|less|ment|ments)$", r"\1", word)
    for silent in _SILENT_ENDINGS:
        if silent.search(stem):
            stem = silent.sub("", stem)
            break
    return max(1, len(re.findall(r"[aeiouy]+", stem)) + len(_SPOKEN_APART.findall(stem)))


def grade(text: str, *, names: Iterable[str] = NAMES) -> float:
    """Return the Flesch-Kincaid grade of `text`, leaving out `names`."""
    sentences = _sentences(text, names)
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59


def too_hard(texts: Iterable[str], *, limit: float = 6.0) -> list[str]:
    """Return the texts above grade `limit`; those of less than four words are judged together."""
    words = {text: sum(map(len, _sentences(text, NAMES))) for text in texts}
    together = "\n".join(text for text, n in words.items() if n < 4)
    judged = [text for text, n in words.items() if n >= 4] + [together]
    return [f"grade {grade(text):.1f}: {text}" for text in judged if grade(text) > limit]


def _sentences(text: str, names: Iterable[str]) -> list[list[str]]:
    for name in names:
        text = re.sub(rf"\b{re.escape(name)}\b", "", text, flags=re.IGNORECASE)
    return [words for part in _SENTENCE_END.split(text) if (words := _WORD.findall(part))]
