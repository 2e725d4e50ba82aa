"""How well persons hide among each other; copies in which they hide better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nof1.errors import Fault, InputError
from nof1.files.new_file import write_new
from nof1.reports.terminal.privacy import advice_lines, class_lines, privacy_lines
from nof1.sharing.files import read_contributions
from nof1.sharing.privacy import Key, Privacy, gather, with_keys, without
from nof1.sharing.privacy import privacy as privacy_of
from nof1.sharing.suppression import suppressed
from nof1.workflow.result import JsonResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Safer:
    """Copies of contributions without what singles persons out.

    Attributes
    ----------
    file : Path
        Where they are.
    left_out : int
        How many facts were left out.
    finding : Privacy
        How well persons hide there.
    """

    file: Path
    left_out: int
    finding: Privacy


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PrivacyFinding(JsonResult):
    """Who could be recognised in contributions, and by what.

    Attributes
    ----------
    finding : Privacy
        For the contributions as they are.
    suppressed : Safer or None
        The copies, if any were asked for.
    """

    finding: Privacy
    suppressed: Safer | None

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield from privacy_lines(self.finding)
        yield ""
        latest, safer = self.finding, self.suppressed
        if safer is not None:
            latest = safer.finding
            yield f"Written: {safer.file}. Facts left out: {safer.left_out}. There:"
            yield from class_lines(latest)
            yield ""
        yield "What to do next"
        yield from advice_lines(latest, suppressed=safer is not None)

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as the JSON object of ``nof1 privacy --json``."""
        written = None
        if (suppressed := self.suppressed) is not None:
            written = {
                "file": str(suppressed.file),
                "left_out": suppressed.left_out,
                **suppressed.finding.as_json(),
            }
        return self.finding.as_json() | {"suppressed": written}


def privacy(
    files: Sequence[Path | str],
    *,
    k: int = 5,
    suppress: bool = False,
    out: Path | str | None = None,
) -> PrivacyFinding:
    """Return who could be recognised in contributions, and by what.

    Parameters
    ----------
    files : sequence of path
        Contributions: JSON, JSON lines or Parquet.
    k : int
        Least number of persons alike.
    suppress : bool
        Whether copies are written from which as few facts as can be are left out, until everybody
        is one of `k` alike. The likelihoods stay as they are.
    out : path or None
        Where to write the copies; its name ends in .jsonl.

    Raises
    ------
    InputError
        If `k` hides nobody, `suppress` and `out` do not go together, or a file cannot be read.
    """
    paths = [Path(file) for file in ([files] if isinstance(files, str | Path) else files)]
    target = None if out is None else Path(out)
    _refuse(k, suppress, target)
    crowd = gather(contribution for _, contribution in read_contributions(paths))
    if not crowd.keys:
        raise InputError(
            Fault(", ".join(map(str, paths)), "there is nobody in it", "Give contributions.")
        )
    privacy = privacy_of(crowd, k=k)
    if target is None:
        return PrivacyFinding(finding=privacy, suppressed=None)
    keys = suppressed(crowd.keys, k)
    write_new(target, _copies(paths, keys))
    left_out = sum(
        was != now
        for code, key in keys.items()
        for was, now in zip(crowd.keys[code], key, strict=True)
    )
    safer = Safer(file=target, left_out=left_out, finding=with_keys(privacy, keys))
    return PrivacyFinding(finding=privacy, suppressed=safer)


def _copies(files: list[Path], keys: Mapping[str, Key]) -> Iterator[str]:
    """Yield every contribution without the facts that are left out, as text."""
    for _, contribution in read_contributions(files):
        yield without(contribution, keys[contribution.id]).text()


def _refuse(k: int, suppress: bool, out: Path | None) -> None:
    faults = []
    if k < 2:
        faults.append(Fault("--k", f"{k} hides nobody", "Give 2 or more; 5 is usual, 11 strict."))
    if suppress and out is None:
        faults.append(Fault("--suppress", "needs a place for the copies", "Add --out FILE.jsonl."))
    if out is not None and not suppress:
        faults.append(Fault("--out", "is for --suppress alone", "Add --suppress."))
    if out is not None and out.suffix.lower() not in (".jsonl", ".ndjson"):
        mend = f"Name it {out.stem or 'safer'}.jsonl."
        faults.append(Fault("--out", f"{out.name!r} does not end in .jsonl", mend))
    if faults:
        raise InputError(faults)
