"""A stranger runs `nof1 demo` once: the chain ends in a report that is right."""

import json

import pytest

from nof1.demonstration import TRUTH
from support.shell import nof1


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    done = nof1("nof1 demo", folder)
    assert done.returncode == 0, done.stderr
    return folder / "nof1-demo", done


def test_ends_with_the_path_of_the_report(demo):
    folder, done = demo
    shown = done.stdout.splitlines()
    assert any(line.strip().endswith("results/clinician.html") for line in shown[-6:])
    assert (folder / "trial" / "results" / "person.pdf").read_bytes()[:5] == b"%PDF-"


def test_the_report_is_right_about_the_known_truth(demo):
    folder, _ = demo
    content = json.loads((folder / "trial" / "results" / "analysis.json").read_text())
    assert [one["outcome"] for one in content["analyses"]] == ["irls", "legs"]
    for one in content["analyses"]:
        truth = TRUTH[one["outcome"]]
        exact = one["engines"]["quadrature"]
        assert exact["ci_low"] < truth.effects[0] < exact["ci_high"]
        assert exact["half_life"]["ci_low"] < truth.half_life_days < exact["half_life"]["ci_high"]
        assert exact["phi"]["ci_low"] < truth.phi < exact["phi"]["ci_high"]
        assert one["verdict"] == "helps-meaningfully"
        # The plain difference shows less than the full effect: carryover hides some of it.
        assert abs(one["engines"]["paired"]["estimate"]) < abs(truth.effects[0])


def test_every_folder_is_as_described(demo):
    folder, _ = demo
    assert {path.name for path in (folder / "trial").iterdir()} >= {
        "protocol.toml", "schedule.csv", "allocation.age", "log.jsonl", "print", "results",
    }  # fmt: skip
    assert {path.name for path in (folder / "packing").iterdir()} >= {
        "packing-sheet.pdf", "labels.pdf", "emergency.pdf",
    }  # fmt: skip


def test_does_not_overwrite(demo):
    folder, _ = demo
    again = nof1("nof1 demo", folder.parent)
    assert again.returncode == 2
    assert "there is something there already" in again.stderr


def test_a_file_in_the_way_is_a_users_mistake(tmp_path):
    (tmp_path / "file").write_text("mine")
    for out in ("file", "file/demo"):
        run = nof1(f"nof1 demo --out {out}", tmp_path)
        assert run.returncode == 2
        assert run.stderr.count("\n") == 1
    assert (tmp_path / "file").read_text() == "mine"
