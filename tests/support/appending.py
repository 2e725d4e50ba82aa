"""Append to a log in a loop and acknowledge every receipt; run as a program, to be killed."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from nof1.trial.log import append

if __name__ == "__main__":
    folder, acknowledged, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    count = int(sys.argv[4])
    with acknowledged.open("a", buffering=1) as receipts:
        for number in range(count):
            batch = [("event", {"by": name, "number": number, "of": k}) for k in range(2)]
            added = append(folder, batch, now=datetime.now(UTC))
            receipts.writelines(f"{entry.hash}\n" for entry in added)
