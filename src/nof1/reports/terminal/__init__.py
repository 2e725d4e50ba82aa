"""Finished results as lines for a terminal: sentences and columns, no numbers of their own.

`analysis`   every engine side by side on one outcome of one person, and the verdict
`lines`      how wide lines are, and what stands below what
`pooled`     the answer of many persons
"""
