"""Sentences, tables and pages from what the lower floors have finished."""
