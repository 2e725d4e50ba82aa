"""Pages are printed and kits packed through the command line, as a clinic would."""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pyrage
import pytest

from support.eligible import answered

HEAVY = ("pymc", "arviz", "statsmodels", "matplotlib", "pandas", "scipy.stats")


def nof1(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "nof1", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def refused(run, *told):
    assert run.returncode == 2
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    for text in told:
        assert text in run.stderr


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    """A folder with the packer's key and a trial sealed for it."""
    place = tmp_path_factory.mktemp("clinic")
    secret = pyrage.x25519.Identity.generate()
    (place / "key.txt").write_text(f"# of the pharmacy\n{secret}\n")
    run = nof1(
        "design", "magnesium-rls", "--out", place / "trial-p01", "--start", "2027-01-04",
        "--participant", "P01", "--packer", secret.to_public(), *answered(),
        "--contact", "Dr Berg, 044 555 01 02", "--emergency", "112",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return place / "trial-p01"


def cpu_seconds():
    """Return what all commands so far have cost, whatever else the machine was doing."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_pages_are_printed_in_under_three_seconds_and_the_same_again(trial):
    before = cpu_seconds()
    run = nof1("print", trial)
    assert cpu_seconds() - before < 3
    assert (run.returncode, run.stderr) == (0, "")
    names = ["participant.pdf", "clinician.pdf", "calendar.ics"]
    assert run.stdout.splitlines() == [str(trial / "print" / name) for name in names]
    first = files_in(trial / "print")
    assert nof1("print", trial).returncode == 0
    assert files_in(trial / "print") == first
    assert all(first[name].startswith(b"%PDF-") for name in names[:2])


def test_printing_for_other_eyes_and_sheets(trial):
    run = nof1("print", trial, "--paper", "letter", "--large", "--json")
    found = json.loads(run.stdout)
    assert found["schema"] == "nof1.print/1"
    assert len(found["files"]) == 3
    large = (trial / "print" / "participant.pdf").read_bytes()
    assert nof1("print", trial).returncode == 0
    assert len(large) > len((trial / "print" / "participant.pdf").read_bytes())


def test_the_packer_packs_outside_the_trial_folder(trial):
    before, out = files_in(trial), trial.parent / "packing"
    run = nof1("pack", trial, "--out", out, "--identity", trial.parent / "key.txt")
    assert run.returncode == 0
    assert set(files_in(out)) == {"packing-sheet.pdf", "labels.pdf", "emergency.pdf"}
    assert "for the packer alone" in run.stderr
    assert files_in(trial) == before


def test_packing_is_refused_with_a_reason(trial):
    key = trial.parent / "key.txt"
    inside = trial / "packing"
    refused(nof1("pack", trial, "--out", inside, "--identity", key), "lies in the trial folder")
    elsewhere = trial.parent / "elsewhere"
    refused(nof1("pack", trial, "--out", elsewhere), "nobody can be asked", "--identity")
    other = trial.parent / "other.txt"
    other.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    refused(nof1("pack", trial, "--out", elsewhere, "--identity", other), "does not open it")
    assert not inside.exists()
    assert not elsewhere.exists()


def test_printing_is_refused_with_a_reason(trial, tmp_path):
    refused(nof1("print", tmp_path), str(tmp_path))
    refused(nof1("print", trial, "--item-wording", tmp_path / "none.txt"), "none.txt")


def test_printing_loads_no_heavy_package(trial):
    program = (
        "import sys\n"
        f"sys.argv = ['nof1', 'print', {str(trial)!r}]\n"
        "from nof1.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stderr == "[]\n"


@pytest.mark.parametrize("command", ["print", "pack"])
def test_help_shows_an_example(command):
    run = nof1(command, "--help")
    assert run.returncode == 0
    assert f"nof1 {command} trial-p01" in run.stdout
