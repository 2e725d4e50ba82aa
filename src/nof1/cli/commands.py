"""Import every module that registers commands, in the order of ``nof1 --help``."""

