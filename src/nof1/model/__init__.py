"""Pure mathematics between the data and the engines: exposure, recall windows, AR(1) noise, priors.

`model_input` turns scores with arms and a plan of analysis into arrays: exposure by window, cycle,
period, covariates. `priors` puts the plan's priors on the scale of the scores. Engines take both;
`simulation` goes the other way, from a known truth to scores.

`autoregression`     AR(1) noise by calendar gaps, written once for every engine but `nuts`
`covariates`         covariates as the engines take them: by score, centred within the person
`exposure`           exposure: how much of an arm acts on a day, between 0 and 1
`half_life_default`  the half-life's prior where no protocol says it
`model_input`        from scores with arms to the arrays every engine takes
`priors`             the priors in points and days, the half-life's among them
`simulation`         scores of a person whose truth is known
"""
