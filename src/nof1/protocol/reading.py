"""Reading a text file that a user gave."""

from __future__ import annotations

from pathlib import Path

from nof1.errors import Fault, InputError


def read_text(path: Path, *, mend: str, error: type[InputError] = InputError) -> str:
    """Return the text of a UTF-8 file, with or without its mark.

    Parameters
    ----------
    path : Path
        The file.
    mend : str
        What to give instead of a file that cannot be read.
    error : type
        What to raise.

    Raises
    ------
    InputError
        If the file cannot be read or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as failure:
        fault = Fault(str(path), f"cannot be read: {failure.strerror}", mend)
        raise error(fault) from failure
    except UnicodeDecodeError as failure:
        fault = Fault(
            str(path), f"byte {failure.start} is not UTF-8", "Give a text file saved as UTF-8."
        )
        raise error(fault) from failure
