"""Finished results as lines for a terminal: sentences and columns, no numbers of their own.

A result of `nof1.workflow` asks the module of its kind for its lines; `lines` says how wide they
are, `nof1.words` what they say.

`analysis`     every engine side by side on one outcome of one person, and the verdict
`check`        the state of a running trial
`comparisons`  what was held against what
`design`       what a design can tell, beside neighbouring ones; how many persons a series needs
`lines`        how wide lines are, and what stands below what
`pooled`       the answer of many persons
`privacy`      who could be recognised in contributions
`sharing`      what leaves with a contribution, and what stays
"""
