"""Package clinician."""
