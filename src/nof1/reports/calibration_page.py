"""The documentation's page of measured error rates: tables and figures from the shipped files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from types import MappingProxyType

from nof1.calibration import scenarios
from nof1.calibration.answers import WIDER
from nof1.calibration.claims import MORE_THAN_ASKED, claims
from nof1.calibration.scenarios import CYCLES, EFFECT, HALF_LIFE, PERIOD_DAYS, SCORINGS, SHIFT
from nof1.calibration.self_consistency import LEVELS, STRATA, Consistency, Uniformity
from nof1.calibration.study import Findings
from nof1.calibration.table import VERDICTS, CellResult
from nof1.figures.calibration import (
    METHODS,
    OTHERS,
    coverage_figure,
    pit_figure,
    type_one_figure,
)
from nof1.figures.drawing import Picture
from nof1.protocol.tables import AnalysisPlan
from nof1.words import figures as words
from nof1.words import verdicts
from nof1.words.numbers import listed

#: Figures by their file in the folder of images.
PICTURES: Mapping[str, Callable[[Findings], Picture]] = MappingProxyType(
    {
        "calibration-pit.svg": lambda findings: pit_figure(findings.consistency),
        "calibration-coverage.svg": lambda findings: coverage_figure(findings.rows),
        "calibration-type-one.svg": lambda findings: type_one_figure(findings.rows),
    }
)
#: Numbers of cycles for which the truths are crossed in full.
CROSSED = (3, 6)
_HELPS = VERDICTS[0]


def calibration_page(findings: Findings) -> str:
    """Return the page in Markdown; the same findings give the same bytes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,  # Markdown, every word of it ours
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template("calibration.md.j2").render(
        **_set_up(findings),
        **_consistency(findings.consistency),
        **_fixed(findings),
        images=_images(findings),
    )


def pictures(findings: Findings) -> dict[str, str]:
    """Return every figure as the text of an SVG file on white, by its name."""
    return {
        name: make(findings).svg.replace("<svg ", '<svg style="background: white" ', 1) + "\n"
        for name, make in PICTURES.items()
    }


def _images(findings: Findings) -> dict[str, str]:
    """Return the Markdown of every figure, by the end of its file's name."""
    return {
        name.removeprefix("calibration-").removesuffix(".svg"): (
            f"![{make(findings).says}](images/{name})"
        )
        for name, make in PICTURES.items()
    }


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _listed(values: Sequence[float]) -> str:
    return listed([f"{value:g}" for value in values])


def _set_up(findings: Findings) -> dict[str, object]:
    return {
        "software": findings.software,
        "seed": findings.seed,
        "trials": f"{findings.trials:,}",
        "period_days": PERIOD_DAYS,
        "trend": f"{100 * scenarios.TREND:g}",
        "phi": _listed(scenarios.PHI),
        "shift": _listed(SHIFT),
        "half_life": _listed(HALF_LIFE),
        "effect": _listed(EFFECT),
        "cycles": _listed(CYCLES),
        "others": [words.METHODS[name] for name in OTHERS],
        "scorings": "\n".join(
            f"- {name.capitalize()} scores: {scoring.scale.low:g} to {scoring.scale.high:g}, "
            "noise SD "
            f"{scoring.sigma:g}, MCID {scoring.mcid:g}, {PERIOD_DAYS // scoring.every_days} a "
            "period."
            for name, scoring in SCORINGS.items()
        ),
        "claims": _table(
            ("claim", "promised", "found", ""),
            [
                (claim.what, claim.promised, claim.measured, f"**{claim.standing}**")
                for claim in claims(findings.rows, findings.consistency)
            ],
        ),
    }


# --- Truths from the priors ----------------------------------------------------------------------


def _consistency(consistency: Consistency) -> dict[str, str]:
    every = consistency["all"]
    heads = [f"{100 * level:g} %" for level in LEVELS]
    return {
        "n_sets": f"{next(iter(every.values())).n:,}",
        "consistency": _table(
            ("parameter", *heads, "Kolmogorov-Smirnov p", "chi-squared p"),
            [
                (
                    words.PARAMETERS[name],
                    *_covered(uniformity),
                    f"{uniformity.kolmogorov_p:.2g}",
                    f"{uniformity.chi_squared_p:.2g}",
                )
                for name, uniformity in every.items()
            ],
        ),
        "strata": _table(
            ("data sets", "n", *heads),
            [
                (f"{name}: {what}", f"{uniformity.n:,}", *_covered(uniformity))
                for name, what in STRATA.items()
                for uniformity in [consistency[name]["effect"]]
            ],
        ),
    }


