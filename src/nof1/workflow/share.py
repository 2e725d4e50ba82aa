"""One trial's contribution to a pool, written and logged, and what leaves with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nof1.errors import Fault, InputError
from nof1.reports.terminal.sharing import leaves, risks, stays
from nof1.sharing.contribution import Contribution, Level, json_schema_text
from nof1.sharing.forms import Sex, Status
from nof1.sharing.from_trial import Agreement, prepare
from nof1.sharing.from_trial import share as share_trial
from nof1.trial.folder import open_trial
from nof1.workflow.clock import present
from nof1.workflow.result import JsonResult

#: Names by which a pool knows a contribution.
_ENDINGS = (".json", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shared(JsonResult):
    """A contribution that was written.

    Attributes
    ----------
    file : Path
        Where it is.
    contribution : Contribution
        What it holds.
    leaves, stays : tuple of str
        What leaves with it and what does not, a line each.
    risks : tuple of str
        What somebody who knows much of the person could do with it, a line each.
    """

    file: Path
    contribution: Contribution
    leaves: tuple[str, ...]
    stays: tuple[str, ...]
    risks: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        for title, sentences in (("What leaves", self.leaves), ("What stays", self.stays)):
            yield title
            yield from (f"  - {line}" for line in sentences)
            yield ""
        yield from self.risks
        yield ""
        yield f"Written: {self.file}. The log of the trial says so."
        yield f"Before many such files go on: nof1 privacy {self.file} ..."

    def to_dict(self) -> dict[str, Any]:
        """Return the sharing as the JSON object of ``nof1 share --json``."""
        return {
            "schema": "nof1.share/1",
            "file": str(self.file),
            "id": self.contribution.id,
            "level": self.contribution.level,
            "outcome": self.contribution.outcome.id,
            "status": "pseudonymised",
            "leaves": list(self.leaves),
            "stays": list(self.stays),
        }


def share(
    trial: Path | str,
    *,
    out: Path | str,
    level: Level = "coarse",
    outcome: str | None = None,
    age: int | None = None,
    sex: Sex | None = None,
    magnesium: Status | None = None,
    iron: Status | None = None,
    ethics: str = "",
    consent: str = "",
) -> Shared:
    """Write what an unsealed trial gives to a pool: a likelihood, not a diary.

    It sends nothing anywhere. The log of the trial keeps that it was shared, and sharing again
    gives the same file.

    Parameters
    ----------
    trial : path
        The trial folder.
    out : path
        The file to make; its name ends in .json.
    level : {"coarse", "likelihood", "cycles", "scores"}
        How much leaves: each level tells all that the ones before it tell.
    outcome : str or None
        Id; the primary outcome by default.
    age : int or None
        Years; only the band of ten years leaves.
    sex, magnesium, iron : str or None
        Coarse facts about the person before the trial; they leave if given.
    ethics : str
        Approval, or why none is needed, if the protocol names neither; only logged.
    consent : str
        Who agreed that single scores leave; only logged.

    Raises
    ------
    InputError
        While the allocation is sealed, without ethics or needed consent, for an age or outcome
        that cannot be, or if something else has the name.
    """
    file = Path(out)
    if file.suffix.lower() not in _ENDINGS:
        mend = f"Name it {file.stem or 'contribution'}.json."
        raise InputError(Fault("--out", f"{file.name!r} does not end in .json", mend))
    opened = open_trial(Path(trial))
    agreement = Agreement(
        level=level,
        age=age,
        sex=sex,
        magnesium=magnesium,
        iron=iron,
        ethics=ethics,
        consent=consent,
    )
    prepared = prepare(opened, agreement, outcome=outcome)
    share_trial(opened, agreement, prepared, out=file, now=present())
    contribution = prepared.contribution
    return Shared(
        file=file,
        contribution=contribution,
        leaves=tuple(leaves(contribution)),
        stays=tuple(stays(contribution)),
        risks=tuple(risks(contribution)),
    )


def contribution_schema() -> str:
    """Return the JSON Schema of contributions, as text."""
    return json_schema_text()
