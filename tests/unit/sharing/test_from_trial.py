import errno
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from nof1.errors import InputError, TrialError
from nof1.files import new_file
from nof1.protocol.files import parse_protocol
from nof1.protocol.tables import Decision
from nof1.provenance import sha256_hex
from nof1.reports.terminal.sharing import leaves
from nof1.sharing.contribution import LEVELS, Contribution
from nof1.sharing.from_trial import Agreement, family, prepare, share
from nof1.trial import log
from nof1.trial.checking import check
from nof1.trial.folder import open_trial
from nof1.trial.log import append
from nof1.trial.records import trial_data
from support.shared_persons import unsealed_trial
from support.trial_folders import START, make_trial, short_protocol_text

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
WAIVER = "No approval is needed: care."
PLAIN = Agreement(level="likelihood", ethics=WAIVER)


def day(number):
    return (START + timedelta(days=number - 1)).isoformat()


#: Periods begin on days 8, 15, 22 and 29: magnesium, placebo, placebo, magnesium.
NOTED = [
    ("dose", {"date": day(8), "taken": 1.0}),
    ("dose", {"date": day(9), "taken": 0.5}),
    ("dose", {"date": day(16), "taken": 1.0}),
    ("event", {"date": day(3), "event": "Headache", "severity": 3}),
    ("event", {"date": day(16), "event": "Loose stools", "severity": 1}),
    ("event", {"date": day(17), "event": "Loose stools", "severity": 2}),
    ("event", {"date": day(17), "event": "Headache", "severity": 1}),
    ("event", {"date": day(30), "event": "Headache", "severity": 0}),
    ("guess", {"period": 1, "guess": "magnesium", "certainty": 3}),
    ("guess", {"period": 2, "guess": "magnesium", "certainty": 3}),
    ("guess", {"period": 3, "guess": "unsure", "certainty": None}),
    ("unblinding", {"period": 2, "by": "A", "reason": "fainted"}),
    ("unblinding", {"period": 2, "by": "B", "reason": "told again"}),
]


@pytest.fixture
def trial(tmp_path):
    return unsealed_trial(tmp_path / "t", noted=NOTED)


def entries(trial):
    return [one.body for one in open_trial(trial.folder).entries if one.kind == "share"]


def test_what_the_folder_knows_is_counted_by_arm(trial):
    found = prepare(trial, PLAIN, outcome=None).contribution
    assert found.arms == ("placebo", "magnesium")
    assert found.adherence.model_dump() == {
        "recorded": round(3 / 28, 3),
        "taken": {"placebo": 1.0, "magnesium": 0.75},
    }
    # The headache of the run-in is of no arm, and one of severity 0 is none.
    assert {arm: (one.days, one.worst) for arm, one in found.harms.items()} == {
        "placebo": (3, 2),
        "magnesium": (0, 0),
    }
    assert found.blinding.guesses.model_dump() == {
        "right": 1, "wrong": 1, "unsure": 1,
        "by_arm": {
            "placebo": {"right": 0, "wrong": 1, "unsure": 1},
            "magnesium": {"right": 1, "wrong": 0, "unsure": 0},
        },
    }  # fmt: skip
    assert found.blinding.opened_early == 1
    assert found.design.model_dump(exclude={"scores", "scores_missing"}) == {
        "cycles": 2, "cycles_scored": 2, "periods": 4, "periods_scored": 4, "period_days": 7,
        "run_in_days": 7, "washout_days": 0, "allocation": "drawn",
    }  # fmt: skip
    assert (found.protocol.name, found.protocol.version) == ("magnesium-rls", "1.0")
    assert found.protocol.digest == trial.protocol_digest


@pytest.mark.parametrize("level", LEVELS)
def test_the_rule_of_the_protocol_goes_with_it(trial, level):
    rule = Decision(meaningful=0.7, trivial=0.75, better=0.95, worse=0.97)
    promised = replace(trial, protocol=trial.protocol.model_copy(update={"decision": rule}))
    agreement = Agreement(level=level, ethics=WAIVER, consent="Ada Berg")
    found = prepare(promised, agreement, outcome=None).contribution
    assert Contribution.model_validate_json(found.text()).decision == rule
    said = "the rule of the verdict: meaningful 70 %, trivial 75 %, better 95 %, worse 97 %"
    assert said in list(leaves(found))


