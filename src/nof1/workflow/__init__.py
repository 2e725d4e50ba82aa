"""One call a verb: what the command line, a web front and ``import nof1`` share.

A call takes plain keywords, with the defaults of the command line, and gives one frozen result.
What a user can mend is raised as an `InputError` with all faults at once, in which options are
named as the command line names them. A result is finished: it says itself to a terminal
(``lines()``) and to other programs (``to_dict()``, ``to_json()``), and nothing is computed by
whoever shows it.

`analyse`    a trial folder, a file or a DataFrame, to every engine's answers
`changes`    the plan of analysis, with what was asked for beside it
`notation`   how the cells of a table are written
`persons`    what is pooled: contributions in files, and persons of tables
`pool`       many persons together
`progress`   how a long call says how far it is
`question`   what is asked of a pool
`report`     the reports of an unsealed trial, or of a pooled analysis
`shards`     parts of a pool: preparing one in a process of its own, and pooling all of them
`sources`    what was given to be read: folders, files, DataFrames
`tables`     what a table does not say of itself, and reading it
"""
