"""Faults of the operating system: one chosen call of a command fails, or is its last.

Every call by which Python code reaches files is counted; the same command makes the same calls in
the same order, so that a number names one of them. What compiled libraries do by themselves (the
age library, the typesetter) is not seen.
"""

from __future__ import annotations

import builtins
import errno
import fcntl
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

#: Functions by the class of what they do.
_FUNCTIONS = {
    "open": "open",
    "read": "read",
    "write": "write",
    "close": "close",
    "fsync": "sync",
    "rename": "rename",
    "replace": "rename",
    "link": "link",
    "symlink": "link",
    "mkdir": "make",
    "unlink": "remove",
    "remove": "remove",
    "rmdir": "remove",
    "stat": "look",
    "lstat": "look",
    "fstat": "look",
    "scandir": "look",
    "listdir": "look",
    "chmod": "mode",
    "fchmod": "mode",
    "utime": "mode",
}
#: Errors each class of calls can end in.
ERRORS = {
    "open": ("EACCES", "EMFILE", "EIO", "ENOSPC", "EROFS"),
    "read": ("EIO",),
    "write": ("ENOSPC", "EIO", "EDQUOT"),
    "close": ("EIO", "ENOSPC"),
    "sync": ("EIO", "ENOSPC"),
    "rename": ("EIO", "EACCES", "ENOSPC", "EROFS"),
    "link": ("EPERM", "EMLINK"),
    "make": ("EACCES", "ENOSPC", "ENAMETOOLONG"),
    "remove": ("EACCES", "EIO"),
    "look": ("EACCES", "EIO"),
    "mode": ("EPERM", "ENOTSUP"),
    "lock": ("ENOLCK", "EIO"),
    "print": ("ENOSPC", "EPIPE", "EIO"),
}
#: What can happen at any call beside an error of its own.
ENDS = ("kill before", "kill after", "interrupt")
#: From the call on: the disk is full, it can only be read, or it is gone.
STAYING = {"full": "ENOSPC", "read-only": "EROFS", "gone": "EIO"}
_CHANGES = {"write", "sync", "rename", "link", "make", "mode", "create"}
_DONE_ALL_THE_SAME = {"rename", "make", "remove", "link"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at one call.

    Attributes
    ----------
    number : int
        Which call of the command, from 1.
    kind : str
        An error's name; ``done, EIO`` for a call that does its work and says it failed; ``short``
        for a write of half; one of `ENDS`; one of `STAYING`, which lasts.
    """

    number: int
    kind: str


def kinds_of(calls: list[str], number: int) -> list[str]:
    """Return every kind of fault that can be injected at a call."""
    what = calls[number - 1]
    kinds = [*ERRORS[what], *ENDS]
    if what in _DONE_ALL_THE_SAME:
        kinds.append("done, EIO")
    if what == "write":
        kinds.append("short")
    if what != "print":
        kinds += STAYING
    return kinds


class Injector:
    """Counts the calls of a command, and lets one of them fail."""

    def __init__(self, fault: Fault | None) -> None:
        self.fault = fault
        self.calls: list[str] = []
        self.hit = ""

    def call(self, what: str, real: Callable[[], Any], *, path: object, half: Any = None) -> Any:
        """Do what a call does, or let it fail."""
        self.calls.append("open" if what == "create" else what)
        fault = self.fault
        if fault is None or len(self.calls) < fault.number:
            return real()
        if len(self.calls) > fault.number:
            if self._still(what):
                raise self._error(STAYING[fault.kind], path)
            return real()
        self.hit = f"{what} {path}"
        match fault.kind:
            case "kill before":
                os._exit(137)
            case "kill after":
                real()
                os._exit(137)
            case "interrupt":
                raise KeyboardInterrupt
            case "done, EIO":
                real()
                raise self._error("EIO", path)
            case "short":
                if half is not None:
                    half()
                raise self._error("ENOSPC", path)
            case "full" | "read-only" | "gone":
                if self._still(what):
                    raise self._error(STAYING[fault.kind], path)
                return real()
            case name:
                if what == "close":
                    real()  # a handle is closed whatever is said
                raise self._error(name, path)

    def _still(self, what: str) -> bool:
        """Return whether a call fails on a disk that stays full, read-only or gone."""
        assert self.fault is not None
        match self.fault.kind:
            case "full":
                return what in _CHANGES
            case "read-only":
                return what in _CHANGES | {"remove"}
            case "gone":
                return what not in {"close", "print"}
        return False

    @staticmethod
    def _error(name: str, path: object) -> OSError:
        number = getattr(errno, name)
        named = (str(path),) if isinstance(path, str | os.PathLike) else ()
        return OSError(number, os.strerror(number), *named)


class _File:
    """A file whose reading, writing and closing are counted."""

    def __init__(self, file: Any, injector: Injector) -> None:
        self._file, self._injector = file, injector

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self._injector.call("read", lambda: next(self._file), path=None)

    def close(self) -> None:
        if not self._file.closed:
            self._injector.call("close", self._file.close, path=None)

    def flush(self) -> None:
        self._injector.call("write", self._file.flush, path=None)

    def write(self, data: Any) -> int:
        def half() -> None:
            self._file.write(data[: len(data) // 2])
            self._file.flush()

        return self._injector.call("write", lambda: self._file.write(data), path=None, half=half)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)


for _name in ("read", "readline", "readlines", "readinto"):

    def _counted(self: _File, *given: Any, _name: str = _name) -> Any:
        real = getattr(self._file, _name)
        return self._injector.call("read", lambda: real(*given), path=None)

    setattr(_File, _name, _counted)


class Printed(io.StringIO):
    """Standard output whose printing is counted."""

    def __init__(self, injector: Injector) -> None:
        super().__init__()
        self._injector = injector

    def write(self, text: str) -> int:
        return self._injector.call("print", lambda: super(Printed, self).write(text), path=None)


@contextmanager
def injected(injector: Injector) -> Iterator[None]:
    """Let every call through the injector."""
    before = [(os, name, getattr(os, name)) for name in _FUNCTIONS]
    before += [(fcntl, "flock", fcntl.flock), (io, "open", io.open), (builtins, "open", open)]

    def counted(name: str, real: Any) -> Any:
        what = _FUNCTIONS[name]

        def call(*given: Any, **named: Any) -> Any:
            path = given[0] if given else None
            kind = what
            if name == "open" and given[1] & os.O_CREAT:
                kind = "create"

            def half() -> None:
                real(given[0], given[1][: len(given[1]) // 2])

            # Forcing to the disk takes time and shows nothing while the computer runs.
            done = (lambda: None) if what == "sync" else (lambda: real(*given, **named))
            return injector.call(kind, done, path=path, half=half if name == "write" else None)

        return call

    def opened(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
        real_open = next(real for module, name, real in before if module is io)
        if isinstance(file, int):
            return _File(real_open(file, mode, *given, **named), injector)
        kind = "open" if mode.startswith("r") and "+" not in mode else "create"
        found = injector.call(kind, lambda: real_open(file, mode, *given, **named), path=file)
        return _File(found, injector)

    def flock(*given: Any) -> Any:
        real = next(real for module, name, real in before if module is fcntl)
        return injector.call("lock", lambda: real(*given), path=None)

    try:
        for module, name, real in before[: len(_FUNCTIONS)]:
            setattr(module, name, counted(name, real))
        fcntl.flock, io.open, builtins.open = flock, opened, opened
        yield
    finally:
        for module, name, real in before:
            setattr(module, name, real)
