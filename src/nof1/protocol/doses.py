"""Doses of magnesium: elemental mass, compound mass and moles are never mixed silently."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

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


class MagnesiumDose(BaseModel):
    """Magnesium taken in one day.

    Attributes
    ----------
    amount : float
        Number of `unit` a day.
    unit : {"mg", "mmol"}
        Milligrams or millimoles.
    basis : {"elemental", "compound"}
        Whether `amount` counts the element or the whole salt.
    compound : str or None
        The exact salt and hydrate; must be named when the basis is the compound.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: float = Field(ge=0, allow_inf_nan=False)
    unit: Literal["mg", "mmol"]
    basis: Literal["elemental", "compound"]
    compound: str | None = None

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
        """Return milligrams of the element a day."""
        return self.elemental_mmol * MAGNESIUM_G_PER_MOL

    @property
    def elemental_mmol(self) -> float:
        """Return millimoles of the element a day."""
        if self.basis == "elemental":
            return self.amount if self.unit == "mmol" else self.amount / MAGNESIUM_G_PER_MOL
        molar_mass, atoms = COMPOUNDS[self.compound or ""]
        moles = self.amount if self.unit == "mmol" else self.amount / molar_mass
        return moles * atoms

    def __str__(self) -> str:
        """Return the dose with both units, for instance ``300 mg (12.3 mmol) magnesium``."""
        return f"{self.elemental_mg:.0f} mg ({self.elemental_mmol:.1f} mmol) magnesium"
