"""Whether the shipped defaults are calibrated: the proof, re-run by ``python -m nof1.calibration``.

Two questions are asked of simulated trials. *Self-consistency*: when truths are drawn from the
priors, does the posterior hold them as often as it says? *Operating characteristics*: at fixed
truths, how often does each engine err, and the verdict? The answers ship beside this code.
"""
