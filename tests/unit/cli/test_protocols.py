import errno
import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from nof1.cli.app import app, give, say
from nof1.cli.main import main
from nof1.cli.protocols import protocols
from nof1.errors import InputError
from nof1.protocol.files import bundled_names, bundled_protocol, json_schema_text, read_protocol
from support.protocol_texts import rewritten


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["protocols", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def fails(monkeypatch, capsys, *arguments: str) -> str:
    monkeypatch.setattr(sys, "argv", ["nof1", "protocols", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


def test_every_bundled_protocol_is_listed_in_aligned_columns():
    head, *rows = run().splitlines()
    assert [row.split()[0] for row in rows] == bundled_names()
    default = read_protocol(bundled_protocol("magnesium-rls"))
    for title, cell in (
        ("TITLE", default.title),
        ("ARMS", "placebo, magnesium"),
        ("PERIODS", "6 x 4 weeks"),
        ("BLINDING", "double-blind"),
    ):
        assert rows[0].index(cell) == head.index(title)
    assert "12 x 1 week " in run()


@pytest.mark.parametrize("name", ["magnesium-rls", "warm-bath-rls"])
def test_a_protocol_is_shown_byte_for_byte(name):
    shown = subprocess.run(
        [sys.executable, "-m", "nof1", "protocols", "show", name], capture_output=True, check=True
    )
    assert shown.stdout == bundled_protocol(name).read_bytes()
    assert shown.stderr == b""


def test_showing_what_is_not_bundled_names_what_is(monkeypatch, capsys):
    message = fails(monkeypatch, capsys, "show", "melatonin")
    assert message.startswith("nof1: melatonin: there is no such file and no bundled protocol")
    assert "magnesium-rls-open" in message


def test_a_complete_protocol_is_said_to_be_so_with_its_digest_and_its_doses(tmp_path):
    file = tmp_path / "my.toml"
    file.write_text(rewritten(("strength = 100", "strength = 83.33")), encoding="utf-8")
    assert run("check", str(file)).splitlines() == [
        f"{file}: magnesium-rls 1.0 is complete. SHA-256 {read_protocol(file).digest}",
        "  Placebo: 3 capsules at 20:00 (8 pm); no magnesium.",
        "  Magnesium citrate 250 mg: 3 capsules at 20:00 (8 pm); 250 mg (10.3 mmol) magnesium a "
        "day: 3 capsules of 83.33 mg.",
    ]


def test_what_is_taken_is_given_as_numbers_too():
    found = json.loads(run("check", "magnesium-timing", "--json"))
    assert found["doses"] == [
        {"arm": "evening", "units": {"12:00": 2, "20:00": 4}, "magnesium_mg": 300.0},
        {"arm": "split", "units": {"12:00": 2, "20:00": 4}, "magnesium_mg": 300.0},
    ]
    assert found["above_limit"] == []


def test_a_complete_protocol_without_anything_to_take_is_one_line():
    assert len(run("check", "massage-rls").splitlines()) == 1


def test_every_fault_of_a_protocol_is_a_line(monkeypatch, capsys, tmp_path):
    file = tmp_path / "my.toml"
    file.write_text(
        rewritten(("cycles = 3", "cycles = 0"), ('version = "1.0"', "")), encoding="utf-8"
    )
    assert fails(monkeypatch, capsys, "check", str(file)).splitlines() == [
        f"nof1: {file}: version: is missing. Add it.",
        f"nof1: {file}: design.cycles: 0 is out of range. Write a number of at least 1.",
    ]


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"\xff", "byte 0 is not UTF-8"), (b"schema = nof1", "not valid TOML")],
)
def test_a_file_that_is_no_protocol_is_one_fault(monkeypatch, capsys, tmp_path, content, what):
    file = tmp_path / "my.toml"
    file.write_bytes(content)
    message = fails(monkeypatch, capsys, "check", str(file))
    assert message.count("\n") == 1
    assert what in message


def test_the_schema_is_printed_as_published():
    assert run("schema") == json_schema_text()


def test_the_list_and_the_check_as_json():
    listed = json.loads(run("--json"))
    assert listed["schema"] == "nof1.protocols/1"
    assert [one["name"] for one in listed["protocols"]] == bundled_names()
    checked = json.loads(run("check", "magnesium-rls", "--json"))
    assert checked == {
        "schema": "nof1.protocol-check/1",
        "file": "magnesium-rls",
        "name": "magnesium-rls",
        "version": "1.0",
        "title": "Magnesium for restless legs",
        "arms": ["placebo", "magnesium"],
        "n_periods": 6,
        "period_days": 28,
        "blinding": "double-blind",
        "digest": read_protocol(bundled_protocol("magnesium-rls")).digest,
        "doses": [
            {"arm": "placebo", "units": {"20:00": 3}, "magnesium_mg": 0.0},
            {"arm": "magnesium", "units": {"20:00": 3}, "magnesium_mg": 300.0},
        ],
        "above_limit": [],
    }


def test_every_command_has_a_help_with_an_example():
    assert "nof1 protocols show magnesium-rls > my.toml" in run("--help")
    for command in protocols.registered_commands:
        assert f"nof1 protocols {command.name}" in run(command.name, "--help")


def test_a_full_disk_under_the_output_is_no_fault_of_nof1(monkeypatch):
    def full(_text, **_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("nof1.cli.app.typer.echo", full)
    with pytest.raises(InputError, match="standard output: cannot be written: No space left"):
        say("a line")
    with pytest.raises(InputError, match="standard output: cannot be written: No space left"):
        give(b"a file")


def test_a_name_too_long_for_a_file_is_no_protocol(monkeypatch, capsys):
    assert "no such file and no bundled protocol" in fails(monkeypatch, capsys, "check", "a" * 5000)
