"""One thread a process: more only get in each other's way, and ratios would compare threads."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ONE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def one_thread() -> None:
    """Start the script again with one thread, before NumPy is loaded."""
    if any(os.environ.get(name) != value for name, value in ONE.items()):
        script = str(Path(sys.argv[0]).resolve())
        os.execve(sys.executable, [sys.executable, script, *sys.argv[1:]], os.environ | ONE)
