"""The prior that a pool leaves for the next person, as a table to be appended to a protocol."""

from __future__ import annotations

import json
import tomllib

from pydantic import ValidationError

from nof1.errors import Fault, InputError
from nof1.pooling.result.pooled_fit import PooledFit
from nof1.protocol.population_prior import PopulationPrior
from nof1.provenance import sha256_hex


def prior_text(fit: PooledFit) -> str:
    """Return the table ``[analysis.population_prior]`` of a protocol for the next person.

    Parameters
    ----------
    fit : PooledFit
        Of earlier persons.

    Raises
    ------
    InputError
        If the outcome or an arm has a name that no protocol can have, or the answer is not about
        the effect at full exposure.
    """
    if fit.bayes.estimand != "steady-state":
        what = "the answer is about differences as scheduled, a prior is of the steady-state effect"
        raise InputError(Fault("--prior-out", what, "Pool scores by day, or leave it out."))
    mixture = fit.bayes.next_person_mixture
    protocols = ", ".join(name for name in fit.conduct.protocols if name)
    digest = sha256_hex(fit.model_dump_json(by_alias=True))
    values = {
        "outcome": fit.outcome,
        "active": fit.contrast.active,
        "comparator": fit.contrast.comparator,
        "unit": fit.unit,
        "means": mixture.means,
        "sds": mixture.sds,
        "weights": mixture.weights,
        "n_persons": fit.n_persons,
        "source": f"{fit.software}: {fit.n_persons} persons pooled,"
        f"{f' {protocols},' if protocols else ''} sha256 {digest}",
    }
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    text = "\n".join(["", "[analysis.population_prior]", *lines, ""])
    _refuse_misnamed(text)
    return text


def _refuse_misnamed(text: str) -> None:
    """See that a protocol would take the table."""
    try:
        PopulationPrior.model_validate(tomllib.loads(text)["analysis"]["population_prior"])
    except ValidationError as error:
        mend = "Name outcome and arms as the protocol does: small letters, digits, hyphens."
        raise InputError(
            [
                Fault(
                    "--prior-out",
                    f"no protocol can have the {detail['loc'][0]} {detail['input']!r}",
                    mend,
                )
                for detail in error.errors(include_url=False)
            ]
        ) from error
