"""Swapping the arms changes no byte outside the seal, the salted commitment apart."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, date, datetime

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nof1.design.draw import sequence_from_seed
from nof1.design.sealing import Identity, Recipient, open_seal
from nof1.design.sets import allocation_set
from nof1.protocol.files import bundled_names, find_protocol, read_protocol
from nof1.reports.pages.printing import print_pages
from nof1.trial import starting
from nof1.trial.folder import open_trial
from nof1.trial.log import append
from nof1.trial.records import masked_data
from nof1.trial.starting import Start, start_trial
from support.declared import declaring_text

SECRET = pyrage.x25519.Identity.generate()
NOW = datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 20, 5, tzinfo=UTC)


def swapped(sequence):
    """Return the sequence with comparator and first active exchanged."""
    return tuple({0: 1, 1: 0}.get(arm, arm) for arm in sequence)


def seed_for(protocol, sequence):
    """Return a seed whose draw gives a sequence."""
    drawn_from = allocation_set(protocol)
    seeds = (number.to_bytes(32, "big") for number in itertools.count())
    return next(seed for seed in seeds if sequence_from_seed(drawn_from, seed) == sequence)


def make(folder, protocol_file, seed, randomness):
    """Make a trial from chosen randomness, record a few things, and print it."""
    pieces = iter([seed, randomness[:32], randomness[32:]])
    trial = start_trial(
        Start(folder=folder, participant="P01", first_day=date(2026, 2, 2), contacts=("Dr Lee",)),
        protocol_text=protocol_file.read_text(encoding="utf-8"),
        key=Recipient(str(SECRET.to_public())),
        eligibility={"answers": {}, "concerns": [], "clinician": "", "how": "not asked"},
        now=NOW,
        entropy=lambda _: next(pieces),
    )
    outcome = trial.protocol.primary.id
    score = {"outcome": outcome, "date": "2026-02-08", "value": 8.0}
    noted = [
        ("covariate", {"covariate": declared.id, "date": "2026-02-08", "value": 1})
        for declared in trial.protocol.covariates
    ]
    dose = ("dose", {"date": "2026-02-08", "taken": 1.0})
    append(folder, [("score", score), dose, *noted], now=LATER)
    return open_trial(folder)


def twins(tmp_path, name, index=0, randomness=bytes(range(64))):
    """Return a trial and its twin with the arms swapped."""
    file = find_protocol(str(name))
    protocol = read_protocol(file)
    sequence = allocation_set(protocol).sequence(index)
    # Both folders have the same name, so that nothing can differ by it.
    return [
        make(
            tmp_path / side / "trial",
            file,
            seed_for(protocol, arms),
            randomness,
        )
        for side, arms in (("one", sequence), ("other", swapped(sequence)))
    ]


def files_of(folder):
    """Return every file outside the seal: bytes by path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "allocation.age"
    }


def arms_of(trial):
    sealed = (trial.folder / "allocation.age").read_bytes()
    return open_seal(sealed, Identity(str(SECRET))).arms


def without_commitment(monkeypatch):
    """Give every trial the same commitment, and its seal the same digest: both are random."""
    monkeypatch.setattr("nof1.trial.starting.commitment", lambda _: "c0" * 32)
    create = starting.create_trial

    def create_with_one_seal(folder, *, sealed, **parts):
        trial = create(folder, sealed=b"one seal", **parts)
        (folder / "allocation.age").write_bytes(sealed)
        return trial

    monkeypatch.setattr(starting, "create_trial", create_with_one_seal)


def without_digests_from_commitment(text, commitment):
    """Return a log with the commitment, and the hashes it runs into, made nameless."""
    lines = text.splitlines()
    first = next(i for i, line in enumerate(lines) if commitment in line)
    kept = lines[:first]
    for line in lines[first:]:
        digests = re.findall(r'"(?:commitment|seal_digest|hash|previous)":"([0-9a-f]{64})"', line)
        for digest in digests:
            line = line.replace(digest, "-" * 64)
        kept.append(line)
    return "\n".join(kept)


@pytest.mark.parametrize("name", bundled_names())
def test_without_the_commitment_the_folders_of_swapped_arms_are_the_same_bytes(
    tmp_path, name, monkeypatch
):
    without_commitment(monkeypatch)
    one, other = twins(tmp_path, name)
    assert arms_of(one) != arms_of(other)
    assert files_of(one.folder) == files_of(other.folder)


@pytest.mark.parametrize("name", ["magnesium-rls", "magnesium-rls-open", "magnesium-dose"])
def test_printed_pages_of_swapped_arms_are_the_same_bytes(tmp_path, name, monkeypatch):
    without_commitment(monkeypatch)
    one, other = twins(tmp_path, name)
    printed = [print_pages(trial, trial.folder / "print") for trial in (one, other)]
    assert [len(files) for files in printed] == [3, 3]
    assert arms_of(one) != arms_of(other)
    assert files_of(one.folder) == files_of(other.folder)


def test_covariates_of_swapped_arms_are_the_same_bytes_and_the_same_masked_data(
    tmp_path, monkeypatch
):
    without_commitment(monkeypatch)
    file = tmp_path / "my.toml"
    file.write_text(declaring_text(), encoding="utf-8")
    one, other = twins(tmp_path, file)
    for trial in (one, other):
        print_pages(trial, trial.folder / "print")
    assert arms_of(one) != arms_of(other)
    assert files_of(one.folder) == files_of(other.folder)
    assert masked_data(one).covariates == masked_data(other).covariates
    assert [dict(found.value) for found in masked_data(one).covariates] == [{7: 1.0}, {7: 1.0}]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(index=st.integers(0, 5), randomness=st.binary(min_size=64, max_size=64))
def test_with_it_only_the_commitment_and_the_hashes_after_it_differ(
    tmp_path_factory, index, randomness
):
    one, other = twins(tmp_path_factory.mktemp("twins"), "magnesium-rls", index, randomness)
    assert one.commitment != other.commitment
    ours, theirs = files_of(one.folder), files_of(other.folder)
    logs = [
        without_digests_from_commitment(files.pop("log.jsonl").decode(), trial.commitment)
        for files, trial in ((ours, one), (theirs, other))
    ]
    assert ours == theirs
    assert logs[0] == logs[1]


def test_the_seal_of_swapped_arms_holds_as_many_bytes(tmp_path):
    one, other = twins(tmp_path, "magnesium-rls")
    payloads = []
    for trial in (one, other):
        sealed = (trial.folder / "allocation.age").read_bytes()
        # The age format pads the header at random; the payload begins after its last line.
        header_end = sealed.index(b"\n", sealed.index(b"\n--- ") + 1)
        payloads.append(sealed[header_end:])
    assert len(payloads[0]) == len(payloads[1])
    assert payloads[0] != payloads[1]


@pytest.mark.parametrize("name", bundled_names())
def test_no_file_outside_the_seal_holds_a_secret_of_it(tmp_path, name):
    trial = twins(tmp_path, name)[0]
    sealed = (trial.folder / "allocation.age").read_bytes()
    allocation = open_seal(sealed, Identity(str(SECRET)))
    secrets = [allocation.seed, allocation.salt]
    for data in files_of(trial.folder).values():
        for secret in secrets:
            assert secret not in data
            assert secret.hex().encode() not in data
    log_and_schedule = files_of(trial.folder)
    del log_and_schedule["protocol.toml"]
    for data in log_and_schedule.values():
        for arm in set(allocation.arms):
            assert f'"{arm}"'.encode() not in data
            assert f",{arm},".encode() not in data
