"""The exact posterior of a population, and everybody in it: where the pooled average comes from.

`solving` hands the persons' likelihoods out to the `workplace`; `hierarchy` makes the posterior of
average and SD from their `log_densities`, `population_posterior` averages it over half-lives,
`shrinkage` gives each person's effect in its light. `answers` turns all of it into figures.

`answers`               distributions of an effect as the figures that are told of them
`density`               a density known at equal steps: moments, tails, and the shortest interval
`grid_place`            where the grid of average and SD is laid out, found anew on each finer one
`hierarchy`             the pooled average and the SD between persons, from likelihoods alone
`joint_draws`           independent draws of a population and of everybody in it
`log_densities`         how probable each person's scores are at given average and SD
`noise_spread`          how the noise of scores is spread among persons
`own_answer`            what a person's own scores say, every effect being equally likely
`population_grid`       the posterior of average and SD on one grid
`population_posterior`  the posterior of a population, averaged over what half-lives in it may be
`population_shapes`     the shapes in which the effects of persons may scatter around their average
`shrinkage`             each person's effect in the light of all others: the shrunken effects
`solving`               the population and every person in it, solved where the work is done
`workplace`             where the work is done: on all cores here, or on a Dask cluster
"""
