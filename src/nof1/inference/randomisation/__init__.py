"""Package randomisation."""
