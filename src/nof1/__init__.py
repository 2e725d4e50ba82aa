"""nof1: randomised, blinded crossover trials of one person, from protocol to answer.

A verb of the command line is a call with the same options and defaults, and gives one finished
result. What is wrong is an `InputError`, which is a `Nof1Error`: where, what, and how to mend it.

`plan`         what a design can tell, before the trial
`design`       randomise, seal, and write the trial folder
`record`       one score, dose or event into the log
`print_trial`  booklet, clinician's pages and calendar of a trial, without an arm
`check`        what is missing, doubtful or tampered with, without an arm
`lock`         the end of recording
`unseal`       the order opened, compared and logged
`analyse`      a DataFrame, a table or an unsealed trial, to every engine's answers:
               `Analyses`, of one `Analysed` for each outcome of each person
`report`       the reports of an unsealed trial, or of a pooled analysis
`share`        a de-identified contribution
`privacy`      who could be recognised in contributions
`pool`         many persons together: a `PoolResult`
"""

__version__ = "0.1.0"
__all__ = (
    "Analysed",
    "Analyses",
    "InputError",
    "Nof1Error",
    "PoolResult",
    "__version__",
    "analyse",
    "check",
    "design",
    "lock",
    "plan",
    "pool",
    "print_trial",
    "privacy",
    "record",
    "report",
    "share",
    "unseal",
)


# As in `typing`, which takes longer to import than all of this.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from nof1.errors import InputError, Nof1Error
    from nof1.workflow.analyse import analyse
    from nof1.workflow.analyses import Analysed, Analyses
    from nof1.workflow.check import check
    from nof1.workflow.design import design
    from nof1.workflow.lock import lock, unseal
    from nof1.workflow.pages import print_trial
    from nof1.workflow.plan import plan
    from nof1.workflow.pool import pool
    from nof1.workflow.pool_result import PoolResult
    from nof1.workflow.privacy import privacy
    from nof1.workflow.record import record
    from nof1.workflow.report import report
    from nof1.workflow.share import share


def __getattr__(name: str) -> object:
    """Return a public name, imported when it is first asked for."""
    from importlib import import_module

    value: object = import_module("nof1.workflow.in_python").public(name)
    globals()[name] = value
    return value


def __dir__() -> tuple[str, ...]:
    """Return the public names."""
    return __all__
