"""Package further."""
