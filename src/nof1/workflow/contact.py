"""Whom the person can call, changed while the trial runs."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nof1.reports.pages.printing import refuse_unprintable
from nof1.trial.contacts import PRINTED, change_contacts, outdated_pages
from nof1.trial.folder import open_trial
from nof1.trial.log import Entry
from nof1.workflow.clock import present
from nof1.workflow.receipts import receipt_said
from nof1.workflow.result import ShownResult


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ContactsChanged(ShownResult):
    """Whom to call from now on.

    Attributes
    ----------
    entry : Entry
        As it stands in the log.
    contacts : tuple of str
        A line each.
    emergency : str
        The emergency number.
    folder : Path
        The trial folder.
    printed : Path
        The folder of its pages.
    outdated_pages : tuple of str
        Files in it that are older than this change.
    unsealed : bool
        Whether the trial is over, so that reports and no pages are to be made again.
    """

    entry: Entry
    contacts: tuple[str, ...]
    emergency: str
    folder: Path
    printed: Path
    outdated_pages: tuple[str, ...]
    unsealed: bool

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield f"Whom to call from now on: {'; '.join(self.contacts)}. {self.receipt}"
        yield f"In an emergency: {self.emergency}."
        folder = shlex.quote(str(self.folder))
        if self.outdated_pages:
            yield f"Older than this change, in {self.printed}: {', '.join(self.outdated_pages)}."
        if self.unsealed:
            yield (
                f"Reports made before keep the old contact. Make them again: nof1 report {folder}"
            )
            return
        yield "Pages and labels already handed out keep the old contact. Print them again:"
        yield f"  nof1 print {folder}"
        yield f"  nof1 pack {folder} --out DIR    (the packer alone: labels, emergency notes)"

    @property
    def receipt(self) -> str:
        """Return the words to write down."""
        return receipt_said(self.entry)


def contact(
    trial: Path | str,
    contacts: Sequence[str] = (),
    *,
    by: str,
    reason: str,
    emergency: str | None = None,
) -> ContactsChanged:
    """Change whom to call, on pages printed from now on; the change is logged.

    Parameters
    ----------
    trial : path
        The trial folder.
    contacts : sequence of str
        All lines from now on; none leaves them as they are.
    by, reason : str
        Who changes it, and why.
    emergency : str or None
        Emergency number from now on; None leaves it as it is.

    Raises
    ------
    TrialError
        If a line cannot be printed, nothing would change, or it is not said who and why.
    """
    folder = Path(trial)
    opened = open_trial(folder)
    lines = [contacts] if isinstance(contacts, str) else list(contacts)
    # Characters the font lacks are a fault of their own; the others are found below.
    texts = [*lines, *([] if emergency is None else [emergency])]
    refuse_unprintable("contact", [text for text in texts if text.isprintable()])
    entry = change_contacts(opened, lines, emergency=emergency, by=by, reason=reason, now=present())
    changed = open_trial(folder)
    return ContactsChanged(
        entry=entry,
        contacts=changed.contacts,
        emergency=changed.emergency,
        folder=folder,
        printed=folder / PRINTED,
        outdated_pages=outdated_pages(changed, folder / PRINTED),
        unsealed=changed.allocation is not None,
    )
