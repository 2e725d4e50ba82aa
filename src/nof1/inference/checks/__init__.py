"""What is looked at beside the engines, before an answer may be believed.

`variants` solves the same scores under other assumptions, each once; `drift`, `slowness` and
`sensitivity` compare the answers, `holding` decides whether a verdict stands. The rest look at the
scores themselves and give sentences or tables to a report.

`carryover`      what is assumed about carryover, and what the schedule shows of the effect under it
`description`    the scores as they are, by day and by period
`diagnostics`    does the model fit? Residuals of the REML fit, judged with statsmodels' tests
`drift`          whether the drift of the scores fits its prior, and the answer with room for it
`holding`        whether a claim stands: what must hold before a verdict is given
`mornings`       whether scores agree better with the treatment of the day before their own
`neighbours`     whether neighbouring scores move against each other, which no model here allows for
`sensitivity`    the primary Bayesian answer again under other assumptions
`slowness`       whether *no meaningful difference* would hold if the effect came and went slowly
`untaken_doses`  doses not taken up to the end of a period: what a stop nobody recorded leaves
`variants`       the same scores under other assumptions, each solved once and only when asked for
"""
