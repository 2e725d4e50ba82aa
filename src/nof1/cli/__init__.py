"""The command line: parses, prints, and makes no numbers."""

from nof1.cli.main import main

__all__ = ["main"]
