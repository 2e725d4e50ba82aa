"""Many persons together: the average, how much persons differ, each of them, and the next one.

Contributions (`nof1.sharing`) and persons of `tables` become `persons`; `solved` has `exact` solve
the population from their likelihoods, `frequentist` averages their cycle differences. `analysis`
gathers both, with `conduct`, `further` questions and `cautions`, in the `result`.

`analysis`        from the persons of a pool to the pooled answer
`cautions`        what is worth knowing of a pooled answer, worked out from it
`conduct`         how the trials went, counted, and whether the blind held
`exact`           the population and everybody in it: the pooled average, exactly
`frequentist`     averages of cycle differences, in two stages and in one
`further`         other arms, facts about persons, heavy tails
`judging`         how a pool judges an effect: better, what matters, and by which rule
`persons`         the persons: checked to be of one kind, and brought into arrays
`prior`           the prior that a pool leaves for the next person
`result`          the answer, as frozen values
`shards`          parts of a pool: the persons of one shard, prepared by a process of its own
`small_matrices`  inverses and determinants of very many small matrices
`solved`          the population of a pool and its persons, solved under what is assumed of them
`tables`          persons of whom there is a table alone
"""
