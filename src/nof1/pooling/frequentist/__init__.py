"""Package frequentist."""
