"""Tables of trials run elsewhere, read into the same type as nof1's own trials.

`reading` goes from a file to its trials. `gathering` makes one row for each day and outcome of the
cells: who, when, which arm, what score. `periods` then says where periods and cycles lie, `arms`
what is compared, `allocation` what the order was drawn from, `scales` on what scale.

`allocation`  what the order was drawn from
`arms`        which arm is the comparator, and which are compared with it
`cells`       what a single cell says
`codes`       numbers that stand for a missing answer
`columns`     which column is which
`cutting`     where one period ends and the next begins, without a period column
`cycles`      cycles, and periods of them that never took place
`days`        day numbers that start again, and numbers that are no days
`doubles`     days with several rows, of which each outcome gives one score
`expected`    the days on which a score was expected, whether or not it has a row
`gathering`   from the cells to one row for each day and outcome of every person
`identities`  which column tells persons apart, and which may do so unknown
`labels`      what the labels of treatments mean, and which rows lack one
`lengths`     the length that all periods of a trial have in common
`named`       periods and cycles that bear names with a number, such as A1 and B1
`notes`       sentences on what was taken for granted
`periods`     periods and cycles, as given or worked out from the treatments
`persons`     whose rows are read, and who is left out, and why
`places`      the days on which periods begin and end, with or without rows
`reading`     tables of trials run elsewhere, read into the same type as nof1's own trials
`rows`        from the text of the cells to days, treatments and scores
`scales`      the scale of every outcome, as given or guessed from the scores
`sizes`       persons of a table whose trial is longer than any, or more than can be analysed
`stretches`   days that belong together, one stretch for each period with a row
`words`       scores that are words, and the numbers they stand for
`writing`     how a table is written where it cannot say so itself
"""
