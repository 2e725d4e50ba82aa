"""The report of a pooled analysis.

`report_input` reads the pooled answer and ranks its persons; the sections below are functions of
it, and `report` puts them in order for PDF and HTML. `codes` shortens the persons' names.

`answer`        the answer, the next person, how much persons differ
`assumptions`   other assumptions, other arms, other methods
`cent`          how the persons came together, and the items of CENT 2015
`codes`         codes of persons as a report shows them: short enough for a table, with a key
`conduct`       how the trials went, who was left out, limits, provenance
`persons`       every person, and the funnel of their own answers
`report`        many persons' own trials, as PDF and as one HTML file
`report_input`  a pooled analysis as its report tells it: read from its file, ranked, with its words
`rule`          the rule that the verdicts of a pool rest on, in words
"""
