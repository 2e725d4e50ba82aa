"""The forms of what a contribution tells: none has room for a date, a sentence or an exact age."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

Sex = Literal["female", "male", "other"]
Status = Literal["low", "normal", "high"]
AgeBand = Literal["0-17", "18-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-89", "90+"]
AGE_BANDS: tuple[AgeBand, ...] = (
    "0-17", "18-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-89", "90+",
)  # fmt: skip

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
#: What a code may look like: no room for a name with an address.
CODE = r"^[A-Za-z0-9][A-Za-z0-9 ._:@()-]{0,79}$"
Code = Annotated[str, StringConstraints(pattern=CODE)]
#: Version of a protocol: a number, perhaps with dots and a letter.
VERSION = r"^(v?[0-9]{1,3}(\.[0-9]{1,3}){0,3}[a-z]?)?$"
#: Unit of a score: a word or two, perhaps with a power.
UNIT = r"^([A-Za-zµ°%][A-Za-zµ°%/ ]{0,18}[0-9]?)?$"

Version = Annotated[str, StringConstraints(pattern=VERSION)]
Unit = Annotated[str, StringConstraints(pattern=UNIT)]
Software = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 .+_-]{0,39}$")]
Share = Annotated[float, Field(ge=0, le=1)]
#: Far more than is believed of any count, and no more than a float holds exactly.
Count = Annotated[int, Field(ge=0, le=10**9)]
StudyDay = Annotated[int, Field(ge=-(10**5), le=10**5)]


def age_band(years: int) -> AgeBand:
    """Return the band of an age in years; all from 90 on are one."""
    return AGE_BANDS[min(max(years // 10 - 1, 1), len(AGE_BANDS) - 1)] if years >= 18 else "0-17"
