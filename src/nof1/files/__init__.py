"""Reading and writing files so that nothing is lost, half-written, or written elsewhere.

What is written goes into a draft first: a new file under a random name in the same folder, forced
to the disk and read back. It takes its place by one rename. No symbolic link is followed.
"""

from nof1.files.drafts import drop, keep_mode, put, sync_folder, write_draft
from nof1.files.locks import CLAIM, LOCK, clear_claim, sole_writer
from nof1.files.names import clear_leftovers, draft_name, forget
from nof1.files.new_file import write_new
from nof1.files.reading import about, read_file, refuse_links
from nof1.files.replacing import (
    StandsError,
    clear_unfinished,
    fill_empty,
    fill_folder,
    new_folder,
    replace_files,
)

__all__ = [
    "CLAIM",
    "LOCK",
    "StandsError",
    "about",
    "clear_claim",
    "clear_leftovers",
    "clear_unfinished",
    "draft_name",
    "drop",
    "fill_empty",
    "fill_folder",
    "forget",
    "keep_mode",
    "new_folder",
    "put",
    "read_file",
    "refuse_links",
    "replace_files",
    "sole_writer",
    "sync_folder",
    "write_draft",
    "write_new",
]
