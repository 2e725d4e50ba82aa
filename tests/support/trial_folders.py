"""Small trial folders for tests: two cycles of two arms, a week each, made without the CLI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from nof1.design.allocation import Allocation
from nof1.design.draw import sequence_from_seed
from nof1.design.schedule import make_schedule
from nof1.design.sealing import commitment as commitment_of
from nof1.design.sets import allocation_set
from nof1.protocol.files import bundled_folder, parse_protocol
from nof1.trial.folder import Trial, bound_to, create_trial, open_trial
from nof1.trial.log import append
from nof1.trial.verifying import arm_ids

NOW = datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
#: After two of the four periods.
LATER = datetime(2026, 3, 1, 9, tzinfo=UTC)
START = date(2026, 2, 2)
KITS = ("K7QF", "M3WD", "T9RC", "H4XN")


def short_protocol_text() -> str:
    """Return the default protocol with weeks for periods, two cycles and a week of run-in."""
    text = (bundled_folder() / "magnesium-rls.toml").read_text(encoding="utf-8")
    for old, new in (
        ("period_days = 28", "period_days = 7"),
        ("cycles = 3", "cycles = 2"),
        ("run_in_days = 14", "run_in_days = 7"),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


def make_trial(
    folder: Path,
    *,
    sealed: bytes = b"sealed",
    commitment: str = "c0" * 32,
    protocol_text: str | None = None,
    kits: tuple[str, ...] = KITS,
) -> Trial:
    """Create a trial folder; study day 1 is 2 February 2026, the end 8 March."""
    text = protocol_text or short_protocol_text()
    protocol = parse_protocol(text, source="protocol.toml")
    schedule = make_schedule(protocol, start=START, participant="P01", kits=kits)
    return create_trial(
        folder,
        protocol_text=text,
        schedule=schedule,
        sealed=sealed,
        details={
            "commitment": commitment,
            "contact": ["Dr Ada Berg, +41 44 555 01 02"],
            "emergency": "112",
            "sealed_for": "age1packer",
        },
        eligibility={"answers": {"age": "no"}, "concerns": [], "clinician": None, "how": "asked"},
        now=NOW,
    )


def logged(trial: Trial, *batch: tuple[str, dict[str, Any]]) -> Trial:
    """Append entries, each a kind and a body, on 1 March 2026, and return the trial with them."""
    append(trial.folder, list(batch), now=LATER)
    return open_trial(trial.folder)


def promised(*arms: str) -> tuple[Allocation, str]:
    """Return an allocation of `make_trial` as if drawn by chance, and its commitment."""
    protocol = parse_protocol(short_protocol_text(), source="protocol.toml")
    wanted = tuple(arm_ids(protocol).index(arm) for arm in arms)
    seeds = (n.to_bytes(32, "big") for n in range(1000))
    seed = next(s for s in seeds if sequence_from_seed(allocation_set(protocol), s) == wanted)
    allocation = bound(Allocation(arms=arms, kits=KITS, seed=seed, salt=b"\2" * 32))
    return allocation, commitment_of(allocation)


def bound(allocation: Allocation, *, start: date = START, kits: Sequence[str] = ()) -> Allocation:
    """Return an allocation of the short protocol, bound to the files of its trial folder."""
    text = short_protocol_text()
    protocol = parse_protocol(text, source="protocol.toml")
    schedule = make_schedule(
        protocol, start=start, participant="P01", kits=tuple(kits) or allocation.kits
    )
    return replace(allocation, bound=bound_to(text, schedule))


def unsealing(allocation: Allocation, commitment: str) -> tuple[str, dict[str, Any]]:
    """Return the log entry of an unsealing."""
    return "unseal", {
        "by": "Dr Berg",
        "reason": "end of the trial",
        "commitment": commitment,
        "arms": list(allocation.arms),
        "kits": list(allocation.kits),
        "seed": allocation.seed.hex(),
        "salt": allocation.salt.hex(),
        "seal_digest": "5e" * 32,
        **(
            {
                "protocol_file_digest": allocation.bound.protocol_file,
                "schedule_digest": allocation.bound.schedule_file,
            }
            if allocation.bound
            else {}
        ),
    }
