"""The randomisation test: the primary frequentist answer, from exactly the set that was drawn from.

`randomisation_test` looks at the allocation set: cycles drawn anew go to `sign_flips`, which counts
without listing, orders of phases to `phases`, all others to `reallocation`, which lists or samples
them for `welch`. `inversion` turns extremes into p-value and interval.

`inversion`           from how extreme each sequence is to a p-value and an interval
`phases`              phases whose change points were drawn, on single scores
`randomisation_test`  the test over exactly the set the sequence was drawn from
`reallocation`        other sequences that a draw could have given, listed or sampled
`sign_flips`          cycles drawn anew, counted exactly without listing the orders
`welch`               the studentised statistic: Welch's t for every sequence
"""
