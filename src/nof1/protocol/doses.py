"""Doses of magnesium: elemental mass, compound mass and moles are never mixed silently."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from nof1.words.numbers import number_text

MAGNESIUM_G_PER_MOL = 24.305

#: Molar mass (g/mol) and magnesium atoms of each salt, from atomic weights.
COMPOUNDS: dict[str, tuple[float, int]] = {
    "oxide": (40.304, 1),
    "hydroxide": (58.320, 1),
    "carbonate": (84.313, 1),
    "chloride-anhydrous": (95.211, 1),
    "chloride-hexahydrate": (203.303, 1),
    "sulfate-anhydrous": (120.366, 1),
    "sulfate-heptahydrate": (246.474, 1),
    "trimagnesium-dicitrate-anhydrous": (451.113, 3),
    "trimagnesium-dicitrate-nonahydrate": (613.250, 3),
    "hydrogen-citrate": (214.412, 1),
    "bisglycinate-anhydrous": (172.423, 1),
    "bisglycinate-dihydrate": (208.453, 1),
    "malate": (156.376, 1),
    "lactate-anhydrous": (202.445, 1),
    "taurate": (272.585, 1),
    "aspartate-anhydrous": (288.495, 1),
    "l-threonate": (294.495, 1),
    "gluconate-anhydrous": (414.599, 1),
}

#: Upper limit of supplemental magnesium for adults, mg of the element a day.
UPPER_LIMIT_MG: dict[str, float] = {
    "US": 350.0,
    "NO": 350.0,
    "EU": 250.0,
    "DE": 250.0,
    "CA": 500.0,
    "UK": 400.0,
}
STRICTEST_LIMIT_MG = min(UPPER_LIMIT_MG.values())

#: What no prescriber's reason goes beyond, mg of the element a day: the highest amount that any
#: authority of the table allows in supplements (Health Canada, monograph "Magnesium": 20 to 500).
CEILING_MG = max(UPPER_LIMIT_MG.values())
CEILING_SOURCE = "the highest amount any authority allows in supplements, Health Canada"

_COUNT = {"type": "integer", "minimum": 0, "maximum": 50}

#: One number for every time of the day, or a list with one for each of the times.
EachTime = Annotated[
    tuple[Annotated[int, Field(ge=0, le=50)], ...],
    BeforeValidator(lambda value: tuple(value) if isinstance(value, list | tuple) else (value,)),
    WithJsonSchema({"anyOf": [_COUNT, {"type": "array", "items": _COUNT}]}),
]


class MagnesiumStrength(BaseModel):
    """Magnesium in one unit, for instance in one capsule.

    Attributes
    ----------
    strength : float
        Number of `unit` in one capsule, sachet or pump.
    unit : {"mg", "mmol"}
        Milligrams or millimoles.
    basis : {"elemental", "compound"}
        Whether `strength` counts the element or the whole salt.
    compound : str or None
        The exact salt and hydrate; must be named when the basis is the compound.
    units_each_time : tuple of int
        How many of the units taken at each time hold it; empty when all do.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    strength: float = Field(gt=0, allow_inf_nan=False)
    unit: Literal["mg", "mmol"]
    basis: Literal["elemental", "compound"]
    compound: str | None = None
    units_each_time: EachTime = ()

    @model_validator(mode="after")
    def _compound_is_known(self) -> Self:
        if self.compound is not None and self.compound not in COMPOUNDS:
            raise ValueError(
                f"compound {self.compound!r} is not known; write one of {', '.join(COMPOUNDS)}"
            )
        if self.basis == "compound" and self.compound is None:
            raise ValueError(
                "a dose on the basis of the compound needs the exact salt and hydrate in `compound`"
            )
        return self

    @property
    def elemental_mg(self) -> float:
        """Return milligrams of the element in one unit."""
        return elemental_mg(self.strength, self.unit, self.compound_counted)

    @property
    def compound_counted(self) -> str | None:
        """Return the salt that `strength` counts; None where it counts the element."""
        return self.compound if self.basis == "compound" else None

    @property
    def compound_mg(self) -> float | None:
        """Return milligrams of the salt in one unit; None where the element is counted."""
        if self.compound_counted is None:
            return None
        molar_mass, _ = COMPOUNDS[self.compound_counted]
        return self.strength if self.unit == "mg" else self.strength * molar_mass

    @property
    def said(self) -> str:
        """Return the element in one unit: ``100 mg``; beside it what was typed in millimoles."""
        if self.unit == "mg" or self.compound_counted is not None:
            return mg_text(self.elemental_mg)
        return f"{mg_text(self.elemental_mg)} ({number_text(self.strength)} mmol)"

    @property
    def salt_said(self) -> str:
        """Return the salt in one unit as it was typed, ``150 mg oxide``; empty for the element."""
        if self.compound_counted is None:
            return ""
        return f"{number_text(self.strength)} {self.unit} {self.compound_counted.replace('-', ' ')}"


def elemental_mg(amount: float, unit: str, compound: str | None) -> float:
    """Return milligrams of magnesium in an amount of the element or, where named, of a salt.

    Parameters
    ----------
    amount : float
        Number of `unit`.
    unit : {"mg", "mmol"}
        Milligrams or millimoles.
    compound : str or None
        The salt that is counted; None for the element.
    """
    if compound is None:
        return amount if unit == "mg" else amount * MAGNESIUM_G_PER_MOL
    molar_mass, atoms = COMPOUNDS[compound]
    moles = amount if unit == "mmol" else amount / molar_mass
    return moles * atoms * MAGNESIUM_G_PER_MOL


def mg_text(mg: float) -> str:
    """Return ``300 mg``."""
    return f"{number_text(mg)} mg"


def mmol_text(mg: float) -> str:
    """Return an amount of the element in moles, ``12.3 mmol``."""
    return f"{mg / MAGNESIUM_G_PER_MOL:.3g} mmol"


def magnesium_text(mg: float) -> str:
    """Return an amount of the element in both units, ``300 mg (12.3 mmol) magnesium``."""
    return f"{mg_text(mg)} ({mmol_text(mg)}) magnesium"


def is_above(mg: float, limit: float) -> bool:
    """Return whether an amount is above a limit, as exactly as it is printed."""
    return float(number_text(mg)) > limit
