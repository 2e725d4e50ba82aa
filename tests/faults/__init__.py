"""Faults of the operating system injected into every writing command."""
