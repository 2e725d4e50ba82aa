"""``nof1 design``: the draw, sealed at once."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nof1.cli.app import app, note, say
from nof1.cli.options import given_date, present
from nof1.cli.plan import JsonOption, ProtocolArgument
from nof1.errors import Checked, Fault, InputError, SealError

if TYPE_CHECKING:
    from nof1.design.passphrase import Passphrase
    from nof1.design.promise import PublicDraw
    from nof1.design.sealing import Recipient
    from nof1.planning import DesignFacts
    from nof1.protocol.eligibility import Screening
    from nof1.protocol.protocol import Protocol
    from nof1.protocol.safety import EligibilityQuestion
    from nof1.trial.folder import Trial


@app.command("design")
def design(
    protocol: ProtocolArgument,
    out: Annotated[Path, typer.Option("--out", metavar="TRIAL", help="Trial folder to make.")],
    start: Annotated[str, typer.Option(metavar="DATE", help="First day, such as 2026-03-02.")],
    participant: Annotated[
        str, typer.Option(metavar="CODE", help="Code of the person, such as P01; never a name.")
    ],
    passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File with the passphrase of the seal.")
    ] = None,
    packer: Annotated[
        str | None,
        typer.Option(metavar="AGE-RECIPIENT", help="Public age key of the packer: age1..."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="TOML file of answers to the eligibility questions."),
    ] = None,
    clinician: Annotated[
        str, typer.Option(metavar="NAME", help="Clinician who agrees to the start.")
    ] = "",
    contact: Annotated[
        list[str] | None,
        typer.Option(
            metavar='"NAME, PHONE"',
            help="Whom to call, on every page (repeatable); care and research need one.",
        ),
    ] = None,
    emergency: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Emergency number, for the pages.")
    ] = None,
    promise: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File of `nof1 promise`: a redraw would show."),
    ] = None,
    public_number: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The number named after the promise, and its source."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Go on with this design; answers nothing else.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Randomise, seal and write the trial folder. Nobody learns the order.

    First it says what the design can tell and asks to go on (or --yes). Then it asks the
    eligibility questions one by one (or --answers; `nof1 protocols answers` makes the file).
    Without --passphrase-file or --packer it asks for a passphrase.

    \b
    nof1 design magnesium-rls --out trial-p01 --start 2026-03-02 --participant P01 \\
      --contact "Dr Berg, 044 555 01 02" --emergency 112
    """
    from nof1.design.passphrase import Passphrase, refuse_guessable
    from nof1.planning import design_facts
    from nof1.protocol.above_limit import refuse_undated_override
    from nof1.protocol.eligibility import read_answers, screen
    from nof1.protocol.files import find_protocol, read_protocol
    from nof1.reports.pages import refuse_unprintable
    from nof1.trial.contacts import EMERGENCY, refuse_nobody
    from nof1.trial.folder import refuse_taken
    from nof1.trial.starting import Start, known_words, start_trial

    tell = note if as_json else say
    checked = Checked()
    contacts = tuple(contact or ())
    path = checked(lambda: find_protocol(protocol))
    planned = checked(lambda: read_protocol(path)) if path else None
    facts = checked(lambda: design_facts(planned)) if planned else None
    first_day = checked(lambda: given_date("--start", start))
    begun = checked(
        lambda: Start(
            folder=out,
            participant=participant,
            # A faulty date has been noted; the rest is checked all the same.
            first_day=first_day or date(2026, 1, 1),
            contacts=contacts,
            emergency=EMERGENCY if emergency is None else emergency,
        )
    )
    if planned is not None:
        checked(lambda: refuse_unprintable(protocol, planned.model_dump(mode="json")))
        checked(lambda: refuse_nobody(planned, contacts))
        checked(lambda: refuse_undated_override(planned, present().date()))
    if begun is not None:
        checked(lambda: refuse_unprintable("contact", list(begun.contacts)))
        checked(lambda: refuse_unprintable("emergency", begun.emergency))
    checked(lambda: refuse_taken(out))
    key = checked(lambda: _given_key(passphrase_file, packer))
    known = known_words(begun, planned)
    if isinstance(key, Passphrase):
        words = key
        checked(lambda: refuse_guessable(words, known=known))
    public = checked(lambda: _public_draw(promise, public_number, participant, path))
    given = checked(lambda: read_answers(answers)) if answers else None
    screening = None
    if planned is not None and given is not None:
        screening = checked(
            lambda: screen(
                planned.eligibility,
                given,
                clinician=clinician,
                today=present().date(),
                first_day=first_day,
            )
        )
    if not sys.stdin.isatty():
        sealed = passphrase_file is not None or packer is not None
        n = 0 if planned is None or answers is not None else len(planned.eligibility)
        checked(lambda: _refuse_silence(protocol, yes=yes, unanswered=n, has_key=sealed))
    if path is None or planned is None or facts is None or begun is None or checked.faults:
        raise InputError(checked.faults)

    _confirm_facts(planned, facts, tell, yes=yes)
    _say_past(planned, begun.first_day, present().date())
    eligibility = _screened(planned.eligibility, screening, clinician, begun.first_day)
    key = key or _asked_passphrase(known)
    if isinstance(key, Passphrase):
        _say_sealing(key)
    trial = start_trial(
        begun,
        protocol_text=path.read_bytes().decode("utf-8-sig"),
        key=key,
        eligibility=eligibility,
        now=datetime.now(UTC),
        public=public,
    )
    if promise is not None:
        _use_up(promise)
    if as_json:
        say(json.dumps(_summary(trial, facts), ensure_ascii=False))
    else:
        _say_what_next(trial, packer, passphrase_file)


