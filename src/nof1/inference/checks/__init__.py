"""Package checks."""
