"""Likelihoods beyond the Gaussian, by reweighting draws from exact Gaussian posteriors.

`choosing` looks at the scores and names a likelihood. `draws` come from exact Gaussian posteriors,
`reweighting` gives them the weights of that likelihood, a module each; `pareto` says whether the
weights can be relied on. `nof1.inference.answering` makes a `Fit` of them.

`bounded`      scores that are a latent value rounded to the scale's step and clipped to its ends
`by_arm`       an SD for each arm: scores that scatter more on one arm than on another
`choosing`     which likelihood the scores ask for, and why
`draws`        draws of everything the scores depend on, from an exact Gaussian posterior
`heavy_tails`  heavy tails: each score given the one before is Student-t
`pareto`       Pareto smoothing of importance weights: how far they can be relied on
`reweighting`  from draws of exact Gaussian posteriors to the posterior under another likelihood
"""
