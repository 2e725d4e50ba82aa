"""Speed and memory, as ratios within one run, written to docs/benchmarks.md.

    python benchmarks/run.py

Ratios carry over to other computers; seconds do not.
"""

from __future__ import annotations

import os
import platform
import tempfile
from pathlib import Path

from processes import Run, median, run
from threads import one_thread

from nof1.protocol.files import find_protocol, read_protocol
from nof1.provenance import software

REPEATS = 5
ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
DAILY = ROOT / "tests" / "reference" / "data" / "c_irls_daily.csv"


def design_and_print(folder: Path) -> Run:
    """From the protocol to every page without an arm: two commands."""
    secret = folder / "secret.txt"
    secret.write_text("a passphrase for the benchmark\n")
    answers = folder / "answers.toml"
    answers.write_text(
        "".join(
            f'{question.code} = "{"no" if question.concern == "yes" else "yes"}"\n'
            for question in read_protocol(find_protocol("magnesium-rls")).eligibility
        )
    )
    runs = []
    for number in range(REPEATS):
        trial = str(folder / f"trial-{number}")
        made = run(
            *("design", "magnesium-rls", "--out", trial, "--start", "2026-01-05"),
            *("--participant", "P01", "--passphrase-file", str(secret), "--contact", "Dr Lee"),
            *("--answers", str(answers), "--yes"),
        )
        printed = run("print", trial)
        runs.append(
            Run(
                made.wall + printed.wall,
                made.processor + printed.processor,
                max(made.memory, printed.memory),
            )
        )
    return median(runs)


def commands() -> dict[str, Run]:
    """Measure whole commands in fresh processes."""
    table = ["analyse", str(DAILY), "--scale", "0:10", "--mcid", "1", "--json"]
    run("--help")  # compiles the sources' byte code, which every user pays for once
    run(*table)
    rows = {
        "nof1 --help": median([run("--help") for _ in range(REPEATS)]),
        EXACT: median([run(*table) for _ in range(REPEATS)]),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name in SAMPLED:
            rows[name] = run(*table, "--engine", "nuts", fresh=Path(folder))
        rows["nof1 design and print, magnesium-rls"] = design_and_print(Path(folder))
    return rows


EXACT = "nof1 analyse, 168 scores, all engines but nuts"
SAMPLED = (
    "nof1 analyse, 168 scores, nuts alone, first time on a computer",
    "nof1 analyse, 168 scores, nuts alone, again",
)


def page() -> str:
    """Measure everything and return the page."""
    # First, while this process is small: a new process starts with its parent's peak of memory.
    rows = commands()
    import network

    arms = network.measure()
    import frequentist
    import pooling
    import posterior
    import series

    speed = posterior.measure()
    compared = (
        frequentist.sign_flips(chunk=2**20),
        frequentist.sign_flips(),
        frequentist.autoregression(),
    )
    p_seconds, interval_seconds = frequentist.most_cycles()
    pools = pooling.measure()
    stages = series.measure()
    exact = rows[EXACT]
    lines = [
        "# Speed",
        "",
        "Written by `make bench`, all in one run. Ratios carry over to other computers, seconds do"
        " not.",
        f"{software()}, Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        "## The exact posterior",
        "",
        f"{posterior.PEOPLE} simulated persons of 168 daily scores, a tenth missing, no two alike;"
        " posterior of the",
        "effect, of the difference as scheduled and of each parameter, with intervals and numerical"
        " error.",
        "PyMC samples the same model of one person, 4 chains of 1,000 draws after as many for"
        " tuning, on two cores;",
        "its time is that of sampling alone, without import and compilation.",
        "",
        "| what | ms | PyMC's sampling takes |",
        "|---|---|---|",
        f"| one person alone, one core | {1e3 * speed.alone:.2f} |"
        f" {speed.sampling / speed.alone:,.0f} times as long |",
        f"| a person of many, one core | {1e3 * speed.together:.2f} |"
        f" {speed.sampling / speed.together:,.0f} times the wall,"
        f" {speed.sampling_processor / speed.together:,.0f} times the processor |",
        f"| a person of many, two cores | {1e3 * speed.two:.2f} |"
        f" {speed.sampling / speed.two:,.0f} times the wall |",
        f"| PyMC, sampling alone | {1e3 * speed.sampling:,.0f} | |",
        "",
        f"- Throughput of one core: {speed.persons_per_second:,.0f} persons a second; two cores:"
        f" {speed.together / speed.two:.2f} times that.",
        f"- The means differ by {speed.apart:.1f} Monte Carlo standard errors of the sampler.",
        "",
        "## Frequentist engines",
        "",
        "| what | ours | theirs | ratio | answers differ by |",
        "|---|---|---|---|---|",
        *(
            f"| {one.name} | {1e6 * one.ours:.2g} µs | {1e3 * one.theirs:.3g} ms |"
            f" {one.ratio:,.0f} | {one.agreement:.1g} {one.unit} |"
            for one in compared
        ),
        "",
        f"- 40 cycles: exact p-value in {p_seconds:.2f} s, exact interval in"
        f" {interval_seconds:.2f} s.",
        "",
        "## Pooling",
        "",
        f"{pools.persons:,} persons, no two alike, each contribution with its likelihood and cycle"
        " differences.",
        "",
        *pooling.lines_of(pools),
        "",
        f"{stages.persons} persons with 168 daily scores each, in two stages and in one stage with"
        f" {series.CHAINS} chains of {series.DRAWS:,} draws after",
        "as many for tuning; half-lives by the protocol's prior, which is the same model.",
        "",
        *series.lines_of(stages),
        "",
        "Pools of three arms, from tables of weekly scores on, as whole commands:",
        "",
        *network.lines_of(arms),
        "",
        "## Whole commands, each in a process of its own",
        "",
        "| command | wall s | CPU s | MB |",
        "|---|---|---|---|",
        *(
            f"| {name} | {one.wall:.2f} | {one.processor:.2f} | {one.memory:.0f} |"
            for name, one in rows.items()
        ),
        "",
        *(
            f"- {name.rsplit(', ', 1)[1].capitalize()}, nuts alone takes"
            f" {rows[name].wall / exact.wall:.0f} times the wall and"
            f" {rows[name].processor / exact.processor:.0f} times the CPU of all the others"
            " together."
            for name in SAMPLED
        ),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page and print it."""
    text = page()
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    one_thread()
    main()
