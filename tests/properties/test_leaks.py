"""No mark set anywhere in a trial is in what it shares."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nof1.protocol.protocol import Protocol
from nof1.sharing.contribution import LEVELS
from nof1.sharing.from_trial import Agreement, prepare
from support.declared import declaring_text
from support.shared_persons import unsealed_trial
from support.trial_folders import KITS, START

#: Ids are shared on purpose: those of arms and outcomes, and the name of the protocol.
SHARED = {"id", "name"}
DATES = re.compile(
    r"\d{4}-\d\d?-\d\d?|\d\d?[./]\d\d?[./]\d{4}|\d{4}/\d\d|20\d\d-W\d\d|T\d\d:\d\d|\d\d:\d\d"
)


def marked(value, mark, path=()):
    """Yield paths to every text of a protocol, with the text that is to be there."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from marked(inner, mark, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from marked(inner, mark, (*path, i))
    elif isinstance(value, str) and path[-1] not in SHARED:
        yield path, mark


def marked_text(mark):
    """Return the short protocol with a mark wherever a protocol takes any text, and how often."""
    content = tomllib.loads(declaring_text())
    content |= dict.fromkeys(("ethics", "registration", "funding"), "x")
    content["limit_override"] = {"prescriber": "x", "date": "x", "reason": "x"}
    # A unit can be named for a score that has no items.
    content["outcomes"][1]["unit"] = "x"
    n = 0
    for path, text in marked(content, mark):
        changed = json.loads(json.dumps(content))
        place = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = f"{text} {n}"
        try:
            Protocol.model_validate(changed)
        except ValueError:
            continue  # no free text: a choice, a time of day, a number of a version
        content, n = changed, n + 1
    return "\n".join(f"{key} = {toml(value)}" for key, value in content.items()), n


def toml(value):
    """Return a value in TOML, tables on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def noted(mark):
    """Return entries of a log with the mark wherever they take any text."""
    day = (START + timedelta(days=9)).isoformat()
    return [
        ("dose", {"date": day, "taken": 0.5}),
        ("event", {"date": day, "event": mark, "severity": 2}),
        ("correction", {"of": 4, "old": {"value": 1}, "new": {"value": 20}, "reason": mark}),
        ("unblinding", {"period": 1, "by": mark, "reason": mark}),
        ("guess", {"period": 1, "guess": "unsure", "certainty": None}),
    ]


@given(
    mark=st.text("GHJKLMPQRVWXYZ", min_size=6, max_size=10).map("{} of Bern, 2026-02-02".format),
    level=st.sampled_from(LEVELS),
    outcome=st.sampled_from(["irls", "legs"]),
    age=st.none() | st.integers(0, 120),
)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_that_could_name_somebody_leaves(tmp_path_factory, mark, level, outcome, age):
    text, places = marked_text(mark)
    assert places > 150
    folder = tmp_path_factory.mktemp("leaks") / "t"
    trial = unsealed_trial(folder, text=text, noted=noted(mark), said=mark)
    agreed = Agreement(level=level, age=age, ethics=mark, consent=mark)
    prepared = prepare(trial, agreed, outcome=outcome)
    shared = prepared.contribution.text()
    assert prepared.key not in shared

    word = mark.partition(" ")[0]
    log = (folder / "log.jsonl").read_text() + (folder / "protocol.toml").read_text()
    assert log.count(word) > places + 12
    secrets = [trial.allocation.seed.hex(), trial.allocation.salt.hex(), trial.commitment]
    hashes = [entry.hash for entry in trial.entries]
    assert all(one in log for one in [*KITS, *secrets, "P-MARKED"])
    for one in (word, "Bern", "P-MARKED", *KITS, *secrets, *hashes):
        assert one.lower() not in shared.lower()
    assert DATES.search(log)
    assert DATES.search(shared) is None


@pytest.mark.parametrize("text", ["2026-02-02", "2.2.2026", "02/02/2026", "20:00", "2026-W06"])
def test_a_date_would_be_seen(text):
    assert DATES.search(f'{{"version":"{text}"}}')
