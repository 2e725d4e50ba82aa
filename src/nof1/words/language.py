"""Which language is spoken: the name of a folder of this package."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

#: The folder whose words are used.
SPOKEN = "en"


class Room:
    """The words of one kind, in the language that is spoken when they are asked for.

    Parameters
    ----------
    name : str
        Of the module that every language has for them.
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, word: str) -> Any:
        """Return what the module has under a name."""
        return getattr(_module(SPOKEN, self._name), word)


def sentence_of(code: str) -> Callable[..., str]:
    """Return what makes the sentence of a caution, in the language that is spoken."""
    return makers(SPOKEN)[code]


def _module(language: str, name: str) -> ModuleType:
    return import_module(f"{__package__}.{language}.{name}")


@cache
def makers(language: str) -> Mapping[str, Callable[..., str]]:
    """Return what makes each sentence, by its code: the function of that name."""
    sentences: dict[str, Callable[..., str]] = {}
    for name in import_module(f"{__package__}.{language}").SENTENCES:
        module = _module(language, name)
        for made, function in vars(module).items():
            if getattr(function, "__module__", "") == module.__name__ and made[:1] != "_":
                code = made.replace("_", "-")
                if code in sentences:
                    raise ValueError(f"{language}: two sentences for {code}")
                sentences[code] = function
    return sentences
