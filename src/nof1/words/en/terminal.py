"""English: what every answer says on a terminal."""

from __future__ import annotations

PLEASE_NOTE = "Please note"
