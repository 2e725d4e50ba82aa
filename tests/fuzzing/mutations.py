"""Ways to spoil a valid input: by bytes, by words, by cells, and by nodes of a structure.

All of it follows from a `random.Random`, so that the same seed spoils in the same way.
"""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

#: Values that are not expected anywhere, or everywhere a little.
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 10**9, -(10**18), 10**400, 0.5, -0.0, 1e308, -1e308, 5e-324,
    1e15, 1e16, 1e-300, float("nan"), float("inf"), float("-inf"), "", " ", "0", "-1", "1e999",
    "NaN", "nan", "Infinity", "\x1b[2J", "\x1b]0;x\x07", "\x00", "\x7f", "\x9b31m", "\u202eabc",
    "\ud800", "\u2028", "\ufeff", "\U0001f9b5", "\n", "a\nb", "x" * 5000, "9" * 400, "1_0", "٣",
    "²", "½", "1/2", "2026-02-30", "0001-01-01", "9999-12-31", "1e3", "=1+1", [], {}, [[]], [None],
    {"": None}, [0.0] * 3, "placebo", "magnesium", "irls", "unsure", "run-in", "daily",
)  # fmt: skip
#: The same as texts, and more.
WORDS: tuple[str, ...] = (
    *(value for value in VALUES if isinstance(value, str) and value != "\ud800"),
    "1", "7", "1000000", "-0", "+5", "4,5", "1.234,5", "1,234.5", "1e400", "-1e308", "5e-324",
    "0x10", "true", "inf", "1 000", "3:30", "24:00", "12:60", "31.02.2026", "2026/13/01",
    "02/29/2027", "46055", "2958466", "1900-02-29", "Feb 30, 2026", "1026-02-01", "P1D", "5%",
    "2026-02-02T04:10:00Z", "2026-02-02T04:10:00+99:99", '"', "'", ",", ";", "\t", "[", "{", "]]",
    '"""', "#", "\\", "\\u0000", "=", "/", "//", "..", "../../etc/passwd", "~", "*", "%s", "{0}",
)  # fmt: skip
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(r"[\w.:+-]+|\"[^\"\n]*\"")


