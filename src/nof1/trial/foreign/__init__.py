"""Tables of trials run elsewhere, read into the same type as nof1's own trials.

`reading` goes from a file to its trials; `columns` says which column is which, `rows` what their
cells say, `periods` where periods and cycles lie, `arms` what is compared, `allocation` what
the order was drawn from, `labels` what treatments mean, `writing` how a
table is written, `persons` who is left out, `scales` what the scores are measured on.
"""

from nof1.trial.foreign.persons import PersonLeftOut
from nof1.trial.foreign.reading import ForeignTrials, read_foreign
from nof1.trial.foreign.writing import Writing

__all__ = ["ForeignTrials", "PersonLeftOut", "Writing", "read_foreign"]
