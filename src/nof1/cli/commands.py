"""Import every module that registers commands, in the order of ``nof1 --help``."""

from nof1.cli import (  # noqa: F401
    analyse,
    design,
    pages,
    protocols,
    record,
    trial,
)
