"""Engines, one result type, verdicts and the analysis that puts them side by side."""
