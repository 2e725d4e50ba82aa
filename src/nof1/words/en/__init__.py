"""English.

Words alone, by who reads them:

`numbers`    what numbers, lists and times need
`verdicts`   the verdicts, to clinicians and researchers
`person`     the person's result
`pages`      booklet, labels, cards and calendar: what the person reads
`office`     what clinician and packer read on their pages, and the head of every report
`clinician`  the clinician's report: the answer and what it rests on
`course`     the clinician's report: how the trial went, what was promised and not told
`figures`    what stands in the figures; the names of engines and estimands
`sampling`   what a sampler takes

The report of a pooled analysis:

`pooled_answer`       its title, the answer, the next person, how much persons differ
`pooled_assumptions`  other assumptions, other arms, other methods
`pooled_persons`      every person, and the funnel
`pooled_conduct`      how the trials went, who was left out, limits, provenance
`cent`                how the persons came together, and the items of CENT 2015

Lines for a terminal:

`terminal`         what every answer says
`terminal_pooled`  a pooled answer

Sentences of cautions, one function each, named by its code:

`reasons`    why a verdict was held back, and why a likelihood was taken
`engines`    what to know of the engines' answers
`scores`     what to know of scores, doses and arms
`conduct`    how the trial went: side effects, the blind, the end
`draws`      how the order was drawn, and that nothing tells it
`files`      what was taken for granted in reading a file: sheets, rows, dates, numbers
`tables`     what was taken for granted of a table from elsewhere: arms, periods, scales
`pooled`     what to know of a pooled answer
`plans`      what a design cannot tell, and in what a trial is unlike the simulated ones
"""

from __future__ import annotations

SENTENCES = (
    "reasons", "engines", "scores", "conduct", "draws", "files", "tables", "pooled", "plans"
)  # fmt: skip