def _given_key(passphrase_file: Path | None, packer: str | None) -> Passphrase | Recipient | None:
    """Return the key of the seal, or None when it is to be asked for."""
    from nof1.design.passphrase import Passphrase
    from nof1.design.sealing import Recipient

    if passphrase_file is not None and packer is not None:
        raise InputError(
            Fault("--packer", "there is a --passphrase-file as well", "Give one of the two.")
        )
    if packer is not None:
        return Recipient(packer)
    return None if passphrase_file is None else Passphrase.read(passphrase_file)


def _public_draw(
    promise: Path | None, number: str | None, participant: str, protocol: Path | None
) -> PublicDraw | None:
    """Return the promise with the number that was named after it, or None without both."""
    from nof1.design.promise import Promise, PublicDraw
    from nof1.trial.starting import refuse_other_promise

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


def _use_up(promise: Path) -> None:
    """Delete the file of a promise: from now on whoever has it knows the order."""
    try:
        promise.unlink()
    except OSError as error:
        what = f"{promise} could not be deleted ({error.strerror or error})"
        note(f"Take note: {what}. Delete it, and every copy: whoever has it knows the order.")
        return
    note(f"{promise} was deleted. Delete every copy of it: whoever has one knows the order.")


def _refuse_silence(protocol: str, *, yes: bool, unanswered: int, has_key: bool) -> None:
    """Raise if something would have to be asked and nobody is there to answer."""
    faults = []
    if not yes:
        faults.append(Fault("--yes", "nobody can be asked to go on", "Add --yes."))
    if unanswered:
        faults.append(
            Fault(
                "--answers",
                f"nobody can be asked the {unanswered} eligibility questions, and --yes does not "
                "answer them",
                f"Run `nof1 protocols answers {shlex.quote(protocol)} > answers.toml`, fill it in "
                "and add --answers answers.toml.",
            )
        )
    if not has_key:
        faults.append(
            Fault(
                "--passphrase-file",
                "nobody can be asked for the passphrase",
                "Give --passphrase-file FILE or --packer AGE-RECIPIENT.",
            )
        )
    if faults:
        raise InputError(faults)


