"""The whole report of a pooled analysis is said in a second language, by its folder alone."""

from __future__ import annotations

import re

import pytest
from pydantic import BaseModel

from nof1.reports.pooled.report import pooled_html, pooled_view
from nof1.reports.terminal.pooled import pool_lines
from support import pooled_fits
from support.html_pages import said_by
from support.second_language import forget, speak, write

#: Fields of a pooled analysis that hold codes, for which the language has words.
CODES = {
    "better", "purpose", "estimand", "population", "direction", "code", "rule_from", "kind",
    "modes", "allocation", "carryover", "trend", "period_effects", "missed_doses",
}  # fmt: skip


def kept(value):
    """Yield every text of a pooled analysis that is no code: names and reasons stay as they are."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name not in CODES:
                yield from kept(getattr(value, name))
    elif isinstance(value, dict):
        yield from (*value, *kept(tuple(value.values())))
    elif isinstance(value, tuple):
        for part in value:
            yield from kept(part)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return where the second language lies."""
    made = tmp_path_factory.mktemp("language")
    write(made)
    yield made
    forget()


def in_english(text):
    """Return a text of the second language in the first."""
    return text.replace("ë", "e").replace("Ë", "E")


def left_of(said, fit):
    """Return what is said in the first language, the texts of the pooled file set aside."""
    # The longest first: what a short one holds may be a part of it.
    texts = sorted({text for text in kept(fit) if "e" in text}, key=len, reverse=True)
    first = re.compile(
        "|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in texts), re.IGNORECASE
    )
    rest = [first.sub("", text) for text in said]
    return [word for text in rest for word in re.findall(r"\w*e\w*", text)]


@pytest.mark.parametrize(
    "make",
    [
        pooled_fits.fit,
        pooled_fits.unsized,
        pooled_fits.three_arms,
        pooled_fits.nothing_told,
        pooled_fits.of_days_unknown,
        lambda: pooled_fits.of_size(300),
    ],
)
def test_the_whole_pooled_report_is_said_in_it(folder, monkeypatch, make):
    """Nothing is left of the first language but what the pooled file itself holds."""
    fit = make()
    english = said_by(pooled_html(pooled_view(pooled_fits.story(fit))))
    speak(folder, monkeypatch)
    page = pooled_html(pooled_view(pooled_fits.story(fit)))
    assert '<html lang="zz">' in page
    now = said_by(page)
    assert [in_english(text) for text in now] == english
    assert left_of(now, fit) == []


def test_the_lines_of_a_pool_are_said_in_it(folder, monkeypatch):
    fits = (pooled_fits.fit(), pooled_fits.three_arms(), pooled_fits.nothing_told())
    english = [list(pool_lines(fit)) for fit in fits]
    speak(folder, monkeypatch)
    for fit, before in zip(fits, english, strict=True):
        now = list(pool_lines(fit))
        assert in_english("\n".join(now)) == "\n".join(before)
        together = " ".join(" ".join(now).split())
        assert left_of([together], fit) == []
