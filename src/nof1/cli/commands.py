"""Import every module that registers commands, in the order of ``nof1 --help``."""

# The order is that of a trial, and is what the help shows.
# isort: off
import nof1.cli.protocols
import nof1.cli.plan
import nof1.cli.promise
import nof1.cli.design
import nof1.cli.pages
import nof1.cli.record
import nof1.cli.trial
import nof1.cli.contact
import nof1.cli.verify
import nof1.cli.analyse
import nof1.cli.report
import nof1.cli.share
import nof1.cli.pool
import nof1.cli.privacy
import nof1.cli.demo  # noqa: F401
