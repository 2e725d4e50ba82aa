"""The same models in PyMC: independent checks, and the road where reweighting does not do.

A `ModelInput` becomes a PyMC model, written down here anew and on purpose: nothing is shared with
the exact engines. The sampler's draws go into the same summary as theirs
(`nof1.inference.draws_summary`).

`likelihood_models`  the likelihoods beyond the Gaussian in PyMC: where reweighting does not do
`nuts`               the same model in PyMC: the independent check of the quadrature engine
"""
