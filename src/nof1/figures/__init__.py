"""Pictures of finished results; each has marks to be tested and one sentence that says the same.

A figure takes a finished result and first makes its *marks*: plain data that tests read. The marks
are drawn with the palette of `drawing`; what comes out is a `drawn_figure`, the same bytes for a
report, a notebook and a file.

`answer`        the answer beside what it rests on: raw scores above, posterior below, in one figure
`calibration`   the measured error rates as figures for the documentation
`density`       densities: shaded pale, and dark where a difference is better by enough to matter
`drawing`       what all figures share: one palette that survives grey print, one font, stable bytes
`drawn_figure`  a figure that gives the bytes of the reports, whoever asks for it and when
`effects`       estimates with intervals, side by side: engines, or one under other assumptions
`flow`          the way from what was received to what was pooled, as boxes with arrows
`forecast`      what a population's answer means for a further person
`funnel`        own answers against their precision
`icons`         one hundred icons for a chance: shape and fill differ, so grey print loses nothing
`persons`       every person of a pool: the own answer, and the one in the light of all others
`scores`        the scores over time, by arm: for the clinician's report and for the person's page
"""
