"""The command line: parses, calls one function of `nof1.workflow`, prints.

`main` runs `app`, in which `commands` has registered every command: a module each. What several
commands are asked stands in `options`, `pairs`, `notation`, `tables` and `pool_question`. A command
calls its verb in `nof1.workflow` and prints what the result says of itself.

`analyse`        every engine side by side, on a trial folder or a table from elsewhere
`app`            the Typer application, and the two ways a command speaks
`asking`         what is asked at the terminal: to go on, the eligibility questions, and passphrases
`commands`       every module that registers commands, in the order of ``nof1 --help``
`contact`        whom the person can call, changed while the trial runs
`demo`           the whole chain on an invented person, from the protocol to the report
`design`         the draw, sealed at once
`eligibility`    the eligibility questions at the terminal: with a way back
`main`           running the command line: the one place where errors become messages and exit codes
`notation`       how a table is written, as the commands that read tables are told it
`options`        arguments and options that several commands have, each said once
`pages`          ``print`` and ``pack``: pages for everyone, and for the packer alone
`pairs`          options that say two things of each other, with an equals sign between
`plan`           what a design can tell before it starts, and how many persons a series needs
`pool`           the answer of many persons, at once or in parts
`pool_question`  what is asked of a pool: the options that `pool` and `merge` share
`privacy`        how well persons hide among each other; copies in which they hide better
`promise`        randomness fixed before somebody else names a number
`protocols`      the bundled protocols, and whether one of your own is complete
`record`         one score, dose, covariate, side effect, guess or unblinding
`report`         the reports of an unsealed trial, or of a pooled analysis
`share`          one trial's contribution to a pool, and what leaves with it
`tables`         the options that explain tables made elsewhere
`trial`          ``import``, ``check``, ``lock`` and ``unseal``: a running trial, to its end
`verify`         a third person's check, and what hashes prove put back
"""

from nof1.cli.main import main

__all__ = ["main"]
