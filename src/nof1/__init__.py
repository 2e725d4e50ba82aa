"""nof1: randomised, blinded crossover trials of one person, from protocol to answer."""

__version__ = "0.1.0"
