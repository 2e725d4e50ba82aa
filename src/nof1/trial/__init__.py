"""The trial floor: the trial folder, what is recorded in it, and tables of scores.

- The folder: `starting` makes it, `folder` opens and verifies it, `log` chains its entries.
- Recording: `observing` says what fits the trial, `recording` writes it, `standing` says what
  counts after corrections, `locking` ends it and opens the seal.
- Reading: `records` turns entries into the types of `data`, `checking` names what is missing or
  doubtful.
- Tables of other people: `tables` and `dates` read any make of file, `importing` takes one into a
  running trial, `foreign` reads trials run elsewhere.
"""
