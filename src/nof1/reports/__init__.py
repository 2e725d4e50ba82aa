"""Sentences, tables and pages from what the lower floors have finished; nothing is fitted here.

`report_input` gathers a trial and its analyses. A folder for every reader makes sections and tables
of it, in the elements of `layout`, which typesets them as PDF and as one HTML file. `terminal`
says the same results in lines, `pages` prints what a trial needs before it has any.

`blinding`          what the reports say of seal and blind
`calibration_page`  the documentation's page of measured error rates
`clinician`         the clinician's report
`layout`            what a report is made of, typeset as PDF and HTML
`notebook`          results as a notebook shows them: a tidy table and a figure, in HTML
`pages`             what is printed before and during a trial
`person`            the person's result on one page
`pooled`            the report of a pooled analysis
`report_input`      everything a report tells, finished: gathered from the trial and the analyses
`terminal`          results as lines for a terminal
"""
