"""What a pool answers, as frozen values: the JSON other programs read.

`pooled_fit` is the whole answer; its parts are written in `forms`, `averages` and `conduct`.
`nof1.pooling.analysis` fills it in, reports, terminal and other programs only read it.

`averages`    frequentist averages of differences as scheduled, as other programs read them
`conduct`     how the trials went: counts, doses, guesses of the arm
`forms`       the forms that figures of a pooled answer have beside a summary: curves, mixtures
`pooled_fit`  a pooled analysis as one frozen value: the JSON other programs read
`verdicts`    the verdicts on these persons and on the next one, and the rule they rest on
"""
