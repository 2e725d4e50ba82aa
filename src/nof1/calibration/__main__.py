"""``python -m nof1.calibration``: measure the error rates of the shipped defaults anew.

The full run takes minutes on two cores and, with ``--out``, writes the table that ships. The quick
run takes about a minute, writes nothing, and compares a few cells with the shipped table.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path


def main() -> int:
    """Measure, print what is claimed and found, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m nof1.calibration", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few cells against the shipped ones")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write the table there")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, help="all cores by default"
    )
    options = parser.parse_args()
    from nof1.calibration.running import ONE_THREAD

    os.environ.update(ONE_THREAD)
    from nof1.calibration import study

    plan = study.QUICK if options.quick else study.FULL
    begin = time.monotonic()
    findings = study.run(plan, options.processes, progress=_bar)
    lines = study.agreement(findings) if options.quick else study.verdict(findings)
    sys.stdout.writelines(f"{line}\n" for line in lines.text)
    sys.stderr.write(f"{time.monotonic() - begin:.0f} s\n")
    if options.out is not None:
        study.write(findings, options.out)
    return 0 if lines.sound else 1


def _bar[Result](label: str, results: Iterable[Result], n: int) -> Iterator[Result]:
    """Yield the results, and say on standard error how many there are."""
    begin = time.monotonic()
    for done, result in enumerate(results, start=1):
        left = (time.monotonic() - begin) * (n - done) / done
        sys.stderr.write(f"\r{label}: {done} of {n}, {left:.0f} s left   ")
        sys.stderr.flush()
        yield result
    sys.stderr.write("\n")


if __name__ == "__main__":
    sys.exit(main())