def _covered(uniformity: Uniformity) -> list[str]:
    return [
        f"{100 * covered / uniformity.n:.2f} ({error:+.1f})"
        for covered, error in zip(uniformity.covered, uniformity.errors(), strict=True)
    ]


# --- Fixed truths --------------------------------------------------------------------------------


def _fixed(findings: Findings) -> dict[str, object]:
    crossed = [
        row
        for row in _where(findings.rows, missing=0.0, rounded=False)
        if row.cell.situation.cycles in CROSSED
    ]
    exact = [row for row in crossed if row.method == "quadrature"]
    null = [row for row in crossed if row.cell.effect == 0]
    aiming = [name for name in METHODS if name != "randomisation"]
    return {
        "coverage": _by_shift(crossed, lambda row: 100 * row.coverage, min, aiming),
        "by_half_life": _by_half_life(exact),
        "more_than_asked": f"{100 * MORE_THAN_ASKED:g}",
        "lost": _lost([row for row in findings.rows if row.method == "quadrature"]),
        "type_one": _by_shift(null, lambda row: 100 * row.rejection, max, METHODS),
        "verdicts": _verdicts(exact),
        "by_cycles": _by_cycles(findings.rows),
        "wider": _wider(findings.rows),
        "wider_priors": WIDER,
        "default_priors": AnalysisPlan().priors,
        "variants": _variants([row for row in findings.rows if row.method == "quadrature"]),
    }


def _where(rows: Iterable[CellResult], **values: object) -> list[CellResult]:
    """Return the rows of situations with these values."""
    return [
        row
        for row in rows
        if all(getattr(row.cell.situation, name) == value for name, value in values.items())
    ]


def _mean(rows: Sequence[CellResult], figure: Callable[[CellResult], float]) -> float:
    return sum(map(figure, rows)) / len(rows)


def _spread(
    rows: Sequence[CellResult],
    figure: Callable[[CellResult], float],
    worst: Callable[[Iterable[float]], float],
) -> str:
    return f"{_mean(rows, figure):.1f} ({worst(map(figure, rows)):.1f})"


def _by_shift(
    rows: Sequence[CellResult],
    figure: Callable[[CellResult], float],
    worst: Callable[[Iterable[float]], float],
    methods: Sequence[str],
) -> str:
    places = list(product(SCORINGS, SHIFT))
    body = []
    for method in methods:
        mine = [row for row in rows if row.method == method and row.ran]
        cells = [
            _spread(_where(mine, scores=scores, shift=shift), figure, worst)
            for scores, shift in places
        ]
        body.append((words.METHODS[method], *cells))
    heads = [f"{scores}, shifts {shift:g}" for scores, shift in places]
    return _table(("method", *heads), body)


def _by_half_life(exact: Sequence[CellResult]) -> str:
    body = []
    for scores, cycles, half_life in product(SCORINGS, CROSSED, HALF_LIFE):
        mine = _where(exact, scores=scores, cycles=cycles, half_life=half_life)
        cells = [
            _spread(_where(mine, shift=shift), lambda row: 100 * row.coverage, min)
            for shift in SHIFT
        ]
        width = _mean(mine, lambda row: row.width or 0.0)
        body.append((scores, str(cycles), f"{half_life:g}", *cells, f"{width:.1f}"))
    heads = [f"shifts {shift:g}" for shift in SHIFT]
    return _table(("scores", "cycles", "half-life", *heads, "width"), body)


def _lost(exact: Sequence[CellResult]) -> str:
    parts = []
    for shift in SHIFT:
        here = _where(exact, shift=shift)
        lost = sum(row.coverage > MORE_THAN_ASKED for row in here)
        parts.append(f"{lost} of {len(here)} cells with shifts of {shift:g} SD")
    return listed(parts)


