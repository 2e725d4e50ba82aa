"""Tables of scores, doses, covariates and side effects, imported into a running trial.

`planning` says what an import would do, and does it; `columns` says which column is which, and that
none tells an arm; `cells` what every row says was observed.
"""

from nof1.trial.importing.planning import ImportPlan, apply_import, plan_import

__all__ = ["ImportPlan", "apply_import", "plan_import"]
