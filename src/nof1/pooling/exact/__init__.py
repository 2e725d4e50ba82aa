"""Package exact."""