def test_the_order_of_the_arms_does_not_show_below_level_scores(trial):
    for level in ("coarse", "likelihood", "cycles"):
        agreed = Agreement(level=level, ethics=WAIVER)
        found = prepare(trial, agreed, outcome=None).contribution
        assert list(found.adherence.taken) == list(found.harms) == ["placebo", "magnesium"]
        assert found.scores is None


def test_levels_hold_what_they_say(trial):
    told = {
        level: prepare(
            trial, Agreement(level=level, ethics=WAIVER, consent="P01 herself"), outcome="legs"
        ).contribution
        for level in LEVELS
    }
    assert told["likelihood"].cycle_differences is None
    assert told["coarse"].cycle_differences is None
    series = trial_data(trial).masked.series[1]
    differences = told["cycles"].cycle_differences["magnesium"]
    by_day = dict(zip(series.day.tolist(), series.score.tolist(), strict=True))
    mean = [sum(by_day[first + i] for i in range(7)) / 7 for first in (8, 15, 22, 29)]
    assert differences == pytest.approx([mean[0] - mean[1], mean[3] - mean[2]])
    assert told["cycles"].scores is None
    scores = told["scores"].scores
    assert dict(zip(scores.day, scores.score, strict=True)) == by_day
    assert scores.periods == ((8, 14, 1, 1), (15, 21, 1, 0), (22, 28, 2, 0), (29, 35, 2, 1))
    coarse = told.pop("coarse").likelihood
    assert told["likelihood"].likelihood.scheduled is None
    bare = {one.likelihood.model_copy(update={"scheduled": None}) for one in told.values()}
    assert len(bare) == 1
    whole = told["likelihood"].likelihood
    assert whole.added_noise is None
    assert coarse.added_noise.model_dump() == {"means": 0.1, "log_sds": 0.05}
    assert (coarse.noise, coarse.scheduled, coarse.error) == (None, None, None)
    assert None not in (whole.noise, whole.error)


def test_facts_leave_only_if_given_and_only_coarse(trial):
    assert set(prepare(trial, PLAIN, outcome=None).contribution.about.model_dump().values()) == {
        None
    }
    agreed = Agreement(level="likelihood", ethics=WAIVER, age=91, sex="other", iron="low")
    found = prepare(trial, agreed, outcome=None).contribution
    assert found.about.model_dump() == {
        "age_band": "90+",
        "sex": "other",
        "magnesium": None,
        "iron": "low",
    }
    assert '"91"' not in found.text()


def test_sharing_twice_gives_the_same_bytes_and_one_entry(trial, tmp_path):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    for out in (first, first, second):
        opened = open_trial(trial.folder)
        share(opened, PLAIN, prepare(opened, PLAIN, outcome=None), out=out, now=NOW)
    assert first.read_bytes() == second.read_bytes()
    found = Contribution.model_validate_json(first.read_text())
    (entry,) = entries(trial)
    assert entry["code"] == found.id
    assert entry["ethics"] == WAIVER
    assert set(entry) == {"code", "level", "outcome", "digest", "ethics", "consent"}
    # Another outcome goes by the same code, and has an entry of its own.
    opened = open_trial(trial.folder)
    other = prepare(opened, PLAIN, outcome="legs")
    share(opened, PLAIN, other, out=tmp_path / "c.json", now=NOW)
    assert other.contribution.id == found.id
    assert [one["outcome"] for one in entries(trial)] == ["irls", "legs"]


