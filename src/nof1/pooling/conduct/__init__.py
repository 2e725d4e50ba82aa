"""Package conduct."""
