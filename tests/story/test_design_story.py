"""A trial is planned and designed through the command line, as a clinician would."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pyrage
import pytest

from nof1.design.draw import sequence_from_seed
from nof1.design.passphrase import Passphrase
from nof1.design.sealing import Identity, commitment, open_seal
from nof1.design.sets import allocation_set
from nof1.protocol.files import find_protocol, read_protocol
from nof1.trial.folder import open_trial
from support.eligible import answered, clear_answers, write_answers
from support.terminal import END_OF_INPUT, converse

SECRET = pyrage.x25519.Identity.generate()
RECIPIENT = str(SECRET.to_public())
MAGNESIUM = read_protocol(find_protocol("magnesium-rls"))
CONTACT = ("--contact", "Dr Lee")
SEALED = ("--packer", RECIPIENT)
CLEAR = clear_answers("magnesium-rls")


def nof1(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "nof1", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        **options,
    )


def design(
    out,
    *more,
    protocol="magnesium-rls",
    start="2026-03-02",
    participant="P01",
    contacts=("Dr Lee",),
):
    given = ("--out", out, "--start", start, "--participant", participant)
    named = [word for line in contacts for word in ("--contact", line)]
    return nof1("design", protocol, *given, *named, *more)


def assert_refused(run, out, *texts):
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    for text in texts:
        assert text in run.stderr
    assert not out.exists()


def test_a_trial_is_designed_without_a_question(tmp_path):
    out = tmp_path / "trial-p01"
    contact = "Dr Berg, 044 555 01 02"
    run = design(out, *SEALED, *answered(), "--emergency", "112", contacts=[contact])
    assert run.returncode == 0, run.stderr
    trial = open_trial(out)
    assert trial.protocol == MAGNESIUM
    assert (trial.contacts, trial.emergency) == ((contact,), "112")
    assert trial.schedule.start == date(2026, 3, 2)
    assert [entry.kind for entry in trial.entries] == ["protocol", "design", "eligibility"]
    assert trial.entries[1].body["sealed_for"] == RECIPIENT
    assert trial.entries[2].body["answers"] == CLEAR
    assert trial.entries[2].body["how"] == "Answers given in a file."
    for text in ("Possible orders  6", "0.333", "67 %", trial.commitment[:12], f"print {out}"):
        assert text in run.stdout
    assert "2026-03-02 to 2026-08-30 (182 days)" in run.stdout


def test_the_seal_holds_what_was_committed_to_and_the_draw_can_be_repeated(tmp_path):
    out = tmp_path / "trial"
    assert design(out, *SEALED, *answered()).returncode == 0
    trial = open_trial(out)
    allocation = open_seal((out / "allocation.age").read_bytes(), Identity(str(SECRET)))
    assert commitment(allocation) == trial.commitment
    assert allocation.bound == trial.bound
    assert allocation.kits == tuple(period.kit for period in trial.schedule.periods)
    numbers = tuple(("placebo", "magnesium").index(arm) for arm in allocation.arms)
    assert sequence_from_seed(allocation_set(trial.protocol), allocation.seed) == numbers
    outside = (out / "log.jsonl").read_text() + (out / "schedule.csv").read_text()
    for secret in (allocation.seed.hex(), allocation.salt.hex()):
        assert secret not in outside


def test_json_is_one_object_and_nothing_else(tmp_path):
    out = tmp_path / "trial"
    run = design(out, *SEALED, *answered(), "--json")
    told = json.loads(run.stdout)
    trial = open_trial(out)
    assert told["schema"] == "nof1.design/1"
    assert told["commitment"] == trial.commitment
    assert (told["participant"], told["start"], told["end"]) == ("P01", "2026-03-02", "2026-08-30")
    assert (told["n_periods"], told["n_sequences"]) == (6, 6)
    assert told["smallest_p"] == pytest.approx(1 / 3)
    assert "what this design can tell" in run.stderr


def test_answers_from_a_file_are_logged(tmp_path):
    out, answers = tmp_path / "trial", write_answers(tmp_path / "answers.toml", heart="yes")
    given = (*SEALED, "--yes", "--answers", answers)
    refused = design(out, *given)
    assert_refused(refused, out, "heart:", "Name the clinician who agrees", "nothing was drawn")
    run = design(out, *given, "--clinician", "Dr Berg")
    assert run.returncode == 0, run.stderr
    body = open_trial(out).entries[2].body
    assert body["answers"] == CLEAR | {"heart": "yes"}
    assert (body["concerns"], body["clinician"]) == (["heart"], "Dr Berg")
    assert "file" in body["how"]


def test_a_stop_refuses_even_when_a_clinician_agrees(tmp_path):
    out = tmp_path / "trial"
    answers = write_answers(tmp_path / "answers.toml", kidney="yes", age="yes")
    run = design(out, *SEALED, "--yes", "--answers", answers, "--clinician", "Dr Berg")
    assert_refused(run, out, "kidney:", "age:", "This trial must not start.")


def test_every_fault_is_shown_at_once_and_nothing_is_written(tmp_path):
    out = tmp_path / "trial"
    run = design(
        out,
        *("--packer", "age1nobody", "--answers", tmp_path / "none.toml"),
        start="2.3.2026",
        participant="Anna Berg",
    )
    assert_refused(
        run,
        out,
        "--start: '2.3.2026' is no date. Write year-month-day",
        "participant: 'Anna Berg' is no code",
        "recipient: 'age1nobody' is not an age recipient",
        "none.toml: cannot be read",
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"participant": "1970-01-31"}, "looks like a date of birth"),
        ({"participant": "x" * 21}, "is no code"),
        ({"start": "2026-02-30"}, "'2026-02-30' is no date"),
        ({"start": "20260302"}, "'20260302' is no date"),
        ({"start": "0202-03-02"}, "no trial starts in the year 202"),
        ({"protocol": "vitamin-x"}, "no bundled protocol of that name"),
    ],
)
def test_what_will_not_do_is_refused(tmp_path, options, message):
    out = tmp_path / "trial"
    assert_refused(design(out, *SEALED, *answered(), **options), out, message)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    run = design(tmp_path, *SEALED, *answered())
    assert run.returncode == 2
    assert "there is something there already" in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_without_a_terminal_missing_answers_are_named(tmp_path):
    out = tmp_path / "trial"
    assert_refused(design(out), out, "Add --yes.", "--answers", "--packer AGE-RECIPIENT")
    assert_refused(design(out, *answered()), out, "nobody can be asked for the passphrase")


def test_two_keys_are_one_too_many(tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("long enough words\n")
    out = tmp_path / "trial"
    run = design(out, *answered(), *SEALED, "--passphrase-file", words)
    assert_refused(run, out, "Give one of the two.")


def test_at_a_terminal_everything_is_asked(tmp_path):
    out = tmp_path / "trial"
    arguments = ["design", "magnesium-rls", "--out", out, "--start", "2026-03-02", *CONTACT]
    questions = [
        (f"{number}/{len(CLEAR)} ", CLEAR[code]) for number, code in enumerate(CLEAR, start=1)
    ]
    at = list(CLEAR).index("pregnancy")
    agreed = [(questions[at][0], "y"), ("clinician who agrees", "Dr Berg")]
    code, said = converse(
        [*arguments, "--participant", "P01"],
        [
            ("Go on with this design? [y/n]", "y"),
            *questions[:at],
            *agreed,
            *questions[at + 1 :],
            # Typed before the space after the colon, a reply would be thrown away.
            ("Passphrase: ", "short"),
            ("Once more: ", "short"),
            ("Passphrase: ", "four random words here"),
            ("Once more: ", "four random words here"),
        ],
    )
    assert code == 0, said
    assert "5 characters can be guessed" in said
    assert "four random words" not in said
    trial = open_trial(out)
    assert trial.entries[1].body["sealed_for"] == "a passphrase"
    assert trial.entries[2].body["clinician"] == "Dr Berg"
    assert trial.entries[2].body["concerns"] == ["pregnancy"]
    sealed = (out / "allocation.age").read_bytes()
    allocation = open_seal(sealed, Passphrase("four random words here"))
    assert commitment(allocation) == trial.commitment
    assert allocation.bound == trial.bound


def test_declining_the_design_writes_nothing(tmp_path):
    out = tmp_path / "trial"
    arguments = ["design", "magnesium-rls", "--out", out, "--start", "2026-03-02", *CONTACT]
    code, said = converse([*arguments, "--participant", "P01"], [("Go on", "n")])
    assert code == 0
    assert "nothing was written" in said
    assert not out.exists()


def test_plan_shows_the_protocol_beside_its_neighbours():
    run = nof1("plan", "magnesium-rls")
    assert run.returncode == 0, run.stderr
    table = run.stdout.partition("Neighbouring designs")[2]
    (own,) = [line for line in table.splitlines() if line.strip().startswith("* ")]
    assert own.split()[1:6] == ["3", "28", "26", "6", "0.333"]
    assert "0.032" in table
    told = json.loads(nof1("plan", "magnesium-rls", "--json").stdout)
    assert told["schema"] == "nof1.plan/1"
    assert len(told["candidates"]) == 15
    assert told["design"] in told["candidates"]


def test_plan_tells_every_pair_of_three_arms_what_its_own_test_can_reach(tmp_path):
    run = nof1("plan", "magnesium-dose")
    assert "high against low                4 to 8   0.250 to 0.500     50 % to 75 %" in run.stdout
    assert "The randomisation test of low against placebo cannot reach p below 0.05" in run.stdout
    assert "0.017" not in run.stdout
    planned = json.loads(nof1("plan", "magnesium-dose", "--json").stdout)["design"]["contrasts"]
    made = design(
        tmp_path / "t", *SEALED, *answered("magnesium-dose"), "--json", protocol="magnesium-dose"
    )
    assert json.loads(made.stdout)["contrasts"] == planned
    assert [(one["n_sequences"], one["smallest_p"]) for one in planned] == [(8, 0.25)] * 3


SERIES = ("--series", "--effect", "3", "--between-sd", "3", "--within-sd", "4")


def test_plan_shows_how_many_persons_a_series_needs():
    run = nof1("plan", "magnesium-rls", *SERIES)
    assert run.returncode == 0, run.stderr
    assert "SD 4 points of one period's mean, so 5.66 points of the difference" in run.stdout
    rows = [line.split() for line in run.stdout.splitlines() if line.endswith("2.21")]
    assert rows == [["*", "3", "11", "33", "20", "60", "3.27", "2.21"]]
    told = json.loads(nof1("plan", "magnesium-rls", *SERIES, "--json").stdout)
    assert told["schema"] == "nof1.plan-series/1"
    assert (told["effect"], told["within_sd"], told["alpha"], told["power"]) == (3, 4, 0.05, 0.8)
    assert told["difference_sd"] == pytest.approx(32**0.5)
    found = {size["cycles"]: (size["n_fixed"], size["n_random"]) for size in told["series"]}
    assert list(found) == [2, 3, 4, 5, 6, 7, 8]
    assert found[told["cycles"]] == (11, 20)


@pytest.mark.parametrize(
    ("options", "messages"),
    [
        (("--series", "--effect", "3"), ("--between-sd: is needed", "--within-sd: is needed")),
        (SERIES[1:], ("--series: the other options plan a series. Add --series.",)),
        ((*SERIES[:-1], "-4"), ("within-sd: -4 will not do. Give an SD in points above 0.",)),
    ],
)
def test_a_series_is_planned_with_every_assumption_or_not_at_all(options, messages):
    run = nof1("plan", "magnesium-rls", *options)
    assert (run.returncode, run.stdout) == (2, "")
    assert [line for line in run.stderr.splitlines() if line.startswith("nof1: ")] == (
        run.stderr.splitlines()
    )
    for message in messages:
        assert message in run.stderr


@pytest.mark.parametrize("command", ["plan", "design"])
def test_help_shows_a_command_to_copy(command):
    run = nof1(command, "--help")
    assert run.returncode == 0
    assert f"nof1 {command} magnesium-rls" in run.stdout


def test_what_the_pages_cannot_print_is_refused_before_the_draw(tmp_path):
    out = tmp_path / "t"
    options = (*answered(), *SEALED)
    run = design(out, *options, "--emergency", "1" * 81, contacts=["Dr\nBerg"])
    assert_refused(run, out, "contact: 'Dr\\nBerg' cannot be printed", "emergency: 81 characters")
    # A byte that is no UTF-8, as a terminal in another encoding hands it over.
    broken = b"Dr M\xfcller".decode("utf-8", "surrogateescape")
    run = design(out, *options, contacts=[broken])
    assert_refused(run, out, "contact:", "cannot be printed")
    run = design(out, *options, "--emergency", "緊急", contacts=["Dr 李"])
    assert_refused(
        run, out, 'contact: the shipped font cannot print "李"', "emergency: the shipped font"
    )


def test_stopping_at_a_question_is_the_users_doing(tmp_path):
    out = tmp_path / "t"
    arguments = ["design", "magnesium-rls", "--out", out, "--start", "2026-03-02", *CONTACT]
    code, said = converse([*arguments, "--participant", "P01"], [("Go on", END_OF_INPUT)])
    assert code == 2
    # On a line of its own, below the question.
    assert "nof1: stopped." in said.splitlines()[-1]
    assert said.splitlines()[-1].startswith("nof1: ")
    assert not out.exists()
