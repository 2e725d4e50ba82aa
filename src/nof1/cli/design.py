"""``nof1 design``: the draw, sealed at once."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nof1.cli.app import app, note, say
from nof1.cli.given import Checked, given_date
from nof1.cli.plan import JsonOption, ProtocolArgument
from nof1.errors import Fault, InputError, SealError, visible

if TYPE_CHECKING:
    from nof1.design.passphrase import Passphrase
    from nof1.design.sealing import Recipient
    from nof1.planning import DesignFacts
    from nof1.protocol.eligibility import Screening
    from nof1.protocol.protocol import Protocol
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
    yes: Annotated[bool, typer.Option("--yes", help="Go on without asking.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Randomise, seal and write the trial folder. Nobody learns the order.

    First it says what the design can tell and asks to go on; then it asks the eligibility
    questions. Without --passphrase-file or --packer it asks for a passphrase.

    \b
    nof1 design magnesium-rls --out trial-p01 --start 2026-03-02 --participant P01 \\
      --contact "Dr Berg, 044 555 01 02" --emergency 112
    """
    from nof1.design.passphrase import Passphrase, refuse_guessable
    from nof1.planning import design_facts
    from nof1.protocol.eligibility import read_answers
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
    if begun is not None:
        checked(lambda: refuse_unprintable("contact", list(begun.contacts)))
        checked(lambda: refuse_unprintable("emergency", begun.emergency))
    checked(lambda: refuse_taken(out))
    key = checked(lambda: _given_key(passphrase_file, packer))
    known = known_words(begun, planned)
    if isinstance(key, Passphrase):
        words = key
        checked(lambda: refuse_guessable(words, known=known))
    given = checked(lambda: read_answers(answers)) if answers else None
    if path is None or planned is None or facts is None or begun is None or checked.faults:
        raise InputError(checked.faults)
    if not sys.stdin.isatty():
        _refuse_silence(planned, yes=yes, answered=given is not None, has_key=key is not None)

    _confirm_facts(planned, facts, tell, yes=yes)
    if begun.first_day < datetime.now().astimezone().date():
        note(f"Take note: {begun.first_day} is in the past; the log shows when this was drawn.")
    eligibility = _eligibility(planned, given, clinician, tell, yes=yes)
    key = key or _asked_passphrase(known)
    if isinstance(key, Passphrase):
        _say_sealing(key)
    trial = start_trial(
        begun,
        protocol_text=path.read_bytes().decode("utf-8-sig"),
        key=key,
        eligibility=eligibility,
        now=datetime.now(UTC),
    )
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


def _refuse_silence(protocol: Protocol, *, yes: bool, answered: bool, has_key: bool) -> None:
    """Raise if something would have to be asked and nobody is there to answer."""
    faults = []
    if not yes:
        faults.append(Fault("--yes", "nobody can be asked to go on", "Add --yes."))
    if not (yes or answered) and protocol.eligibility:
        faults.append(
            Fault(
                "--answers",
                f"nobody can be asked the {len(protocol.eligibility)} eligibility questions",
                "Give their answers in a file.",
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
    if not yes and _ask("Go on with this design?") == "no":
        note("Nothing was drawn and nothing was written.")
        raise typer.Exit(0)


def _eligibility(
    protocol: Protocol,
    given: dict[str, str] | None,
    clinician: str,
    tell: Callable[[str], None],
    *,
    yes: bool,
) -> dict[str, Any]:
    """Return the body of the eligibility entry; a concern that stands in the way refuses."""
    from nof1.protocol.eligibility import screen

    questions = protocol.eligibility
    if given is None and yes:
        how = (
            "The prescriber confirmed by --yes, without being asked, that none of the "
            f"{len(questions)} eligibility questions stands in the way."
        )
        tell(f"{how}\n")
        return {"answers": {}, "concerns": [], "clinician": clinician, "how": how}
    how = "Asked one by one." if given is None else "Answers given in a file."
    answers = _asked_answers(protocol) if given is None else given
    screening = screen(questions, answers, clinician=clinician)
    if given is None and screening.at("clinician") and not clinician:
        note("Some answers need a clinician to agree.")
        named = typer.prompt("Name of the clinician who agrees (- for nobody)", err=True)
        screening = screen(questions, answers, clinician="" if named.strip() == "-" else named)
    if screening.refusals:
        note("The trial was not started; nothing was drawn and nothing was written.")
        raise InputError(screening.refusals)
    return _screened(screening, how)


def _screened(screening: Screening, how: str) -> dict[str, Any]:
    for concern in screening.concerns:
        note(f"Take note ({concern.level}): {concern.advice}")
    return {
        "answers": dict(screening.answers),
        "concerns": [concern.code for concern in screening.concerns],
        "clinician": screening.clinician,
        "how": how,
    }


def _asked_answers(protocol: Protocol) -> dict[str, str]:
    """Return the person's answers, asked one by one."""
    questions = protocol.eligibility
    note(f"{len(questions)} questions before the draw.")
    answers = {}
    for number, question in enumerate(questions, start=1):
        answers[question.code] = _ask(f"{number}/{len(questions)}  {question.question}")
        if answers[question.code] == question.concern:
            note(f"      {question.advice}")
    note("")
    return answers


def _ask(question: str) -> str:
    """Return yes or no."""
    return "yes" if typer.confirm(visible(question), default=None, err=True) else "no"


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

    return {
        "schema": "nof1.design/1",
        "trial": str(trial.folder),
        "participant": trial.schedule.participant,
        "protocol": trial.protocol.name,
        "protocol_digest": trial.protocol_digest,
        "start": trial.schedule.start.isoformat(),
        "end": trial.schedule.end.isoformat(),
        "commitment": trial.commitment,
        "sealed_for": trial.entries[1].body["sealed_for"],
        **asdict(facts),
    }


def _say_what_next(trial: Trial, packer: str | None, passphrase_file: Path | None) -> None:
    """Say what was made and which commands follow."""
    schedule, folder = trial.schedule, shlex.quote(str(trial.folder))
    opened_by = "--identity FILE" if packer else "--passphrase-file FILE"
    if passphrase_file is not None:
        opened_by = f"--passphrase-file {shlex.quote(str(passphrase_file))}"
    rows = [
        ("Trial", str(trial.folder)),
        ("Person", schedule.participant),
        ("Days", f"{schedule.start} to {schedule.end} ({schedule.n_days} days)"),
        *([("Run-in", "{} to {}".format(*schedule.run_in))] if schedule.run_in else []),
        ("Period 1", f"from {schedule.periods[0].first_day}"),
        ("Commitment", f"{trial.commitment[:12]} (on every page: proof that the order was fixed)"),
    ]
    say("The order is drawn and sealed.")
    for name, text in rows:
        say(f"  {name:<12}{text}")
    say("")
    say("Next")
    say(f"  nof1 print {folder}")
    say(f"  nof1 pack {folder} --out DIR {opened_by}    (the packer alone)")