def _confirm_facts(
    protocol: Protocol, facts: DesignFacts, tell: Callable[[str], None], *, yes: bool
) -> None:
    """Say what the design can tell and ask to go on."""
    from nof1.cli.design_facts import facts_lines

    for line in facts_lines(protocol, facts):
        tell(line)
    tell("")
    if not yes and not typer.confirm("Go on with this design?", default=None, err=True):
        note("Nothing was drawn and nothing was written.")
        raise typer.Exit(0)


def _say_past(protocol: Protocol, first_day: date, today: date) -> None:
    """Say what pages and reports will say of a first day that has passed."""
    if first_day >= today:
        return
    first_dose = first_day + timedelta(days=protocol.design.run_in_days)
    if first_dose > today:
        note(
            f"Take note: {first_day} is in the past; the booklet says so. Period 1 begins on "
            f"{first_dose}, after the draw."
        )
        return
    note(
        f"Take note: {first_day} is in the past; log, pages and reports say that the order was "
        "drawn after it."
    )


def _screened(
    questions: tuple[EligibilityQuestion, ...],
    given: Screening | None,
    clinician: str,
    first_day: date,
) -> dict[str, Any]:
    """Return the body of the eligibility entry; a concern that stands in the way refuses."""
    from nof1.cli.eligibility import asked_screening, refused_by

    if not questions:
        return {"answers": {}, "concerns": [], "clinician": clinician, "how": "Nothing to ask."}
    if given is None:
        screening, how = (
            asked_screening(
                questions, clinician=clinician, today=present().date(), first_day=first_day
            ),
            "Asked one by one.",
        )
    else:
        screening, how = given, "Answers given in a file."
    if screening.refusals:
        raise refused_by(screening)
    for concern in screening.concerns:
        note(f"Take note ({concern.level}): {concern.advice}")
    for code, day in screening.waits.items():
        note(f"Take note ({code}): from {day} on the wait is over, if it begins today; logged.")
    waits = {code: day.isoformat() for code, day in screening.waits.items()}
    return {
        "answers": dict(screening.answers),
        "concerns": [concern.code for concern in screening.concerns],
        "clinician": screening.clinician,
        "how": how,
        **({"waits": waits} if waits else {}),
    }


def _say_sealing(key: Passphrase) -> None:
    """Say what may keep others from giving the same passphrase, and what sealing will take."""
    from nof1.design.apart import memory_said
    from nof1.design.stretching import LOG_N

    for pitfall in key.pitfalls:
        note(f"Take note: {pitfall}.")
    note(memory_said(LOG_N))


def _asked_passphrase(known: tuple[str, ...]) -> Passphrase:
    """Return a passphrase typed twice without echo; one that will not do is asked for again."""
    from nof1.design.passphrase import Passphrase, refuse_guessable

    note("The passphrase seals the order. Keep it from everybody who must not know the order.")
    while True:
        typed = typer.prompt(
            "Passphrase", hide_input=True, confirmation_prompt="Once more", err=True
        )
        try:
            passphrase = Passphrase(typed)
            refuse_guessable(passphrase, known=known)
            return passphrase
        except SealError as error:
            note(str(error))


def _summary(trial: Trial, facts: DesignFacts) -> dict[str, Any]:
    """Return the JSON object of a new trial."""
    from dataclasses import asdict

    from nof1.protocol.above_limit import override_entry

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
        **asdict(facts),
    }


def _say_what_next(trial: Trial, packer: str | None, passphrase_file: Path | None) -> None:
    """Say what was made and which commands follow."""
    schedule, folder = trial.schedule, shlex.quote(str(trial.folder))
    # A passphrase that was typed is asked for again.
    opened_by = " --identity FILE" if packer else ""
    if passphrase_file is not None:
        opened_by = f" --passphrase-file {shlex.quote(str(passphrase_file))}"
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
    say("The order is drawn and sealed.")
    for name, text in rows:
        say(f"  {name:<12}{text}")
    say("")
    say("Next")
    say(f"  nof1 print {folder}")
    say(f"  nof1 pack {folder} --out DIR{opened_by}    (the packer alone)")
    say("  Give one printed page to somebody else today; `nof1 verify` can compare it later.")
