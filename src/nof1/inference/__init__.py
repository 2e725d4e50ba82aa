"""Engines, one result type, one verdict rule, and the analysis that puts them side by side.

`analysis` makes a `ModelInput` of the scores and hands it to the engines below; each gives back a
`Fit` or says why not (`fits`). The primary posterior becomes a code by `verdict`, which `checks`
may hold back. `json_result` alone makes a dictionary of it; `full_analysis` is what a report needs.

`analysis`          every engine side by side on one outcome of one person, and the verdict
`answer_draws`      draws of the posterior that a verdict rests on, under whichever likelihood
`answering`         the answer under the likelihood the plan or the scores ask for
`cautions`          warnings that go with an analysis
`cautions_on_data`  warnings on the scores, doses and arms themselves
`checks`            what is looked at beside the engines: drift, slowness, sensitivity, residuals
`draws_summary`     a posterior as draws with weights: its figures, whatever drew them
`exact`             the exact posterior by quadrature, and the likelihood of the effect
`fits`              what each kind of engine gives back: one frozen class a kind
`frequentist`       paired t and REML
`full_analysis`     everything a report needs of one person's trial, computed once
`json_result`       the one dictionary of an analysis: keys are added, never renamed
`likelihoods`       bounded, by arm, heavy tails: likelihoods beyond the Gaussian
`period_means`      means of the scores by period and differences within cycles
`randomisation`     the randomisation test over exactly the set drawn from
`result`            what an analysis is: contrasts, verdict, and what was looked at beside
`sampled`           the same models in PyMC
`score_account`     what became of every row that was read and of every day a score was expected on
`summaries`         an effect in a few figures: distribution, estimate, chances
`verdict`           every verdict rule: from a posterior to a code, by the protocol
"""
