"""Import a table into a trial again and again, and acknowledge; run as a program, to be killed."""

import itertools
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from nof1.trial.folder import open_trial
from nof1.trial.importing.planning import apply_import, plan_import
from nof1.trial.tables.reading import read_table

if __name__ == "__main__":
    folder, acknowledged, table = (Path(argument) for argument in sys.argv[1:4])
    with acknowledged.open("a", buffering=1) as receipts:
        for number in itertools.count():
            rows = "".join(f"{day},{number % 11}\n" for day in range(1, 36))
            table.write_text(f"day,legs\n{rows}")
            trial = open_trial(folder)
            plan = plan_import(
                trial,
                read_table(table),
                today=date(2026, 6, 1),
                columns={},
                correction=f"round {number}",
            )
            entries = apply_import(trial, plan, now=datetime.now(UTC))
            receipts.writelines(f"{entry.hash}\n" for entry in entries)
