import json
from dataclasses import replace

import pytest

from nof1.errors import TrialError
from nof1.provenance import canonical_json, sha256_hex
from nof1.trial.contacts import (
    change_contacts,
    contact_faults,
    contacts_mark,
    outdated_pages,
    refuse_nobody,
)
from nof1.trial.folder import open_trial
from support.trial_folders import LATER, make_trial

WHO = {"by": "Dr Berg", "reason": "moved", "now": LATER}


@pytest.fixture
def trial(tmp_path):
    return make_trial(tmp_path / "trial")


def test_a_change_replaces_all_lines_and_keeps_what_was_promised(trial):
    entry = change_contacts(trial, ["Dr Lee, 1", " Night line, 2 "], emergency=None, **WHO)
    assert entry.kind == "contact"
    assert entry.body == {
        "contact": ["Dr Lee, 1", "Night line, 2"],
        "emergency": "112",
        "by": "Dr Berg",
        "reason": "moved",
    }
    changed = open_trial(trial.folder)
    assert changed.contacts == ("Dr Lee, 1", "Night line, 2")
    assert changed.entries[1].body["contact"] == list(trial.contacts)
    change_contacts(changed, [], emergency="911", **WHO)
    again = open_trial(trial.folder)
    assert (again.contacts, again.emergency) == (changed.contacts, "911")


@pytest.mark.parametrize(
    ("contacts", "emergency", "message"),
    [
        ([], None, "--contact: nothing would change"),
        (["Dr Ada Berg, +41 44 555 01 02"], "112", "--contact: nothing would change"),
        (["x" * 81], None, "contact: 81 characters do not fit the pages. Write 80 at most."),
        (["a", "b\nc"], None, r"contact 2: 'b\nc' cannot be printed"),
        ([""], None, "contact: is empty"),
        (["a", "b", "a"], None, "contact 3: 'a' is given already. Give every line once."),
        (list("abcde"), None, "contact: 5 lines do not fit the pages"),
        (["a"], "", "emergency: is empty"),
    ],
)
def test_what_cannot_be_printed_or_changes_nothing_is_refused(trial, contacts, emergency, message):
    with pytest.raises(TrialError) as caught:
        change_contacts(trial, contacts, emergency=emergency, **WHO)
    assert message in str(caught.value)
    assert open_trial(trial.folder).entries == trial.entries


def test_a_change_made_again_is_not_logged_twice(trial):
    """A command that was recorded, but stopped before it could say so, is run again."""
    entry = change_contacts(trial, ["Dr Lee"], emergency=None, **WHO)
    changed = open_trial(trial.folder)
    assert change_contacts(changed, ["Dr Lee "], emergency=None, **WHO) == entry
    assert open_trial(trial.folder).entries == changed.entries
    with pytest.raises(TrialError, match="nothing would change"):
        change_contacts(changed, ["Dr Lee"], emergency=None, **WHO | {"by": "Dr Bo"})


def test_a_change_says_who_and_why(trial):
    with pytest.raises(TrialError) as caught:
        change_contacts(trial, ["a"], emergency=None, by=" ", reason="", now=LATER)
    assert "--by: is empty" in str(caught.value)
    assert "--reason: is empty" in str(caught.value)


def test_four_lines_of_eighty_characters_fit():
    assert contact_faults([letter * 80 for letter in "abcd"], "1" * 80) == []


def test_only_a_self_directed_trial_may_name_nobody(trial):
    for purpose in ("care", "research"):
        protocol = trial.protocol.model_copy(update={"purpose": purpose})
        with pytest.raises(TrialError, match=f"a trial for {purpose} needs somebody"):
            refuse_nobody(protocol, ())
        refuse_nobody(protocol, ("Dr Lee",))
    refuse_nobody(trial.protocol.model_copy(update={"purpose": "self"}), ())


def test_a_folder_with_one_contact_as_text_still_opens(trial):
    """The design entry of the first trials had `contact`, a text; rewritten with its hashes."""
    previous, lines = "0" * 64, []
    for text in (trial.folder / "log.jsonl").read_text().splitlines():
        entry = json.loads(text)
        if entry["kind"] == "design":
            entry["body"]["contact"] = entry["body"]["contact"][0]
        entry["previous"] = previous
        del entry["hash"]
        previous = entry["hash"] = sha256_hex(canonical_json(entry))
        lines.append(canonical_json(entry) + "\n")
    (trial.folder / "log.jsonl").write_text("".join(lines))
    assert open_trial(trial.folder).contacts == trial.contacts


def test_pages_with_other_contacts_are_named_and_nothing_else(trial, tmp_path):
    printed = tmp_path / "print"
    assert outdated_pages(trial, printed) == ()
    printed.mkdir()
    old = contacts_mark(("Dr No, 0",), "112").encode()
    present = contacts_mark(trial.contacts, trial.emergency).encode()
    for name, content in (
        ("calendar.ics", present), ("participant.pdf", b"a " + old + b" b"), ("mine.pdf", b"mine"),
        ("mine.txt", old),
    ):  # fmt: skip
        (printed / name).write_bytes(content)
    assert outdated_pages(trial, printed) == ("participant.pdf",)
    assert outdated_pages(replace(trial, contacts=("Dr No, 0",)), printed) == ("calendar.ics",)
