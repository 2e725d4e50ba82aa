"""Paired t and REML: frequentist answers from cycle differences and from all scores.

`paired` is a t-test on cycle differences. `reml` writes down the regressors and has `gls` fit them:
AR(1) noise and period shifts, over the likelihood of `profile_likelihood`, many score vectors at
once. Both report through `t_interval`.

`gls`                 linear models with AR(1) noise and random period shifts, many fits at once
`paired`              the paired t-test on cycle differences
`profile_likelihood`  the likelihood of AR(1) noise and period shifts, many vectors at once
`reml`                AR(1) and random period effects by restricted maximum likelihood
`t_interval`          Student's t for estimates with standard errors
"""
