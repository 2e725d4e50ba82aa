"""What is promised before the first dose: one validated, frozen type read from a TOML file.

`files` finds and reads the TOML, `tables` and `safety` hold its parts, `protocol` is the whole.
What pydantic finds wrong goes through `faults` into plain words. Doses are typed once, in numbers:
`dosing` works out amounts, `texts` puts them into sentences, `amounts_said` refuses others.

`above_limit`       doses above the upper limit that somebody answers for
`amounts_said`      texts of a protocol that name another amount than its numbers give
`covariates`        covariates: what else bears on the scores of a day
`doses`             elemental mass, compound mass and moles of magnesium, never mixed silently
`dosing`            what is taken on an arm: units each time, times a day
`eligibility`       who may start: answers to the protocol's questions, and what follows from them
`faults`            what is wrong with a protocol file, in plain words: pydantic's errors as faults
`files`             protocol files: reading TOML, the bundled protocols, the published JSON Schema
`limits`            the upper limit of supplemental magnesium: which doses are refused
`old_form`          protocols frozen before strength and units were typed: still read
`outcome`           what is scored: its scale, its days, and what difference matters
`population_prior`  the prior that a pooled analysis of earlier persons wrote for the next one
`protocol`          the protocol: everything promised before randomisation, as one frozen value
`reading`           reading a file that a user gave: bytes, text, and tables of TOML
`safety`            who may take part and how they are kept safe
`sizes`             what is beyond any trial of one person
`table`             what every table of a protocol is, and the forms of its names and texts
`tables`            the parts of a protocol: arms, outcomes, design, blinding, plan of analysis
`texts`             texts that name the dose: filled in from the numbers typed once
"""
