"""The exact posterior by deterministic quadrature: the primary Bayesian engine, without a sampler.

`quadrature` begins with `products` of a trial's columns; at every node `integrand` integrates what
is Gaussian in closed form, `box` and `grid` say where the nodes lie. The weights make a
`posterior`: the effect as a `mixture`, `parameters` through `marginals`, joint draws, and the
likelihood that a pool takes.

`box`                the box around the mass of each person's posterior
`earlier_persons`    what earlier persons and this one tell together of the steady-state effect
`effect_likelihood`  what the scores say about the effects, whatever one believed before
`grid`               where the posterior is evaluated: the nodes of each person's grid within a box
`integrand`          the Gaussian part, integrated in closed form at every node
`joint_draws`        independent draws from the exact posterior, all parameters of a draw together
`marginals`          marginal posteriors of single parameters from the weights of trapezoid nodes
`mixture`            a posterior as a mixture of normals: moments, tails, quantiles
`parameters`         marginal posteriors of half-lives, phi, noise SD and period SD
`posterior`          the posterior of several trials on grids, and of one as a row of it
`products`           sums of products of a trial's columns, from which AR(1) noise is whitened
`quadrature`         the primary Bayesian engine: the exact posterior by deterministic quadrature
"""
