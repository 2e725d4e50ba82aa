"""Everything nof1 reads, read again and again with one thing or another wrong in it.

`mutations` spoils a valid input, `readers` are the ways in, each with its valid inputs, `judging`
says whether what a reader did is allowed, and `running` does it a million times.
"""
