"""Package tables."""
