"""Package sampled."""
