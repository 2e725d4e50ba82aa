"""Package pooled."""
