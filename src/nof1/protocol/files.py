"""Protocol files: reading TOML, the bundled protocols, the published JSON Schema."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from nof1.errors import Fault, ProtocolError
from nof1.protocol.amounts_said import amount_faults
from nof1.protocol.faults import protocol_faults
from nof1.protocol.old_form import is_old, split_old
from nof1.protocol.protocol import Protocol
from nof1.protocol.reading import read_text, read_toml
from nof1.protocol.texts import doses_in, filled

DEFAULT_PROTOCOL = "magnesium-rls"


def bundled_folder() -> Path:
    """Return the folder of the bundled protocols, in the wheel or in a source checkout."""
    shipped = Path(__file__).parents[1] / "_protocols"
    return shipped if shipped.is_dir() else Path(__file__).parents[3] / "protocols"


def bundled_names() -> list[str]:
    """Return the names of the bundled protocols, the default first."""
    names = sorted(path.stem for path in bundled_folder().glob("*.toml"))
    return sorted(names, key=lambda name: name != DEFAULT_PROTOCOL)


def find_protocol(name_or_path: str) -> Path:
    """Return the file of a protocol given by path or by the name of a bundled one.

    Raises
    ------
    ProtocolError
        If there is neither.
    """
    path = Path(name_or_path)
    try:
        exists = path.is_file()
    except OSError:  # a name too long for a file cannot be one
        exists = False
    return path if exists else bundled_protocol(name_or_path)


def bundled_protocol(name: str) -> Path:
    """Return the file of the bundled protocol called `name`.

    Raises
    ------
    ProtocolError
        If there is none.
    """
    if name in bundled_names():
        return bundled_folder() / f"{name}.toml"
    raise ProtocolError(
        Fault(
            name,
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
    text = read_text(path, mend="Give a protocol file.", error=ProtocolError)
    return parse_protocol(text, source=str(path))


def parse_protocol(text: str, *, source: str) -> Protocol:
    """Return the protocol in a TOML text; see `read_protocol`."""
    data = read_toml(text, source=source, mend="Mend the line.", error=ProtocolError)
    doses = doses_in(data)
    texts = []
    if doses is not None:
        data, unfilled = filled(data, doses)
        said = {*(path for path, _ in unfilled)}
        unsaid = [fault for fault in amount_faults(data, doses) if fault[0] not in said]
        texts = [
            Fault(f"{source}: {'.'.join(map(str, path))}", fault.what, fault.mend)
            for path, fault in (*unfilled, *unsaid)
        ]
    try:
        protocol = _validated(data)
    except ValidationError as error:
        faults = protocol_faults(source, _all_errors(data, error))
        raise ProtocolError([*faults, *texts]) from error
    if texts:
        raise ProtocolError(texts)
    return protocol


def parse_frozen(text: str, *, source: str) -> Protocol:
    """Return the protocol a trial began with, in the older form too.

    Its texts were checked when it was promised; what was promised is not refused afterwards.

    Raises
    ------
    ProtocolError
        If it is no protocol.
    """
    data = read_toml(text, source=source, mend="Mend the line.", error=ProtocolError)
    try:
        if is_old(data):
            rest, old = split_old(data)
            return _validated(rest).with_old_doses(old)
        doses = doses_in(data)
        return _validated(data if doses is None else filled(data, doses)[0])
    except ValidationError as error:
        raise ProtocolError(protocol_faults(source, error.errors(include_url=False))) from error


def _validated(data: dict[str, Any]) -> Protocol:
    """Return the protocol in the tables of a TOML file, whose own dates count as text."""
    # By way of JSON, because in strict mode pydantic asks Python for tuples where TOML has lists.
    return Protocol.model_validate_json(json.dumps(data, default=str), strict=True)


def _all_errors(data: dict[str, Any], error: ValidationError) -> list[ErrorDetails]:
    """Return the errors of a protocol, those included that an unknown key keeps from being seen.

    Pydantic makes no check across the fields of a table that has an unknown key.
    """
    details = error.errors(include_url=False)
    unknown = [detail for detail in details if detail["type"] == "extra_forbidden"]
    if not unknown:
        return details
    known = deepcopy(data)
    for detail in unknown:
        *path, key = detail["loc"]
        table: Any = known
        for step in path:
            table = table[step]
        del table[key]
    try:
        _validated(known)
    except ValidationError as rest:
        return [*_all_errors(known, rest), *unknown]
    return unknown


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a protocol file, for editors and other programs."""
    schema = Protocol.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "nof1.protocol/1",
        **schema,
    }


def json_schema_text() -> str:
    """Return the JSON Schema as it is published beside the bundled protocols."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
