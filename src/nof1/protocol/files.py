"""Protocol files: reading TOML, the bundled protocols, the published JSON Schema."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from nof1.errors import Fault, ProtocolError
from nof1.protocol.protocol import Protocol


def bundled_folder() -> Path:
    """Return the folder of the bundled protocols, in the wheel or in a source checkout."""
    shipped = Path(__file__).parents[1] / "_protocols"
    return shipped if shipped.is_dir() else Path(__file__).parents[3] / "protocols"


def bundled_names() -> list[str]:
    """Return the names of the bundled protocols, the default first."""
    names = sorted(path.stem for path in bundled_folder().glob("*.toml"))
    return sorted(names, key=lambda name: name != "magnesium-rls")


def find_protocol(name_or_path: str) -> Path:
    """Return the file of a protocol given by path or by the name of a bundled one.

    Raises
    ------
    ProtocolError
        If there is neither.
    """
    path = Path(name_or_path)
    if path.is_file():
        return path
    bundled = bundled_folder() / f"{name_or_path}.toml"
    if name_or_path in bundled_names():
        return bundled
    raise ProtocolError(
        Fault(
            name_or_path,
            "there is no such file and no bundled protocol of that name",
            f"Give a path, or one of {', '.join(bundled_names())}.",
        )
    )


def read_protocol(path: Path) -> Protocol:
    """Return the protocol in a TOML file.

    Raises
    ------
    ProtocolError
        With every fault found, each with its dotted path in the file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(
            Fault(str(path), f"byte {error.start} is not UTF-8", "Save the file as UTF-8.")
        ) from error
    return parse_protocol(text, source=str(path))


def parse_protocol(text: str, *, source: str) -> Protocol:
    """Return the protocol in a TOML text; see `read_protocol`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError(Fault(source, f"not valid TOML: {error}", "Mend the line.")) from error
    try:
        return Protocol.model_validate(data)
    except ValidationError as error:
        raise ProtocolError(
            [fault for one in error.errors() for fault in _faults(source, one)]
        ) from error


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a protocol file, for editors and other programs."""
    schema = Protocol.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "nof1.protocol/1",
        **schema,
    }


def _faults(source: str, error: Any) -> list[Fault]:
    """Return the faults in one pydantic error; checks across tables report several, a line each."""
    path = ".".join(str(step) for step in error["loc"])
    match error["type"]:
        case "missing":
            return [Fault(f"{source}: {path}", "is missing", "Add it.")]
        case "extra_forbidden":
            return [
                Fault(
                    f"{source}: {path}",
                    "is not a key of a protocol",
                    "Check the spelling or remove it.",
                )
            ]
        case "value_error":
            # A check across fields says on each line which path it speaks of.
            parted = [line.partition(": ") for line in str(error["ctx"]["error"]).split("\n")]
            return [
                Fault(f"{source}: {where}", what, "")
                if what
                else Fault(f"{source}: {path}", where, "")
                for where, _, what in parted
            ]
        case _:
            given = repr(error["input"])
            shown = given if len(given) <= 40 else f"{given[:37]}..."
            return [Fault(f"{source}: {path}", f"{shown} will not do", f"{error['msg']}.")]
