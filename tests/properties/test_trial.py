"""What must hold for every trial folder, log and table."""

import contextlib
import json
import tempfile
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nof1.design.allocation import Allocation
from nof1.design.draw import draw
from nof1.design.schedule import make_schedule
from nof1.design.sealing import Recipient, commitment, seal
from nof1.errors import InputError, ScoresError, TrialError
from nof1.protocol.files import parse_protocol
from nof1.provenance import sha256_hex
from nof1.trial.current import Observation, standing
from nof1.trial.folder import open_trial
from nof1.trial.importing.planning import apply_import, plan_import
from nof1.trial.log import LOG, append, new_log, read_log
from nof1.trial.recording import record
from nof1.trial.records import masked_data
from nof1.trial.schedule_file import read_schedule, write_schedule
from nof1.trial.tables.reading import read_table
from nof1.trial.tables.table import DataTable
from support.trial_folders import START, bound, make_trial, short_protocol_text

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PROTOCOL = parse_protocol(short_protocol_text(), source="p")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=6,
)
BATCHES = st.lists(
    st.lists(
        st.tuples(st.text("xyz", min_size=1), st.dictionaries(st.text("k"), JSON)), max_size=3
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    return make_trial(tmp_path_factory.mktemp("trial") / "t")


@given(BATCHES)
@settings(max_examples=50, deadline=None)
def test_a_log_gives_back_what_was_appended(batches):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / LOG).write_bytes(new_log([("protocol", {})], now=NOW)[0])
        added = [entry for batch in batches for entry in append(folder, batch, now=NOW)]
        assert list(read_log(folder)[1:]) == added
        flat = [(kind, body) for batch in batches for kind, body in batch]
        assert [(entry.kind, entry.body) for entry in added] == flat


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_changed_byte_breaks_the_chain(data):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data_of_log, _ = new_log([("protocol", {"a": "é"}), ("score", {"value": 1.5})], now=NOW)
        (folder / LOG).write_bytes(data_of_log)
        log = bytearray((folder / LOG).read_bytes())
        place = data.draw(st.integers(0, len(log) - 1))
        new = data.draw(st.integers(0, 255).filter(lambda byte: byte != log[place]))
        log[place] = new
        (folder / LOG).write_bytes(bytes(log))
        with pytest.raises(TrialError):
            read_log(folder)


@given(
    st.integers(1, 40),
    st.integers(0, 20),
    st.integers(0, 10),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
@settings(max_examples=60, deadline=None)
def test_the_schedule_file_holds_the_whole_schedule(period_days, run_in, washout, start):
    design = PROTOCOL.design.model_copy(
        update={"period_days": period_days, "run_in_days": run_in, "washout_days": washout}
    )
    protocol = PROTOCOL.model_copy(update={"design": design})
    schedule = make_schedule(protocol, start=start, participant="P", kits=("A1", "B,2", 'C"3', "D"))
    assert read_schedule(write_schedule(schedule), participant="P", start=start) == schedule


SCORES = st.dictionaries(st.integers(1, 35), st.integers(0, 10), min_size=1, max_size=35)


@given(SCORES, SCORES, st.sampled_from(["wide", "long"]), st.booleans())
@settings(max_examples=25, deadline=None)
def test_imported_scores_come_back_and_corrections_win(first, second, shape, by_date):
    def lines(scores):
        for number, value in scores.items():
            when = (START + timedelta(days=number - 1)).isoformat() if by_date else str(number)
            yield (when, str(value)) if shape == "wide" else (when, "legs", str(value))

    when = "date" if by_date else "day"
    header = (when, "legs") if shape == "wide" else (when, "outcome", "value")
    with tempfile.TemporaryDirectory() as name:
        make_trial(Path(name) / "t")
        for scores in (first, second):
            trial = open_trial(Path(name) / "t")
            rows = tuple(enumerate(lines(scores), start=2))
            table = DataTable(name="d.csv", header=header, rows=rows)
            plan = plan_import(
                trial, table, today=NOW.date(), columns={}, correction="second reading"
            )
            apply_import(trial, plan, now=NOW)
        legs = masked_data(open_trial(Path(name) / "t")).series[1]
        merged = first | second
        assert {
            int(number): score
            for number, score in zip(legs.day, legs.score, strict=True)
            if score == score
        } == merged
        changed = sum(number in first and first[number] != second[number] for number in second)
        kinds = [entry.kind for entry in read_log(Path(name) / "t")]
        assert kinds.count("correction") == changed
        assert kinds.count("score") == len(merged)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_no_file_whatever_ends_in_a_crash(trial, data):
    path = trial.folder.parent / "d.csv"
    path.write_bytes(data)
    with pytest.raises(InputError):
        plan_import(trial, read_table(path), today=NOW.date(), columns={})


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damaged_workbook_ends_in_a_crash(trial, data):
    book = openpyxl.Workbook()
    book.active.append(["day", "legs"])
    book.active.append([1, 3])
    path = trial.folder.parent / "d.xlsx"
    book.save(path)
    with zipfile.ZipFile(path) as book:
        parts = {name: bytearray(book.read(name)) for name in book.namelist()}
    damaged = parts[data.draw(st.sampled_from(sorted(parts)))]
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=3))
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, bytes(content))
    with contextlib.suppress(InputError):
        plan = plan_import(trial, read_table(path), today=NOW.date(), columns={})
        assert all(observation.kind in ("score", "dose", "event") for observation in plan.new)


