"""The differences of many persons, taken together.

`person_estimates` turns cycle differences into an estimate and a standard error for each person,
`meta_analysis` pools these, `mixed_model` pools scores or cycle differences in one stage.
"""
