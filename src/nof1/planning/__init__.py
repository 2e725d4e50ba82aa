"""What can be told before anybody takes anything.

`facts` says what the design of one trial can tell, `series` how many persons a series of trials
needs. Both are exact, without simulation.
"""

from nof1.planning.facts import DesignFacts, VisibleShare, candidates, design_facts
from nof1.planning.series import (
    ALPHA,
    POWER,
    SERIES_CYCLES,
    SeriesAssumptions,
    SeriesSize,
    series_size,
)

__all__ = [
    "ALPHA",
    "POWER",
    "SERIES_CYCLES",
    "DesignFacts",
    "SeriesAssumptions",
    "SeriesSize",
    "VisibleShare",
    "candidates",
    "design_facts",
    "series_size",
]