def _verdicts(exact: Sequence[CellResult]) -> str:
    body = []
    for scores, cycles, effect in product(SCORINGS, CROSSED, EFFECT):
        mine = [
            row for row in _where(exact, scores=scores, cycles=cycles) if row.cell.effect == effect
        ]
        helps = _spread(mine, lambda row: 100 * row.said(_HELPS), max)
        others = [
            f"{100 * sum(row.said(code) for row in mine) / len(mine):.1f}" for code in VERDICTS[1:]
        ]
        body.append((scores, str(cycles), str(effect), helps, *others))
    heads = [verdicts.TITLES[code] for code in VERDICTS]
    return _table(("scores", "cycles", "effect, MCID", *heads), body)


def _by_cycles(rows: Sequence[CellResult]) -> str:
    usual = _where(rows, phi=0.3, shift=0.3, missing=0.0, rounded=False)
    tests = ("quadrature", "randomisation", "paired", "reml")
    body = []
    for scores, half_life, cycles in product(SCORINGS, (0.0, 7.0), CYCLES):
        here = {
            (row.method, row.cell.effect): row
            for row in _where(usual, scores=scores, half_life=half_life, cycles=cycles)
        }
        here_rows = [here[method, EFFECT[-1]] for method in tests]
        exact = [here["quadrature", effect] for effect in EFFECT]
        body.append(
            (
                scores,
                f"{half_life:g}",
                str(cycles),
                *(f"{100 * row.rejection:.0f}" if row.ran else "not run" for row in here_rows),
                f"{exact[-1].bias or 0.0:+.2f}",
                *(f"{100 * row.said(_HELPS):.1f}" for row in exact),
            )
        )
    heads = [f"found: {words.METHODS[method]}" for method in tests]
    helps = [f"helps, {effect} MCID" for effect in EFFECT]
    return _table(("scores", "half-life", "cycles", *heads, "bias", *helps), body)


def _wider(rows: Sequence[CellResult]) -> str:
    """Return the default and the wider prior side by side, in the cells where both were run."""
    places = list(product(SCORINGS, CROSSED, (0.0, 14.0)))
    hard = [row for row in rows if row.cell.is_hard]
    body = []
    for (scores, cycles, half_life), method in product(places, ("quadrature", "wider")):
        mine = [
            row
            for row in _where(hard, scores=scores, cycles=cycles, half_life=half_life)
            if row.method == method
        ]
        none, large = ([row for row in mine if row.cell.effect == effect] for effect in (0, 2))
        body.append(
            (
                scores,
                str(cycles),
                f"{half_life:g}",
                "default" if method == "quadrature" else "wider",
                *(
                    _spread(_where(mine, shift=shift), lambda row: 100 * row.coverage, min)
                    for shift in SHIFT[1:]
                ),
                f"{_mean(mine, lambda row: row.width or 0.0):.1f}",
                _spread(none, lambda row: 100 * row.said(_HELPS), max),
                f"{100 * _mean(large, lambda row: row.said(_HELPS)):.1f}",
            )
        )
    heads = [f"shifts {shift:g}" for shift in SHIFT[1:]]
    helps = ("helps, no effect", "helps, 2 MCID")
    return _table(("scores", "cycles", "half-life", "priors", *heads, "width", *helps), body)


def _variants(exact: Sequence[CellResult]) -> str:
    kinds = (
        ("as simulated", 0.0, False),
        ("30 % missing", 0.3, False),
        ("rounded and clipped", 0.0, True),
    )
    body = []
    for scores, cycles, (name, missing, rounded) in product(SCORINGS, CROSSED, kinds):
        mine = [
            row
            for row in _where(
                exact, scores=scores, cycles=cycles, phi=0.3, shift=0.3, missing=missing,
                rounded=rounded,
            )
            if row.cell.situation.half_life in (0.0, 7.0)
        ]  # fmt: skip
        most = [row for row in mine if row.cell.effect == EFFECT[-1]]
        body.append(
            (
                scores,
                str(cycles),
                name,
                f"{100 * _mean(mine, lambda row: row.coverage):.1f}",
                f"{_mean(mine, lambda row: row.width or 0.0):.1f}",
                f"{_mean(most, lambda row: row.bias or 0.0):+.2f}",
                f"{100 * _mean(most, lambda row: row.said(_HELPS)):.1f}",
            )
        )
    heads = ("scores", "cycles", "", "coverage", "width", "bias, 2 MCID", "helps, 2 MCID")
    return _table(heads, body)
