"""The draw, sealed at once: everything is checked first, then asked, then drawn and written."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from nof1.design.passphrase import Passphrase, refuse_guessable
from nof1.design.promise import Promise, PublicDraw
from nof1.design.sealing import Recipient
from nof1.errors import Checked, Fault, InputError
from nof1.planning.facts import DesignFacts, design_facts
from nof1.protocol.above_limit import override_entry, refuse_undated_override
from nof1.protocol.eligibility import Screening, read_answers, screen
from nof1.protocol.files import find_protocol, read_protocol
from nof1.protocol.protocol import Protocol
from nof1.reports.pages.printing import refuse_unprintable
from nof1.reports.terminal.design import facts_lines
from nof1.trial.contacts import EMERGENCY, refuse_nobody
from nof1.trial.folder import Trial, refuse_taken
from nof1.trial.starting import Start, known_words, refuse_other_promise, start_trial
from nof1.workflow.asking import Asking, NobodyAsked
from nof1.workflow.clock import day_of, present
from nof1.workflow.interview import Interview
from nof1.workflow.keys import sealing_key, tell_sealing
from nof1.workflow.notes import Notes
from nof1.workflow.progress import Tell, silent
from nof1.workflow.result import JsonResult

#: How the log says that the eligibility questions were answered.
_ANSWERED_IN_A_FILE, _ANSWERED = "Answers given in a file.", "Answers given to the call."
#: A faulty first day has been noted; the rest is checked all the same.
_ANY_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Designed(JsonResult):
    """A trial that was drawn, sealed and written.

    Attributes
    ----------
    trial : Trial
        As written; it has no arm.
    facts : DesignFacts
        What its design can tell.
    opened_by : str
        Options by which the command line opens its seal; empty where a passphrase is asked for.
    notes : tuple of str
        What is to be known of its start, its doses and its key.
    """

    trial: Trial
    facts: DesignFacts
    opened_by: str
    notes: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows: what was made, and what comes next."""
        trial, schedule = self.trial, self.trial.schedule
        rows = [
            ("Trial", str(trial.folder)),
            ("Person", schedule.participant),
            ("Days", f"{schedule.start} to {schedule.end} ({schedule.n_days} days)"),
            *([("Run-in", "{} to {}".format(*schedule.run_in))] if schedule.run_in else []),
            ("Period 1", f"from {schedule.periods[0].first_day}"),
            (
                "Commitment",
                f"{trial.commitment[:12]} (on every page: shows if order, plan or dates change)",
            ),
        ]
        yield "The order is drawn and sealed."
        yield from (f"  {name:<12}{text}" for name, text in rows)
        yield ""
        yield "Next"
        folder = shlex.quote(str(trial.folder))
        yield f"  nof1 print {folder}"
        yield f"  nof1 pack {folder} --out DIR{self.opened_by}    (the packer alone)"
        yield (
            "  Give one printed page to somebody else today; `nof1 verify` can compare it later."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the new trial as the JSON object of ``nof1 design --json``."""
        trial = self.trial
        return {
            "schema": "nof1.design/1",
            "trial": str(trial.folder),
            "participant": trial.schedule.participant,
            "protocol": trial.protocol.name,
            "protocol_digest": trial.protocol_digest,
            "start": trial.schedule.start.isoformat(),
            "end": trial.schedule.end.isoformat(),
            "commitment": trial.commitment,
            "head": trial.head,
            "sealed_for": trial.entries[1].body["sealed_for"],
            "limit_override": override_entry(trial.protocol),
            **self.facts.to_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """Everything that was given, checked; None is what is to be asked for."""

    text: str
    protocol: Protocol
    facts: DesignFacts
    start: Start
    key: Passphrase | Recipient | None
    known: tuple[str, ...]
    screening: Screening | None
    how: str
    public: PublicDraw | None


def design(
    protocol: str,
    *,
    out: Path | str,
    start: date | str,
    participant: str,
    passphrase: str | None = None,
    passphrase_file: Path | str | None = None,
    packer: str | None = None,
    answers: Path | str | Mapping[str, str] | None = None,
    clinician: str = "",
    contact: Sequence[str] = (),
    emergency: str | None = None,
    promise: Path | str | None = None,
    public_number: str | None = None,
    asking: Asking | None = None,
    tell: Tell = silent,
) -> Designed:
    """Randomise, seal and write a trial folder. Nobody learns the order.

    Parameters
    ----------
    protocol : str
        Path of a protocol file, or name of a bundled protocol.
    out : path
        Trial folder to make.
    start : date or str
        First day.
    participant : str
        Code of the person, such as P01; never a name.
    passphrase, passphrase_file, packer : str, path, str
        What the seal is made with: a passphrase, the file of one, or the packer's public age key.
    answers : mapping, path or None
        ``"yes"`` or ``"no"`` by the code of every eligibility question, or a TOML file of them.
    clinician : str
        Clinician who agrees to the start.
    contact : sequence of str
        Whom to call, a line each on every page; care and research need one.
    emergency : str or None
        Emergency number, for the pages.
    promise, public_number : path, str
        File of `nof1.workflow.promise.promise`, and the number named after it, with its source.
    asking : Asking or None
        Asks somebody for what is not given, and to go on; without it nobody is asked.
    tell : callable
        Gets every note as it comes up.

    Raises
    ------
    InputError
        With everything that is wrong or missing; nothing was drawn and nothing written then. Also
        when an answer refuses the trial.
    """
    notes, asked = Notes(tell), asking or NobodyAsked()
    ready = _checked(
        protocol,
        out=Path(out),
        start=start,
        participant=participant,
        key=partial(sealing_key, passphrase, passphrase_file, packer),
        has_key=not (passphrase is None and passphrase_file is None and packer is None),
        answers=answers,
        clinician=clinician,
        contacts=(contact,) if isinstance(contact, str) else tuple(contact),
        emergency=EMERGENCY if emergency is None else emergency,
        promise=None if promise is None else Path(promise),
        public_number=public_number,
        asking=asked,
    )
    asked.go_on(facts_lines(ready.protocol, ready.facts))
    _note_past(ready.protocol, ready.start.first_day, notes)
    eligibility = _screened(ready, clinician, asked, notes)
    key = ready.key or Passphrase(asked.passphrase(partial(_refuse_easy, known=ready.known)))
    tell_sealing(key, tell=notes)
    trial = start_trial(
        ready.start,
        protocol_text=ready.text,
        key=key,
        eligibility=eligibility,
        now=datetime.now(UTC),
        public=ready.public,
    )
    if promise is not None:
        _use_up(Path(promise), notes)
    return Designed(
        trial=trial,
        facts=ready.facts,
        opened_by=_opened_by(passphrase_file, packer),
        notes=tuple(notes.texts),
    )


def _checked(
    protocol: str,
    *,
    out: Path,
    start: date | str,
    participant: str,
    key: Callable[[], Passphrase | Recipient | None],
    has_key: bool,
    answers: Path | str | Mapping[str, str] | None,
    clinician: str,
    contacts: tuple[str, ...],
    emergency: str,
    promise: Path | None,
    public_number: str | None,
    asking: Asking,
) -> _Ready:
    """Return what was given, or raise everything that is wrong with it."""
    checked, today = Checked(), present().date()
    path = checked(lambda: find_protocol(str(protocol)))
    planned = checked(lambda: read_protocol(path)) if path else None
    facts = checked(lambda: design_facts(planned)) if planned else None
    first_day = checked(lambda: day_of("--start", start))
    begun = checked(
        lambda: Start(
            folder=out,
            participant=participant,
            first_day=first_day or _ANY_DAY,
            contacts=contacts,
            emergency=emergency,
        )
    )
    if planned is not None:
        checked(lambda: refuse_unprintable(str(protocol), planned.model_dump(mode="json")))
        checked(lambda: refuse_nobody(planned, contacts))
        checked(lambda: refuse_undated_override(planned, today))
    if begun is not None:
        checked(lambda: refuse_unprintable("contact", list(begun.contacts)))
        checked(lambda: refuse_unprintable("emergency", begun.emergency))
    checked(lambda: refuse_taken(out))
    sealing = checked(key)
    known = known_words(begun, planned)
    if isinstance(sealing, Passphrase):
        checked(lambda: refuse_guessable(sealing, known=known))
    public = checked(lambda: _public_draw(promise, public_number, participant, path))
    answered = checked(lambda: _answered(answers))
    screening = None
    if planned is not None and answered is not None:
        judge = partial(screen, clinician=clinician, today=today, first_day=first_day)
        screening = checked(lambda: judge(planned.eligibility, answered))
    unanswered = 0 if planned is None or answers is not None else len(planned.eligibility)
    checked.faults += asking.faults(unanswered=unanswered, has_key=has_key)
    if path is None or planned is None or facts is None or begun is None or checked.faults:
        raise InputError(checked.faults)
    return _Ready(
        text=path.read_bytes().decode("utf-8-sig"),
        protocol=planned,
        facts=facts,
        start=begun,
        key=sealing,
        known=known,
        screening=screening,
        how=_ANSWERED if isinstance(answers, Mapping) else _ANSWERED_IN_A_FILE,
        public=public,
    )


def _answered(answers: Path | str | Mapping[str, str] | None) -> Mapping[str, str] | None:
    """Return the answers that were given, read from their file if they are in one."""
    if answers is None or isinstance(answers, Mapping):
        return answers
    return read_answers(Path(answers))


def _public_draw(
    promise: Path | None, number: str | None, participant: str, protocol: Path | None
) -> PublicDraw | None:
    """Return the promise with the number that was named after it, or None without both."""
    if promise is None and number is None:
        return None
    if promise is None or number is None:
        what = "a promise and the number named after it go together"
        raise InputError(
            Fault("--public-number", what, "Give both --promise FILE and --public-number TEXT.")
        )
    made = Promise.read(promise)
    if protocol is not None:
        refuse_other_promise(made, participant, protocol.read_bytes().decode("utf-8-sig"))
    return PublicDraw(promise=made, number=number)


def _note_past(protocol: Protocol, first_day: date, notes: Notes) -> None:
    """Note what pages and reports will say of a first day that has passed."""
    today = present().date()
    if first_day >= today:
        return
    first_dose = first_day + timedelta(days=protocol.design.run_in_days)
    if first_dose > today:
        notes(
            f"Take note: {first_day} is in the past; the booklet says so. Period 1 begins on "
            f"{first_dose}, after the draw."
        )
        return
    notes(
        f"Take note: {first_day} is in the past; log, pages and reports say that the order was "
        "drawn after it."
    )


def _screened(ready: _Ready, clinician: str, asking: Asking, notes: Notes) -> dict[str, Any]:
    """Return the body of the eligibility entry; a concern that stands in the way refuses."""
    questions = ready.protocol.eligibility
    if not questions:
        return {"answers": {}, "concerns": [], "clinician": clinician, "how": "Nothing to ask."}
    screening, how = ready.screening, ready.how
    if screening is None:
        interview = Interview(
            questions=questions,
            clinician=clinician,
            today=present().date(),
            first_day=ready.start.first_day,
        )
        screening = asking.eligibility(interview).screening()
        how = "Asked one by one."
    if screening.refusals:
        notes("The trial was not started; nothing was drawn and nothing was written.")
        raise InputError(screening.refusals)
    for concern in screening.concerns:
        notes(f"Take note ({concern.level}): {concern.advice}")
    for code, day in screening.waits.items():
        notes(f"Take note ({code}): from {day} on the wait is over, if it begins today; logged.")
    waits = {code: day.isoformat() for code, day in screening.waits.items()}
    return {
        "answers": dict(screening.answers),
        "concerns": [concern.code for concern in screening.concerns],
        "clinician": screening.clinician,
        "how": how,
        **({"waits": waits} if waits else {}),
    }


def _refuse_easy(typed: str, *, known: tuple[str, ...]) -> None:
    """Raise SealError when a typed text is no passphrase, or one that others could guess."""
    refuse_guessable(Passphrase(typed), known=known)


def _opened_by(passphrase_file: Path | str | None, packer: str | None) -> str:
    """Return the options by which the command line opens a seal; a passphrase is asked for."""
    if passphrase_file is not None:
        return f" --passphrase-file {shlex.quote(str(passphrase_file))}"
    return "" if packer is None else " --identity FILE"


def _use_up(promise: Path, notes: Notes) -> None:
    """Delete the file of a promise: from now on whoever has it knows the order."""
    try:
        promise.unlink()
    except OSError as error:
        what = f"{promise} could not be deleted ({error.strerror or error})"
        notes(f"Take note: {what}. Delete it, and every copy: whoever has it knows the order.")
        return
    notes(f"{promise} was deleted. Delete every copy of it: whoever has one knows the order.")
