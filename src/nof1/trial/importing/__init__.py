"""Tables of scores, doses, covariates and side effects, imported into a running trial.

`columns` says which column is which, and that none tells an arm; `cells` what every row says was
observed; `planning` what an import would do, and does it in one append.

`cells`     import tables, cell by cell: what each row says was observed
`columns`   which column is which, and none that tells an arm
`planning`  importing a table of what was observed: planned as a whole, then one append
"""
