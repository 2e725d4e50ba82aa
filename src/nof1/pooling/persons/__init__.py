"""The persons of a pool: checked to be of one kind, and brought into arrays.

`members` takes contributions one by one and refuses what does not belong together. They are stacked
in `likelihoods`, in groups of the same `coefficients`; `facts` are what else is known of them,
`half_life_spread` how half-lives may differ.

`coefficients`      which coefficients of a population make up each person's effects
`facts`             facts about persons that may bear on the effect, shared or in columns
`half_life_spread`  how the half-lives of the effect may be spread among the persons of a population
`likelihoods`       many persons' likelihoods, and how probable each is in a population
`members`           the persons of a pool: checked to be of one kind, and brought into one order
"""
