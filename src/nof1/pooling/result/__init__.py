"""Package result."""
