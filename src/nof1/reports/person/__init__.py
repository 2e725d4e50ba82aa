"""Package person."""
