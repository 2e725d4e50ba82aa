"""Reading and writing files so that nothing is lost, half-written, or written elsewhere.

What is written goes into a draft first: a new file under a random name in the same folder, forced
to the disk and read back. It takes its place by one rename. No symbolic link is followed.

`drafts`     drafts: what is written under another name first, and takes its place by one rename
`locks`      one writer of a folder at a time: by the system's lock, and by a file of its own
`names`      names of drafts: random, and telling whether the program that wrote one still runs
`new_file`   a new file: written as a whole or not at all, and never over another one
`reading`    reading a file that must lie where it is named: no link to another place, no device
`replacing`  writing several files of a folder: all of them or none, and nothing of anybody else's
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
