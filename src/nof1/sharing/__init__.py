"""Package sharing."""