CELLS = st.none() | st.text(max_size=12) | st.integers() | st.floats() | st.booleans() | st.dates()
WORDS = st.sampled_from(
    ["date", "day", "irls", "legs", "dose", "Vomiting", "irls_1", "outcome", "value"]
)


@given(st.lists(WORDS, min_size=1, max_size=5, unique=True), st.data())
@settings(max_examples=200, deadline=None)
def test_no_cell_whatever_ends_in_a_crash(trial, header, data):
    rows = data.draw(st.lists(st.tuples(*[CELLS] * len(header)), min_size=1, max_size=4))
    table = DataTable(name="d.xlsx", header=tuple(header), rows=tuple(enumerate(rows, start=2)))
    try:
        plan = plan_import(trial, table, today=NOW.date(), columns={})
    except ScoresError as error:
        faults = error.faults
    else:
        faults = ()
        json.dumps(plan.lines, allow_nan=False)
    assert all(fault.where and fault.what for fault in faults)


@given(
    st.sampled_from(["irls", "legs"]),
    st.floats(),
    st.dates(date(2025, 1, 1), date(2027, 1, 1)),
)
@settings(max_examples=60, deadline=None)
def test_a_score_is_recorded_when_and_only_when_it_fits(outcome, value, day):
    with tempfile.TemporaryDirectory() as name:
        trial = make_trial(Path(name) / "t")
        body = {"outcome": outcome, "date": day.isoformat(), "value": value}
        scale = next(o.measure for o in PROTOCOL.outcomes if o.id == outcome)
        fits = trial.schedule.start <= day <= trial.schedule.end and scale.fault_of(value) is None
        try:
            record(trial, Observation(kind="score", body=body), now=NOW)
        except ScoresError:
            assert not fits
        else:
            assert fits
        assert len(standing(read_log(trial.folder))) == fits


RECIPIENT = Recipient(str(pyrage.x25519.Identity.generate().to_public()))


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=15, deadline=None)
def test_swapping_the_arms_changes_only_the_seal_and_the_commitment(seed):
    drawn = bound(draw(PROTOCOL, entropy=lambda n: (seed * 2)[:n]))
    swap = {"placebo": "magnesium", "magnesium": "placebo"}
    swapped = Allocation(
        arms=tuple(swap[arm] for arm in drawn.arms),
        kits=drawn.kits,
        seed=drawn.seed,
        salt=drawn.salt,
        bound=drawn.bound,
    )
    with tempfile.TemporaryDirectory() as name:
        files = []
        for i, allocation in enumerate((drawn, swapped)):
            digest = commitment(allocation)
            sealed = seal(allocation, RECIPIENT)
            folder = Path(name) / str(i)
            trial = make_trial(folder, sealed=sealed, commitment=digest, kits=drawn.kits)
            record(
                trial,
                Observation(
                    kind="score", body={"outcome": "legs", "date": "2026-02-09", "value": 3}
                ),
                now=NOW,
            )
            files.append({path.name: path.read_bytes() for path in folder.iterdir()})
            log = files[-1].pop(LOG).replace(digest.encode(), b"")
            log = log.replace(sha256_hex(sealed).encode(), b"")
            records = [json.loads(line) for line in log.splitlines()]
            files[-1]["log"] = [(r["seq"], r["time"], r["kind"], r["body"]) for r in records]
            assert files[-1].pop("allocation.age")
            assert not any(b"salt" in data for data in map(str.encode, map(str, records)))
        assert files[0] == files[1]
