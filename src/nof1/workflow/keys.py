"""Keys of the seal, as they are given or asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nof1.design.allocation import Allocation
from nof1.design.apart import memory_said
from nof1.design.passphrase import Passphrase
from nof1.design.sealing import Identity, Recipient, open_seal
from nof1.design.stretching import LOG_N, log_n
from nof1.errors import Fault, InputError
from nof1.trial.folder import Trial
from nof1.trial.verifying import read_sealed
from nof1.workflow.progress import Tell

#: Returns the passphrase that somebody was asked for.
AskPassphrase = Callable[[], str]


def opening_key(
    passphrase: str | None,
    passphrase_file: Path | str | None,
    identity: Path | str | None,
    ask: AskPassphrase | None,
) -> Passphrase | Identity:
    """Return the key that opens a seal.

    Parameters
    ----------
    passphrase : str or None
        The passphrase itself.
    passphrase_file, identity : path or None
        File with the passphrase, or with the packer's age identity.
    ask : callable or None
        Is asked for the passphrase when none of the three was given.

    Raises
    ------
    InputError
        If more than one was given, or none and nobody can be asked.
    SealError
        If a file holds no such key.
    """
    _refuse_two(passphrase, passphrase_file, "--identity", identity)
    if identity is not None:
        return Identity.read(Path(identity))
    if passphrase_file is not None:
        return Passphrase.read(Path(passphrase_file))
    if passphrase is not None:
        return Passphrase(passphrase)
    if ask is None:
        raise InputError(
            Fault(
                "passphrase",
                "the seal does not open without it",
                "Give passphrase, passphrase_file or identity.",
            )
        )
    return Passphrase(ask())


def sealing_key(
    passphrase: str | None, passphrase_file: Path | str | None, packer: str | None
) -> Passphrase | Recipient | None:
    """Return the key of a new seal, or None when it is to be asked for."""
    _refuse_two(passphrase, passphrase_file, "--packer", packer)
    if packer is not None:
        return Recipient(packer)
    if passphrase_file is not None:
        return Passphrase.read(Path(passphrase_file))
    return None if passphrase is None else Passphrase(passphrase)


def opened_seal(trial: Trial, key: Passphrase | Identity, *, tell: Tell) -> Allocation:
    """Return what is in the seal of a trial; what opening it takes is told first."""
    sealed = read_sealed(trial)
    tell_memory(key, sealed, tell=tell)
    return open_seal(sealed, key, tell=tell)


def tell_memory(key: Passphrase | Identity, sealed: bytes, *, tell: Tell) -> None:
    """Tell how much memory opening a seal by a passphrase will take."""
    work = log_n(sealed)
    if isinstance(key, Passphrase) and work is not None:
        tell(memory_said(work))


def tell_sealing(key: Passphrase | Recipient, *, tell: Tell) -> None:
    """Tell what may keep others from giving the same passphrase, and what sealing will take."""
    if isinstance(key, Passphrase):
        for pitfall in key.pitfalls:
            tell(f"Take note: {pitfall}.")
        tell(memory_said(LOG_N))


def _refuse_two(
    passphrase: str | None, passphrase_file: Path | str | None, option: str, other: object
) -> None:
    """Raise InputError when two keys are given for one seal."""
    if passphrase is not None and passphrase_file is not None:
        what = "there is a passphrase as well"
        raise InputError(Fault("--passphrase-file", what, "Give one of the two."))
    if other is not None and (passphrase is not None or passphrase_file is not None):
        name = "--passphrase-file" if passphrase is None else "passphrase"
        raise InputError(Fault(option, f"there is a {name} as well", "Give one of the two."))
