"""Whether the shipped defaults are calibrated: the proof, re-run by ``python -m nof1.calibration``.

Two questions are asked of simulated trials. *Self-consistency*: when truths are drawn from the
priors, does the posterior hold them as often as it says? *Operating characteristics*: at fixed
truths, how often does each engine err, and the verdict? The answers ship beside this code.

`scenarios` and `truths` make the trials, `answers` has every method answer them on the processes
of `running`; `self_consistency` and `operating` count, `study` writes what `table` reads and
`claims` judges. A report asks `likeness` for the row nearest to its own trial.

`answers`           what each method says of simulated trials, as arrays over people
`claims`            what is claimed of the shipped defaults
`likeness`          of all simulated situations, the one most like the trial at hand
`operating`         operating characteristics at fixed truths: how often each method errs
`running`           many independent pieces of work on several processes, in order
`scenarios`         the truths and designs at which error rates are measured
`self_consistency`  truths from the priors are held as often as promised
`study`             the whole measurement: what is run, what is said of it, and the files it leaves
`table`             the measured table: one row for each cell and method, as it ships
`truths`            simulated trials: people drawn from the priors, or many alike at a fixed truth
"""