def test_the_noise_is_drawn_once_and_kept_in_the_log_alone(trial, tmp_path):
    agreed = [
        Agreement(level="coarse", ethics=WAIVER),
        Agreement(level="likelihood", ethics=WAIVER),
        Agreement(level="coarse", ethics=WAIVER, age=54),
    ]
    # Before anything is shared each preparation draws anew.
    blind = [prepare(trial, agreed[0], outcome=None) for _ in range(2)]
    assert blind[0].contribution.likelihood != blind[1].contribution.likelihood
    found = []
    for number, one in enumerate(agreed):
        opened = open_trial(trial.folder)
        prepared = prepare(opened, one, outcome=None)
        share(opened, one, prepared, out=tmp_path / f"{number}.json", now=NOW)
        found.append(prepared.contribution)
    assert found[0].likelihood == found[2].likelihood != found[1].likelihood
    assert found[0].about != found[2].about
    logged = entries(trial)
    assert [("noise" in one) for one in logged] == [True, False, True]
    assert logged[0]["noise"] == logged[2]["noise"] != logged[0]["code"]
    assert all(logged[0]["noise"] not in path.read_text() for path in tmp_path.glob("*.json"))
    # Another outcome has noise of its own from the same key.
    opened = open_trial(trial.folder)
    assert prepare(opened, agreed[0], outcome="legs").key == logged[0]["noise"]


def test_the_code_of_each_trial_is_drawn_anew(tmp_path):
    codes = {
        prepare(unsealed_trial(tmp_path / name), PLAIN, outcome=None).contribution.id
        for name in ("a", "b")
    }
    assert len(codes) == 2
    assert {len(code) for code in codes} == {32}


def test_check_and_data_are_as_before_the_sharing(trial, tmp_path):
    before = check(trial, today=date(2026, 4, 1))
    share(trial, PLAIN, prepare(trial, PLAIN, outcome=None), out=tmp_path / "a.json", now=NOW)
    after = check(open_trial(trial.folder), today=date(2026, 4, 1))
    assert after.entries == before.entries + 1
    changed = ("entries", "head", "comparisons")
    assert {k: v for k, v in after.as_json().items() if k not in changed} == {
        k: v for k, v in before.as_json().items() if k not in changed
    }


def test_another_file_is_kept_and_nothing_is_logged(trial, tmp_path):
    out = tmp_path / "a.json"
    out.write_text("{}\n")
    with pytest.raises(InputError, match="something else already"):
        share(trial, PLAIN, prepare(trial, PLAIN, outcome=None), out=out, now=NOW)
    assert out.read_text() == "{}\n"
    assert entries(trial) == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.json", "t"]


@pytest.mark.parametrize("name", ["nowhere/a.json", "."])
def test_what_cannot_be_written_is_not_logged(trial, tmp_path, name):
    with pytest.raises(InputError, match=r"cannot be written|is a folder"):
        share(trial, PLAIN, prepare(trial, PLAIN, outcome=None), out=tmp_path / name, now=NOW)
    assert entries(trial) == []


def test_what_cannot_be_logged_is_not_written(trial, tmp_path):
    found = prepare(trial, PLAIN, outcome=None)
    append(trial.folder, [("event", {"date": day(9), "event": "X", "severity": 1})], now=NOW)
    with pytest.raises(TrialError, match="another program recorded something"):
        share(trial, PLAIN, found, out=tmp_path / "a.json", now=NOW)
    assert [one.name for one in tmp_path.iterdir()] == ["t"]


def failing(*_):
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_name_that_fails_once_is_given_all_the_same(trial, tmp_path, monkeypatch):
    put, given = new_file.put, []

    def once(draft, place):
        given.append(place)
        (failing if len(given) == 1 else put)(draft, place)

    monkeypatch.setattr(new_file, "put", once)
    share(trial, PLAIN, prepare(trial, PLAIN, outcome=None), out=tmp_path / "a.json", now=NOW)
    (entry,) = entries(trial)
    assert entry["digest"] == sha256_hex((tmp_path / "a.json").read_text().removesuffix("\n"))


