"""The default protocol with some lines rewritten, for tests of what a protocol may say."""

from __future__ import annotations

import pytest

from nof1.errors import ProtocolError
from nof1.protocol.files import bundled_protocol, parse_protocol
from nof1.protocol.protocol import Protocol

DEFAULT = bundled_protocol("magnesium-rls").read_text(encoding="utf-8")


def rewritten(*changes: tuple[str, str], text: str = DEFAULT) -> str:
    """Return `text` with the first occurrence of each old string replaced by the new one."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def parsed(*changes: tuple[str, str]) -> Protocol:
    """Return the default protocol with changes."""
    return parse_protocol(rewritten(*changes), source="my.toml")


def faults(*changes: tuple[str, str]) -> dict[str, str]:
    """Return what and mend of every fault of the default protocol with changes, by TOML path."""
    with pytest.raises(ProtocolError) as error:
        parsed(*changes)
    found = {
        fault.where.removeprefix("my.toml: "): f"{fault.what}. {fault.mend}"
        for fault in error.value.faults
    }
    assert len(found) == len(error.value.faults), "two faults of one path"
    return found
