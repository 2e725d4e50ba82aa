"""Stretching a passphrase in a process of its own, which may die without taking nof1 with it.

Without the memory it needs, the age library aborts, and a system short of memory kills. So the
work is done by ``python -m nof1.design.apart``: it reads one JSON object from standard input and
writes one to standard output; the passphrase goes through this pipe and stands on no command line.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from nof1.design import stretching
from nof1.errors import Fault, SealError

_MEMINFO = Path("/proc/meminfo")
_MIB_IN_KIB = 1024

#: What the age library writes before it aborts.
_NO_MEMORY = b"memory allocation of"

_ELSEWHERE = (
    "Close other programs and try again, or open it on a computer with more memory: nof1 or any age"
    " tool will do."
)
_BY_KEY = (
    "Close other programs and try again, or seal it for a packer's key, which needs no memory:"
    " --packer."
)


def sealed_by(passphrase: str, text: bytes) -> bytes:
    """Return a text sealed by a passphrase.

    Raises
    ------
    SealError
        If this computer cannot do it: in one sentence, whatever happened.
    """
    request = {"seal": base64.b64encode(text).decode(), "passphrases": [passphrase]}
    answer = _answer(request, stretching.LOG_N, mend=_BY_KEY)
    return base64.b64decode(answer["sealed"])


def opened_by(passphrases: list[str], sealed: bytes) -> tuple[bytes, int] | None:
    """Return the text of a seal and which passphrase opened it; None if none of them does.

    Raises
    ------
    SealError
        If this computer cannot do it: in one sentence, whatever happened.
    """
    request = {"open": base64.b64encode(sealed).decode(), "passphrases": passphrases}
    answer = _answer(request, stretching.log_n(sealed) or 0, mend=_ELSEWHERE)
    if answer["opened"] is None:
        return None
    return base64.b64decode(answer["opened"]), int(answer["number"])


def memory_free_mib() -> int | None:
    """Return the memory that is free for programs, in MiB; None where the system does not tell."""
    try:
        lines = _MEMINFO.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    rows = [line.split() for line in lines if line.startswith("MemAvailable:")]
    if not rows or len(rows[0]) < 2 or not rows[0][1].isdecimal():
        return None
    return int(rows[0][1]) // _MIB_IN_KIB


def memory_said(log_n: int) -> str:
    """Return how much memory stretching takes, and how much is free as far as known."""
    needed, free = stretching.memory_mib(log_n), memory_free_mib()
    said = f"Stretching the passphrase takes {needed} MiB of memory"
    if free is None:
        return f"{said}."
    if free < needed:
        return f"{said}; only {free} MiB are free here, so close other programs first."
    return f"{said}; {free} MiB are free here."


def _answer(request: dict[str, Any], log_n: int, *, mend: str) -> dict[str, Any]:
    """Return what the process answers, or raise in one sentence."""
    needed = f"stretching the passphrase takes {stretching.memory_mib(log_n)} MiB of memory"
    try:
        done = subprocess.run(
            # -P: nothing in the folder the user works in is imported.
            [sys.executable or "python3", "-P", "-m", "nof1.design.apart"],
            input=json.dumps(request).encode(),
            capture_output=True,
            check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    except OSError as error:
        what = f"the process that stretches the passphrase did not start: {error.strerror or error}"
        raise SealError(Fault("seal", what, mend)) from error
    try:
        # The last line alone: what starts with Python may have printed something of its own.
        answer = json.loads(done.stdout.rsplit(b"\n", 1)[-1])
    except ValueError:
        answer = {"failed": "died"}
    match answer.get("failed"):
        case None:
            return dict(answer)
        case "memory":
            what = f"{needed}, which this computer does not have free"
        case "slow":
            what = f"{needed} and, as the age library measures, too long on this computer"
        case _:
            what = f"{needed}, and the process that did it {_end_of(done)}"
    raise SealError(Fault("seal", what, mend))


def _end_of(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return how a process ended that gave no answer."""
    if _NO_MEMORY in done.stderr:
        return "could not get it"
    if done.returncode < 0:
        return (
            f"was ended by the system (signal {-done.returncode}), most likely for want of memory"
        )
    said = done.stderr.decode(errors="replace").strip().splitlines()
    last = "".join(filter(str.isprintable, said[-1]))[:200] if said else ""
    return f"ended without an answer (exit code {done.returncode}{f': {last}' if last else ''})"


def _work(request: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a request."""
    passphrases = request["passphrases"]
    try:
        if "seal" in request:
            sealed = stretching.encrypt(base64.b64decode(request["seal"]), passphrases[0])
            return {"sealed": base64.b64encode(sealed).decode()}
        opened = stretching.decrypt(base64.b64decode(request["open"]), passphrases)
    except MemoryError:
        return {"failed": "memory"}
    except stretching.TooSlowError:
        return {"failed": "slow"}
    if opened is None:
        return {"opened": None}
    return {"opened": base64.b64encode(opened[0]).decode(), "number": opened[1]}


def _give_way() -> None:
    """Leave no memory image of the passphrase on the disk, and be the first to be killed."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Not every system has this file or lets it be written; the work is done all the same.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    _give_way()
    sys.stdout.write("\n" + json.dumps(_work(json.loads(sys.stdin.buffer.read()))))