def test_a_file_that_gets_no_name_is_said_and_sharing_again_makes_it(trial, tmp_path, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(new_file, "put", failing)
        with pytest.raises(InputError, match=r"a\.json: cannot be written.*The log .* says by now"):
            share(
                trial, PLAIN, prepare(trial, PLAIN, outcome=None), out=tmp_path / "a.json", now=NOW
            )
    assert [one.name for one in tmp_path.iterdir()] == ["t"]
    (entry,) = entries(trial)
    opened = open_trial(trial.folder)
    share(opened, PLAIN, prepare(opened, PLAIN, outcome=None), out=tmp_path / "a.json", now=NOW)
    assert entries(trial) == [entry]
    assert entry["digest"] == sha256_hex((tmp_path / "a.json").read_text().removesuffix("\n"))


def test_what_was_logged_though_the_disk_did_not_confirm_it_is_written(
    trial, tmp_path, monkeypatch
):
    monkeypatch.setattr(log, "sync_folder", failing)
    with pytest.raises(TrialError, match=r"recorded all the same.*\n.*written all the same"):
        share(trial, PLAIN, prepare(trial, PLAIN, outcome=None), out=tmp_path / "a.json", now=NOW)
    assert len(entries(trial)) == 1
    assert (tmp_path / "a.json").exists()


def test_a_file_that_the_disk_did_not_confirm_is_there_and_said(trial, tmp_path, monkeypatch):
    monkeypatch.setattr(new_file, "sync_folder", failing)
    with pytest.raises(InputError, match=r"a\.json: was written, but the disk did not confirm it"):
        share(trial, PLAIN, prepare(trial, PLAIN, outcome=None), out=tmp_path / "a.json", now=NOW)
    assert len(entries(trial)) == 1
    assert (tmp_path / "a.json").exists()


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    sealed = make_trial(tmp_path / "t")
    asked = Agreement(level="scores", age=150, ethics=" ")
    with pytest.raises(InputError) as caught:
        prepare(sealed, asked, outcome="sleep")
    assert [(fault.where, fault.what.split(",")[0]) for fault in caught.value.faults] == [
        (str(tmp_path / "t"), "the allocation is still sealed"),
        ("--outcome", "there is no outcome 'sleep'"),
        ("--age", "150 is no age in years"),
        ("--ethics", "is empty"),
        (
            "--consent",
            "a series of scores can be recognised by whoever knows a few of them",
        ),
    ]


def test_the_ethics_of_the_protocol_is_enough(tmp_path):
    text = 'ethics = "Board 7, 12/2025"\n' + short_protocol_text()
    trial = unsealed_trial(tmp_path / "t", text=text)
    bare = Agreement(level="likelihood")
    share(trial, bare, prepare(trial, bare, outcome=None), out=tmp_path / "a.json", now=NOW)
    assert entries(trial)[0]["ethics"] == "Board 7, 12/2025"
    assert "Board" not in (tmp_path / "a.json").read_text()


# ---- families ---------------------------------------------------------------------------------

SAME = {
    "title": ('title = "Magnesium for restless legs"', 'title = "Another title"'),
    "cycles": ("cycles = 2", "cycles = 4"),
    "case of a form": ('form = "citrate"', 'form = "Citrate "'),
    "the other outcome": ('id = "legs"', 'id = "sleep"'),
}
OTHER = {
    "dose": ("strength = 100", "strength = 66.67"),
    "form": ('form = "citrate"', 'form = "oxide"'),
    "time of day": ('times = ["20:00"]', 'times = ["08:00"]'),
    "recall": ("recall_days = 7", "recall_days = 14"),
}


def families(old, new):
    text = short_protocol_text()
    assert old in text
    protocols = [parse_protocol(one, source="p") for one in (text, text.replace(old, new, 1))]
    return [family(one, one.primary) for one in protocols]


@pytest.mark.parametrize(("old", "new"), SAME.values(), ids=SAME.keys())
def test_a_family_has_arms_doses_and_scale_alike(old, new):
    one, other = families(old, new)
    assert one == other


@pytest.mark.parametrize(("old", "new"), OTHER.values(), ids=OTHER.keys())
def test_families_differ_where_effects_would(old, new):
    one, other = families(old, new)
    assert one != other


def test_each_outcome_has_a_family_of_its_own():
    protocol = parse_protocol(short_protocol_text(), source="p")
    assert len({family(protocol, one) for one in protocol.outcomes}) == 2
