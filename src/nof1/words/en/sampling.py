"""English: what a sampler takes."""

from __future__ import annotations

TAKES = "half a minute to some minutes and up to a gigabyte of memory"
BEFORE = "{why}. Sampling with PyMC takes {takes}."
