"""Frequentist averages of cycle differences, in two stages and in one.

`comparable` says which shared differences can be averaged. `person_estimates` makes an estimate of
each person's, `meta_analysis` averages these; `mixed_model` takes all in one stage, with
`small_samples` for its tests. `averaging` puts the rows side by side.

`as_scheduled`      how much of the effect at full exposure a difference as scheduled holds
`averaging`         frequentist averages of the cycle differences that were shared, side by side
`comparable`        which shared cycle differences can be averaged, and what is said of them
`meta_analysis`     two stages: one estimate a person, then their average
`mixed_model`       one stage: every person has coefficients around the average ones
`person_estimates`  each person's difference and its standard error
`person_sums`       what the scores of every person come down to in a mixed model
`small_samples`     what a mixed model's averages are worth with few persons
"""
