"""Package persons."""
