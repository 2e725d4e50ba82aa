"""The trial folder, what is recorded in it, and tables of scores.

`starting` makes the folder, `folder` opens and verifies it, `log` chains its entries. What fits
(`observation_rules`) is written by `recording`; `current` says what counts after corrections.
`locking` ends it and opens the seal; `records` turns entries into the types of `data`.

`beside`             files beside a trial's that a cloud drive, an editor or a copy left
`blinding`           what became of the blind: who could know which arm from when
`chain`              which fields an entry of the log has, and the hash it follows
`checking`           what is missing or doubtful in a trial, without any arm
`clocks`             times that carry a zone of their own, and the day they fall on for the person
`comparing`          what was held against what in a trial folder, and what agreed
`contacts`           whom the person can call, as printed on every page
`current`            what stands on record after all corrections
`data`               scores as they travel to the model. Masked data have no arm field at all
`dates`              dates as people write them: their order is found out, never guessed
`entries`            what every kind of entry in the log holds, and in which order
`fitting`            whether calendar and log are those of the protocol they lie beside
`folder`             the trial folder: made in one step, verified every time it is read
`foreign`            trials run elsewhere: a table of scores with treatments
`harms`              side effects that must be seen first: the severe ones
`importing`          a table of observations, into a running trial
`kept`               what somebody kept outside the folder: commitment, receipts
`locking`            the end of recording, and the opening of the seal
`log`                the log: append-only JSON lines, each chained to the one before by its hash
`noting`             what the reader of a trial's result must know of how it went, before any figure
`numbers`            numbers as people write them: comma and point, never guessed
`observation_rules`  what may be observed in a trial: scores, doses, covariates, side effects
`recording`          recording one score, dose, covariate, event, guess or unblinding
`records`            the records as data: masked, with arms after the unsealing
`repairing`          putting back what the hashes prove to be the same, and nothing else
`restoring`          what a file was before its form was changed, proven by its hash
`schedule_file`      the calendar as a file: ``schedule.csv``, a row per stretch, without arms
`starting`           starting a trial: draw, seal, commit, and write the folder, in one step
`strays`             rows whose day is so far from the others that it must be written wrongly
`tables`             any make of table, as its cells are
`verifying`          whether seal and allocation are the ones that were promised with the draw
"""
