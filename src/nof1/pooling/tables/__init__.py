"""Persons of whom there is a table, not a file of their own.

Tables of summaries are read by `summary_tables`, whose columns `summary_columns` finds, and become
contributions in `summaries`; persons with all their scores are solved in `table_persons`. From then
on they are members like all others.

`summaries`        persons with summaries alone, as contributions: cycle differences, or estimates
`summary_columns`  tables of summaries: what they hold, which column is which, and what a cell says
`summary_tables`   tables of cycle differences, of estimates, or of scores without days
`table_persons`    persons of tables, solved and turned into contributions where the work is done
"""