def spoiled_bytes(data: bytes, random: Random) -> bytes:
    """Return bytes with one to four things wrong."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        data = random.choice(_BY_BYTES)(data, random)
    return data


def _place(data: bytes, random: Random) -> int:
    return random.randrange(len(data) + 1)


def _stretch(data: bytes, random: Random) -> tuple[int, int]:
    first = _place(data, random)
    return first, min(len(data), first + random.choice((1, 1, 2, 5, 20, 100, 1000)))


def _flip(data: bytes, random: Random) -> bytes:
    if not data:
        return b"\x00"
    place = random.randrange(len(data))
    return data[:place] + bytes([random.randrange(256)]) + data[place + 1 :]


def _cut(data: bytes, random: Random) -> bytes:
    first, last = _stretch(data, random)
    return data[:first] + data[last:]


def _again(data: bytes, random: Random) -> bytes:
    first, last = _stretch(data, random)
    place = _place(data, random)
    return data[:place] + data[first:last] * random.choice((1, 1, 2, 50)) + data[place:]


def _truncate(data: bytes, random: Random) -> bytes:
    return data[: _place(data, random)]


def _insert(data: bytes, random: Random) -> bytes:
    place = _place(data, random)
    word = random.choice(WORDS).encode()
    return data[:place] + word + data[place:]


def _number(data: bytes, random: Random) -> bytes:
    """Exchange one number for another word."""
    found = list(_NUMBER.finditer(data[:200_000]))
    if not found:
        return _insert(data, random)
    one = random.choice(found)
    return data[: one.start()] + random.choice(WORDS).encode() + data[one.end() :]


def _line(data: bytes, random: Random) -> bytes:
    """Leave a line out, repeat it, or move it."""
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return _again(data, random)
    taken = lines.pop(random.randrange(len(lines)))
    for _ in range(random.choice((0, 1, 2, 300))):
        lines.insert(random.randrange(len(lines) + 1), taken)
    return b"".join(lines)


def _ends(data: bytes, random: Random) -> bytes:
    """Write line ends, marks or the encoding in another way."""
    match random.randrange(5):
        case 0:
            return data.replace(b"\n", b"\r\n")
        case 1:
            return data.replace(b"\n", b"\r")
        case 2:
            return b"\xef\xbb\xbf" + data
        case 3:
            return data.decode("utf-8", "replace").encode("utf-16")
        case _:
            return data.rstrip(b"\n")


def _nested(data: bytes, random: Random) -> bytes:
    """Put in brackets, deeply."""
    place, depth = _place(data, random), random.choice((10, 500, 5000, 50_000))
    opening, closing = random.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"(", b")")))
    return data[:place] + opening * depth + closing * random.choice((0, depth)) + data[place:]


_BY_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip, _flip, _cut, _again, _truncate, _insert, _insert, _number, _number, _number, _line,
    _line, _ends, _nested,
)  # fmt: skip


def spoiled_text(text: str, random: Random) -> str:
    """Return a text in which words were exchanged."""
    for _ in range(random.choice((1, 1, 2, 3))):
        found = list(_WORD.finditer(text))
        if not found:
            return random.choice(WORDS)
        one = random.choice(found)
        text = text[: one.start()] + random.choice(WORDS) + text[one.end() :]
    return text


def spoiled_cells(text: str, random: Random, separator: str = ",") -> str:
    """Return a table in which cells, rows or columns were exchanged, left out or repeated."""
    rows = [line.split(separator) for line in text.splitlines()]
    for _ in range(random.choice((1, 1, 2, 5))):
        row = random.choice(rows)
        column = random.randrange(len(row))
        match random.randrange(8):
            case 0 | 1 | 2:
                row[column] = random.choice(WORDS).replace("\n", " ")
            case 3:
                for one in rows[random.randrange(2) :]:
                    if column < len(one):
                        one[column] = random.choice(WORDS).replace("\n", " ")
            case 4:
                rows.insert(random.randrange(len(rows)), list(random.choice(rows)))
            case 5:
                del row[column:]
                row.append("")
            case 6:
                row[column:column] = [row[column]] * random.choice((1, 3, 400))
            case _:
                other = random.choice(rows)
                row[column] = other[min(column, len(other) - 1)]
    return "\n".join(separator.join(row) for row in rows) + "\n"


def spoiled_tree(value: Any, random: Random) -> Any:
    """Return a structure of lists and mappings in which nodes were exchanged or left out."""
    value = copy.deepcopy(value)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        value = _spoiled_node(value, random)
    return value


def _spoiled_node(value: Any, random: Random) -> Any:
    nodes = _nodes(value)
    if not nodes:
        return random.choice(VALUES)
    holder, key = random.choice(nodes)
    match random.randrange(10):
        case 0 | 1 | 2 | 3 | 4:
            holder[key] = copy.deepcopy(random.choice(VALUES))
        case 5:
            del holder[key]
        case 6 if isinstance(holder, dict):
            holder[random.choice(WORDS)] = holder.pop(key)
        case 6 | 7:
            other, theirs = random.choice(nodes)
            holder[key] = copy.deepcopy(other[theirs])
        case 8 if isinstance(holder[key], list) and holder[key]:
            holder[key] = holder[key] * random.choice((2, 2, 50))
        case 8:
            holder[key] = [holder[key]]
        case _ if isinstance(holder[key], int | float) and abs(holder[key]) < 1e290:
            holder[key] = random.choice((-1, 2, 10, 1e3, 1e6, 1e12, 1e-6)) * holder[key]
        case _:
            holder[key] = {"a": holder[key]}
    return value


def _nodes(value: Any) -> list[tuple[Any, Any]]:
    """Return every place in a structure: what holds it, and its key or number."""
    found: list[tuple[Any, Any]] = []
    waiting = [value] if isinstance(value, dict | list) else []
    while waiting and len(found) < 5000:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            found.append((holder, key))
            if isinstance(holder[key], dict | list):
                waiting.append(holder[key])
    return found


def spoiled_json(value: Any, random: Random) -> bytes:
    """Return a spoiled structure as JSON text, now and then with spoiled bytes as well."""
    text = json.dumps(spoiled_tree(value, random), ensure_ascii=random.random() < 0.5)
    data = text.encode("utf-8", "surrogatepass")
    return spoiled_bytes(data, random) if random.random() < 0.1 else data


def spoiled_archive(data: bytes, random: Random) -> bytes:
    """Return a zip archive in which one file is spoiled, left out or repeated."""
    if random.random() < 0.1:
        return spoiled_bytes(data, random)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        content = {name: archive.read(name) for name in names}
    chosen = random.choice([name for name in names if _holds_cells(name)] * 4 + names)
    text = content[chosen].decode("utf-8", "replace")
    match random.randrange(8):
        case 0:
            content.pop(chosen)
        case 1 | 2 | 3:
            content[chosen] = _spoiled_markup(text, random).encode()
        case 4:
            content[chosen] = spoiled_text(text, random).encode()
        case _:
            content[chosen] = spoiled_bytes(content[chosen], random)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return out.getvalue()


def _holds_cells(name: str) -> bool:
    return name.startswith("xl/worksheets/") or name in (
        "content.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml",
    )  # fmt: skip


_ATTRIBUTE = re.compile(r'="([^"<]*)"')
_CONTENT = re.compile(r">([^<>]+)<")


def _spoiled_markup(text: str, random: Random) -> str:
    """Exchange the values of attributes or the text between tags."""
    for _ in range(random.choice((1, 1, 3))):
        form = random.choice((_ATTRIBUTE, _CONTENT))
        found = list(form.finditer(text[:100_000]))
        if found:
            one = random.choice(found)
            word = random.choice((*WORDS, "A1048576", "XFD1", "A1:XFD1048576", "d", "e", "s", "n"))
            word = re.sub(r"[<>&\x00-\x08\x0b-\x1f]", "", word)
            text = text[: one.start(1)] + word + text[one.end(1) :]
    return text
