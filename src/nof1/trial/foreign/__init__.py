"""Tables of trials run elsewhere, read into the same type as nof1's own trials.

`reading` goes from a file to its trials, `gathering` from the cells to one row for each day and
outcome: `columns` says which column is which (`identities` who is who), `writing` how a table is
written, `words` and `codes` which cells are no numbers, `rows` what cells say, `days` how days are
counted, `labels` what treatments mean, `doubles` what several rows of a day are. `periods` says
where periods and cycles lie, `arms` what is compared, `allocation` what the order was drawn from,
`persons` who is left out, `scales` what the scores are measured on.
"""

from nof1.trial.foreign.persons import PersonLeftOut
from nof1.trial.foreign.reading import ForeignTrials, read_foreign
from nof1.trial.foreign.writing import Writing

__all__ = ["ForeignTrials", "PersonLeftOut", "Writing", "read_foreign"]
