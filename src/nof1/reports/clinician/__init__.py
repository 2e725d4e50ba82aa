"""The clinician's report.

`report` makes one view of the finished trial from the sections below, each a function of
`nof1.reports.report_input.ReportInput`; `nof1.reports.layout` typesets it.

`answer`       the answer, every engine, other outcomes
`calibration`  how often this method errs in simulated trials like this one
`carryover`    carryover, and the answer under other assumptions
`checked`      what was held against what when it was made, and what stays open
`conduct`      how the trial went: design, periods, harms, covariates
`data`         what became of every score, and of what was promised for them
`limits`       what could not be told, and where the report comes from
`population`   what earlier persons tell, beside this one and together with it
`promises`     what was promised before the draw: rule, estimand, plan
`reliability`  what to read before relying on it, and whether the model fits
`report`       one view of the finished trial, as PDF and as one HTML file
"""
