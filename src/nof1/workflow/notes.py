"""What is to be noted beside a result: passed on at once, and kept for the result."""

from __future__ import annotations

from nof1.workflow.progress import Tell


class Notes:
    """Sentences to be noted, in the order in which they came up.

    Parameters
    ----------
    tell : callable
        Gets each of them at once, for instance what a step that takes seconds is waiting for.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self.texts: list[str] = []

    def __call__(self, text: str) -> None:
        """Keep a sentence, and pass it on."""
        self.texts.append(text)
        self._tell(text)
