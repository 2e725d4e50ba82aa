"""The shapes in which the effects of persons may scatter around their average."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Degrees of freedom of the heavy-tailed population.
DF = 4.0
#: Log precisions at which its mixture of normal distributions is summed.
LOG_PRECISION = np.linspace(-4.2, 1.8, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """How effects scatter around their average: a mixture of normal distributions.

    Attributes
    ----------
    name : {"normal", "student-t"}
        What it stands for.
    scales, shares : array, shape (l,)
        SDs of the components in units of the SD parameter, and their weights.
    """

    name: Literal["normal", "student-t"]
    scales: FloatArray
    shares: FloatArray


def _normal() -> Population:
    return Population(name="normal", scales=np.ones(1), shares=np.ones(1))


def _student_t() -> Population:
    """Return Student's t as a scale mixture: the precision has a gamma distribution.

    Summed in equal steps of the log precision, where the trapezoid rule converges quickly.
    """
    log_density = 0.5 * DF * (LOG_PRECISION - np.exp(LOG_PRECISION))
    shares = np.exp(log_density - log_density.max())
    return Population(
        name="student-t", scales=np.exp(-0.5 * LOG_PRECISION), shares=shares / shares.sum()
    )


POPULATIONS: Mapping[str, Population] = MappingProxyType(
    {"normal": _normal(), "student-t": _student_t()}
)
