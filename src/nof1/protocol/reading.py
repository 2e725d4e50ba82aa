"""Reading a file that a user gave: bytes, text, and tables of TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from nof1.errors import Fault, InputError

#: Bytes of a text file that is read as a whole. A protocol with all its texts has some 20,000.
MOST_BYTES = 1_000_000


def read_bytes(
    path: Path,
    *,
    mend: str = "Check the file.",
    error: type[InputError] = InputError,
    most: int = MOST_BYTES,
) -> bytes:
    """Return the bytes of a small file.

    Parameters
    ----------
    path : Path
        The file.
    mend : str
        What to give instead of a file that cannot be read.
    error : type
        What to raise.
    most : int
        Bytes that are read at most.

    Raises
    ------
    InputError
        If the file cannot be read, or is too large to be what is asked for.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as failure:  # a name with a null byte is a ValueError
        why = failure.strerror if isinstance(failure, OSError) else "no file has such a name"
        raise error(Fault(str(path), f"cannot be read: {why}", mend)) from failure
    if len(data) > most:
        what = f"the file has more than the {most:,} bytes that are read of such a file"
        raise error(Fault(str(path), what, mend))
    return data


def read_text(path: Path, *, mend: str, error: type[InputError] = InputError) -> str:
    """Return the text of a small UTF-8 file, with or without its mark; see `read_bytes`.

    Raises
    ------
    InputError
        If the file cannot be read, is too large or is not UTF-8.
    """
    data = read_bytes(path, mend=mend, error=error)
    try:
        # As text is read from files everywhere: any end of line is a line feed.
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as failure:
        fault = Fault(
            str(path), f"byte {failure.start} is not UTF-8", "Give a text file saved as UTF-8."
        )
        raise error(fault) from failure


def read_toml(
    text: str, *, source: str, mend: str, error: type[InputError] = InputError
) -> dict[str, Any]:
    """Return the tables in a TOML text.

    Raises
    ------
    InputError
        If it is no TOML, nested too deeply, or holds a number that is too long.
    """
    try:
        return tomllib.loads(text)
    except RecursionError as failure:
        raise error(Fault(source, "not valid TOML: it is nested too deeply", mend)) from failure
    except ValueError as failure:
        why = str(failure) if isinstance(failure, tomllib.TOMLDecodeError) else "too long a number"
        raise error(Fault(source, f"not valid TOML: {why}", mend)) from failure
