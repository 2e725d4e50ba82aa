"""One call a verb: what the command line, a web front and ``import nof1`` share.

A call takes plain keywords, with the defaults of the command line, and gives one frozen result.
What a user can mend is raised as an `InputError` with all faults at once, in which options are
named as the command line names them. A result is finished: it says itself to a terminal
(``lines()``) and to other programs (``to_dict()``, ``to_json()``), and nothing is computed by
whoever shows it. Nothing here prints, asks or ends a program: who can be asked is handed over.

`analyse`          a trial folder, a file or a DataFrame, to every engine's answers
`analyses`         finished analyses, in every shape: dictionary, DataFrame, draws, figure
`asking`           how somebody is asked, before a draw, what was not given
`changes`          the plan of analysis, with what was asked for beside it
`check`            what is missing, doubtful or tampered with in a trial
`clock`            the present, and days as they are given
`contact`          whom the person can call, changed while the trial runs
`datatree`         one person's posterior as draws in an ArviZ DataTree
`demo`             the whole chain on an invented person
`design`           the draw, sealed at once: a new trial folder
`importing`        many scores, doses, covariates and side effects from a table
`in_python`        the public names of ``import nof1``, and messages that name keywords
`interview`        the eligibility questions, answered one after the other, with a way back
`keys`             what seals and opens, as it is given or asked for
`lock`             the end of recording; the seal opened wholly, or one period of it
`notation`         how the cells of a table are written
`notes`            what is to be noted beside a result
`pages`            printed pages: for everyone, and for the packer alone
`periods`          one period, by its number or its kit
`persons`          what is pooled: contributions in files, and persons of tables
`pictures`         the figures of the reports, drawn for whoever has the result
`plan`             what a design can tell, and how many persons a series needs
`pool`             many persons together
`pool_result`      a finished pool, in every shape
`pooled_datatree`  the posterior of a pool as draws in an ArviZ DataTree
`privacy`          who could be recognised in contributions
`progress`         how a long call says how far it is
`promise`          randomness fixed before a number is named
`protocols`        the bundled protocols, and whether one of your own is complete
`question`         what is asked of a pool
`receipts`         what is said of an entry in the log, and of a correction
`record`           one score, dose, covariate, side effect, guess or unblinding
`report`           the reports of an unsealed trial, or of a pooled analysis
`result`           what results say to other programs
`shards`           parts of a pool: preparing one in a process of its own, and pooling all of them
`share`            one trial's contribution to a pool
`sources`          what was given to be read: folders, files, DataFrames
`tables`           what a table does not say of itself, and reading it
`targets`          where something is to be written, looked at before any work is done
`tidy`             tidy tables, for a DataFrame and as CSV
`tidy_results`     which columns the tidy tables of an analysis and of a pool have
`verify`           a third person's check, and what hashes prove put back
"""
