"""The command line: parses, prints, and makes no numbers."""

from nof1.cli.app import main

__all__ = ["main"]
