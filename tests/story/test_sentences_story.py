"""Every page of varied trials, read sentence by sentence against the facts of log and design.

Each sentence about dose, blind, commitment, adherence or events is either an instruction or head,
or a claim whose truth is worked out anew from the trial's files; there is none besides.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from html import unescape

import pytest

from nof1.reports.clinician.report import clinician_html
from nof1.reports.person.page import person_page
from support.naive_conduct import Conduct
from support.printed import n_pages, texts
from support.varied_trials import CASES, Case, pages, told

#: What makes a sentence one of those that are looked at.
ABOUT = re.compile(
    r"emergency:|emergency note|blind|mask|seal|commitment|drawn|order|opened|could be told"
    r"|\btold\b|known|knew|hidden|dose|taken|side effect|severe|record|written down|wrote|guess"
    r"|missing|ended|easier|less hard"
    r"|hold no|take no magnesium",
    re.IGNORECASE,
)
#: Heads, instructions and definitions, which claim nothing of this trial.
NO_CLAIM = [
    r"(Side effects?|Side effects (this week|during)|Recorded|Sealed|Unsealed|Order)",
    r"(Commitment|The blind|What is taken|Missed( a)? doses?:?|Doses taken:?|not recorded)",
    r"(Opened early:?|What could not be told)",
    r"(Blinding, as (kept|planned)|Done as planned|Guess \(sure, 0-10\)|If you miss a dose:)",
    r"(Scores used, missing|What was promised before the draw|Opened by|severe|Taken:|Doses? ?:?)",
    r"(Decision rule, fixed before the draw|Side effects to look at first|As recorded)",
    r"Sealed as .*",
    r"(UID|SUMMARY|DESCRIPTION|DTSTART|X-).*",
    r".*(today's dose, kit|open envelope|start kit).*",
    r"(Do not open|Open it on|Open on|Fold |Stick |Keep |[Ww]rite down|Tell nobody|Do the ).*",
    r"What else went on .*",
    r"(A guess is fine\.|0 = just a guess|How to take it)",
    r"Inside, write down who opened it, when and why\.",
    r"Take the medicine as you were told to.*",
    r".*(emergency notes? where|same with the emergency notes|Fold each emergency).*",
    r"(Emergency notes|.*call .*emergency number.*)",
    r"(the first day of each period, when a new|open only the emergency note of the) .*",
    r"(It and the commitment are what|With fewer than \d+ periods an index of blinding) .*",
    r"(A sealed note says what it holds\.|Then seal\.|Each note is sealed\.)",
    r"(Rare or late side effects:|Other doses, forms and times of day were not compared\.)",
    r"(If other doses or forms would help|How much of a difference comes from knowing the arm:)",
    r"(What came from just knowing what you had|Whether the order was drawn once:)",
    r"Whether protocol, schedule and order are those of the draw:",
    r"Whether an entry was changed or left out,",
    r"The day somebody wrote by hand beside printed digits is what dates them\.",
    r"(period  doses recorded  taken|period +side effect .*|missing \w+:|Scores recorded of .*)",
    r"(missed doses by treatment policy|mean share, and days recorded\.)",
    r"The booklet asks once a week: .*|counted are the weeks with an entry\.",
    r"It takes scores as independent.*|.*takes the differences between period means.*",
    r"phi is taken as .*|.*(negative correlation|random order|by chance alone).*",
    r"(?:.*, )?(the digits (at the foot|written down)|see `nof1 verify`|the last one says most).*",
    r"(It was not compared with paper:|No receipt was compared:|who holds the folder could).*",
    r"a draw that was thrown away leaves no trace\.",
    r"The unsealing checks the allocation against it\.",
    r"Of these, .*|It holds what all periods need, .*|so the other kits stay blinded\.",
    r"(The two|Two) .* of the person's own .*",
    r".*most often taken as the smallest that matters\.|magnesium-dose .*",
    r"from side effects, from the effect itself, or by chance\.",
    r".*[Tt]he (lower|higher) dose of magnesium.*",
    r"If they are missing because of how the person felt, the answer may be wrong\.",
    r"(Each|In each) (arm|cycle) .*|the \d+ orders in which all cycles are alike .*",
    r"\d+ orders were possible, each equally likely\.",
]  # fmt: skip


class Facts(Conduct):
    """The facts with the words in which dates stand on pages."""

    @staticmethod
    def day(day: date) -> str:
        return f"{day:%a} {day.day} {day:%b} {day.year}"

    @property
    def until(self) -> str:
        return "the end" if self.unsealed >= self.end else f"{self.day(self.unsealed)}, before"

    @property
    def beyond_chance(self) -> bool:
        right, wrong, _ = self.guesses
        return right > (right + wrong) / len(self.arms)


def _numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", text)]


def _opening(f: Facts, m: re.Match) -> dict:
    return next(one for one in f.openings if one["period"] == int(m["n"]))


def _of_one(f: Facts) -> list[tuple[list[int], list[int]]]:
    """Return for every period and arm what opening it alone tells."""
    return [
        f.told({n: arm})
        for n in range(1, len(f.periods) + 1)
        for arm in f.labels
        if any(word[n - 1] == arm for word in f.orders)
    ]


def _mates_alone(f: Facts) -> bool:
    k = len(f.arms)
    return all(
        f.told({n: arm})[0] == [o for o in range(1, len(f.periods) + 1)
                                if o != n and (o - 1) // k == (n - 1) // k]
        for n in range(1, len(f.periods) + 1) for arm in f.labels
    )  # fmt: skip


def _ahead(f: Facts) -> bool:
    """Return whether the last period of each cycle, and no other, always follows from the past."""
    always = [
        n for n in range(2, len(f.periods) + 1)
        if all(len({o[n - 1] for o in f.orders if o[: n - 1] == word[: n - 1]}) == 1
               for word in f.orders)
    ]  # fmt: skip
    k = len(f.arms)
    return always == list(range(k, len(f.periods) + 1, k))


def _no_magnesium_somewhere(f: Facts) -> bool:
    holds = ["magnesium" in arm for arm in f.arms]
    return any(holds) and not all(holds)


def _doses(f: Facts) -> list[dict]:
    return f.bodies("dose")


def _severe(f: Facts, m: re.Match) -> bool:
    return any(
        (one["event"], one["date"], f.period_of(one["date"])) == (m["event"], m["day"], int(m["n"]))
        and ("arm" not in m.groupdict() or not m["arm"]
             or m["arm"].startswith(f.labels[f.sequence[int(m["n"]) - 1]].split("{")[0]))
        for one in f.severe
    )  # fmt: skip


#: Claims: a sentence, and whether it is so.
CLAIMS = [
    # When the order was drawn
    (r"The order was drawn by chance and sealed before day one, on (?P<day>.*)\.",
     lambda f, m: f.drawn_place(f.start) == "before" and m["day"] == f.day(f.drawn.date())),
    (r"The order was drawn by chance and sealed on (?P<day>.*)\.",
     lambda f, m: f.drawn_place(f.start) != "before" and m["day"] == f.day(f.drawn.date())),
    (r"The order was drawn by chance\.",
     lambda f, _: f.drawn_place(f.first_dose) != "after"),
    (r"The order was drawn by chance on (?P<day>.*)\.",
     lambda f, m: f.drawn_place(f.first_dose) == "after" and m["day"] == f.day(f.drawn.date())),
    (r"The sequence was drawn at random, sealed and logged under the commitment (?P<c>.*) on "
     r"(?P<day>.*) at 09:30 UTC, (?P<place>before|within a day of|after) the first dose.*\.",
     lambda f, m: m["day"] == f.day(f.drawn.date())
     and f.bodies("design")[0]["commitment"].startswith(m["c"].replace(" ", ""))
     and {"before": "before", "around": "within a day of", "after": "after"}[
         f.drawn_place(f.first_dose)] == m["place"]),
    (r"Commitment (?P<c>\w{16})\.\.\., logged on (?P<day>.*) at 09:30 UTC, (?P<n>\d+) days? before "
     r"the first dose(?P<late>, after the run-in had begun)?",
     lambda f, m: f.drawn_place(f.first_dose) == "before"
     and (f.first_dose - f.drawn.date()).days == int(m["n"])
     and f.bodies("design")[0]["commitment"][:16] == m["c"]
     and m["day"] == f.day(f.drawn.date())
     and bool(m["late"]) == (f.drawn_place(f.start) == "after")),
    (r"Commitment \w{16}\.\.\., logged on .*, within a day of the first dose \((?P<day>.*)\)",
     lambda f, m: f.drawn_place(f.first_dose) == "around" and m["day"] == f.day(f.first_dose)),
    (r"Commitment \w{16}\.\.\., logged on .*, (?P<n>\d+) days after the first dose was due",
     lambda f, m: (f.drawn.date() - f.first_dose).days == int(m["n"])),
    (r"The order was drawn and sealed on (?P<day>\S+), (?P<n>\d+) days after the first dose was "
     r"due \((?P<dose>\S+)\):",
     lambda f, m: m["day"] == str(f.drawn.date()) and m["dose"] == str(f.first_dose)
     and (f.drawn.date() - f.first_dose).days == int(m["n"])
     and f.drawn_place(f.first_dose) == "after"),
    (r"nothing shows that what was taken before that day followed a drawn order\.",
     lambda f, _: f.drawn_place(f.first_dose) == "after"),
    (r"the unsealed allocation was verified against it\.|its order, kits and seed agree with .*|"
     r"allocation\.age is the seal that the log names\.|The order, .*",
     lambda f, _: f.bodies("unseal")[0]["commitment"] == f.bodies("design")[0]["commitment"]),
    (r"The commitment in the log begins (?P<c>.*)\.",
     lambda f, m: f.bodies("design")[0]["commitment"].startswith(m["c"].replace(" ", ""))),
    (r"As logged when the seal was opened on (?P<day>\S+):",
     lambda f, m: m["day"] == str(f.unsealed)),
    # Who is masked, as planned
    (r"Double-blind:|kits are filled by .*", lambda f, _: f.mode == "double-blind"),
    (r"Masked:", lambda _f, _: True),  # by whom is checked below
    (r"Not masked:", lambda f, _: not {"person", "clinician", "assessor", "analyst"}
     <= {*f.masked, *(["person"] if f.mode != "double-blind" else [])}),
    (r"the person opens one envelope a period, and knows the arm from then on\.|A card told you .*",
     lambda f, _: f.mode == "concealed"),
    (r"nothing is hidden from the person\.", lambda f, _: f.mode == "open"),
    (r"Whoever knows the periods before can tell the last period of each cycle|"
     r"the others stay hidden\.", lambda f, _: _ahead(f)),
    (r"You knew what you had\.|the person knew it, so any benefit is .*",
     lambda f, _: "person" not in f.masked),
    (r"Nobody is masked in this trial.*|This sheet says what every period holds\.",
     lambda f, _: not f.masked and f.mode != "concealed"),
    (r"To break it in an emergency:", lambda f, _: bool(f.masked)),
    (r"To see in an emergency what a period holds, open its .*", lambda f, _: not f.masked),
    (r"This sheet breaks the blind\.", lambda f, _: f.masked or f.mode == "concealed"),
    # What an opening tells
    (r"So few orders are possible that this tells every other period as well\.",
     lambda f, _: all(len(certain) == len(f.periods) - 1 for certain, _ in _of_one(f))),
    (r"That also tells the other period of its cycle(?P<h>, and makes all others easier to guess)?"
     r"(; all others stay sealed)?\.",
     lambda f, m: _mates_alone(f) and bool(m["h"]) == any(hints for _, hints in _of_one(f))),
    (r"That makes other periods easier to guess\.",
     lambda f, _: any(hints for _, hints in _of_one(f))
     and not any(certain for certain, _ in _of_one(f))),
    # What became of the blind
    (r"You and your clinic were not told which was which until (?P<until>.*)\.",
     lambda f, m: {"person", "clinician"} <= set(f.masked) and m["until"].startswith(f.until)
     and f.protocol["purpose"] != "self"),
    (r"You were not told which was which until (?P<until>.*)\.",
     lambda f, m: "person" in f.masked and m["until"].startswith(f.until)
     and ("clinician" not in f.masked or f.protocol["purpose"] == "self")),
    (r"Your clinic may have known( too)?\.", lambda f, _: "clinician" not in f.masked),
    (r"Your clinic was not told until (?P<until>.*)\.",
     lambda f, m: "clinician" in f.masked and m["until"].startswith(f.until)),
    (r"But period (?P<n>\d+) was opened early, on (?P<day>.*)\.",
     lambda f, m: f.day(_opening(f, m)["day"]) == m["day"]),
    (r"(Opened early: )?[Pp]eriod (?P<n>\d+)( was opened early)?, on (?P<day>\S+), by (?P<by>.*) "
     r"\((reason:|(?P<why>.*)\)\.)",
     lambda f, m: str(_opening(f, m)["day"]) == m["day"] and _opening(f, m)["by"] == m["by"]),
    (r"its arm was known from then on\.", lambda f, _: bool(f.openings)),
    (r"From (it|that),? (one could tell what )?periods? (?P<n>[\d, and]+)"
     r"( held| could be told for certain)\.",
     lambda f, m: _numbers(m["n"]) in [one["certain"] for one in f.openings]),
    (r"It also made periods? (?P<n>[\d, and]+) easier to guess\.",
     lambda f, m: _numbers(m["n"]) in [one["likelier"] for one in f.openings]),
    (r"The others were then less hard to guess\.",
     lambda f, _: any(one["likelier"] for one in f.openings)),
    (r"Of (?P<all>\d+) periods (?P<n>\d+) could be known early:",
     lambda f, m: [int(m["all"]), int(m["n"])] == [len(f.periods), len(f.known_early)]),
    (r"The log shows that nothing was opened until the unsealing on (?P<day>.*?)"
     r"(?P<early>, before the planned end .*)?\.",
     lambda f, m: not f.openings and f.day(f.unsealed) == m["day"]
     and bool(m["early"]) == (f.unsealed < f.end)),
    (r"The log shows no opening for those who are masked until the unsealing on (?P<day>.*)\.",
     lambda f, m: not f.openings and f.mode != "double-blind" and f.day(f.unsealed) == m["day"]),
    (r"The log shows no opening of the others until the unsealing on (?P<day>.*)\.",
     lambda f, m: 0 < len(f.known_early) < len(f.periods) and f.day(f.unsealed) == m["day"]),
    (r"The whole allocation was opened on (?P<day>\S+), before the planned end .*",
     lambda f, m: m["day"] == str(f.unsealed) and f.unsealed < f.end),
    (r"The trial (was )?ended (early, )?on (?P<day>.*?)"
     r"(, before its planned end \((?P<end>\S+)\).*)?\.?",
     lambda f, m: f.locked < f.end and m["day"] in (str(f.locked), f.day(f.locked))
     and m["end"] in (None, str(f.end))),
    (r"Scores planned after that day are counted as missing\.", lambda f, _: f.locked < f.end),
    (r"The trial is locked and unsealed\.", lambda f, _: bool(f.unsealed)),
    # Guesses
    (r"The person guessed the arm of (?P<r>\d+) of (?P<n>\d+) periods? right(, unsure of \d+)?",
     lambda f, m: [int(m["r"]), int(m["n"])] == [f.guesses[0], sum(f.guesses[:2])]),
    (r"guessing by chance gets (?P<x>\S+) right on average\.|"
     r"By chance it would be about (?P<y>\S+)\.",
     lambda f, m: float(m["x"] or m["y"]) == sum(f.guesses[:2]) / len(f.arms)),
    (r"The person was unsure of the arm in all of (?P<n>\d+) guesses\.",
     lambda f, m: f.guesses == (0, 0, int(m["n"]))),
    (r"You guessed (?P<r>\d+) of (?P<n>\d+) periods right\.",
     lambda f, m: f.beyond_chance and int(m["r"]) == f.guesses[0]),
    (r"So you may have known what you had\.|The person may have known the arms:",
     lambda f, _: f.beyond_chance),
    (r"No guess of the arm is on record .*|Whether the blind held:|no guess that could tell is .*",
     lambda f, _: "person" in f.masked and sum(f.guesses) == 0),
    (r"Guesses are recorded for periods? (?P<n>.*)\.",
     lambda f, m: _numbers(m["n"]) == [one["period"] for one in f.bodies("guess")]),
    (r"No guess is recorded for periods? (?P<n>.*)\.",
     lambda f, m: "person" in f.masked
     and not {*_numbers(m["n"])} & {one["period"] for one in f.bodies("guess")}),
    # Doses
    (r"No dose is on record:|whether it was done as planned is not known|no dose was written down|"
     r"No doses are recorded\.|Whether doses were taken as planned:|none is on record\.|"
     r"nothing is on record\.|the analysis takes every day as assigned\.|If you kept to the plan:",
     lambda f, _: not _doses(f)),
    (r"Some periods may hold no magnesium\.|In some periods you may take no magnesium\.",
     lambda f, _: _no_magnesium_somewhere(f)),
    (r"You are not told which\.", lambda f, _: "person" in f.masked),
    (r"For (?P<n>\d+) of these periods, nothing was written down\.",
     lambda f, m: int(m["n"]) == len(f.begun) - len(f.told_of) > 0),
    (r"(?P<n>\d+) of (?P<all>\d+) expected scores are missing\.",
     lambda f, m: int(m["all"]) - int(m["n"])
     == sum(one["outcome"] == "irls" for one in f.bodies("score"))),
    (r"Scores are missing more often on .*", lambda f, _: f.locked < f.end),
    # Side effects
    (r"Side effect, (?P<s>\w+)(?P<flag>, a sign to stop at once)?:",
     lambda f, m: any(("none", "mild", "moderate", "severe")[one["severity"]] == m["s"]
                      and bool(m["flag"]) == one["flag"] for one in f.severe)),
    (r"(?P<event>.*), recorded on (?P<day>\S+) \(period (?P<n>\d+)(, during (?P<arm>.*))?\)\.",
     _severe),
    (r"(?P<event>.*), recorded on (?P<day>\S+) \(outside the periods\)\.",
     lambda f, m: any((one["event"], one["date"]) == (m["event"], m["day"])
                      and f.period_of(one["date"]) is None for one in f.severe)),
    (r"Nothing is on record on side effects, .*|No side effects are recorded\.|"
     r"None were written down\.", lambda f, _: not f.bodies("event")),
    (r"None were written down in the periods\.",
     lambda f, _: any(one["severity"] for one in f.bodies("event"))
     and all(f.period_of(one["date"]) is None for one in f.bodies("event") if one["severity"])),
    (r"You wrote down that you had none\.|(?P<n>\d+) records? on side effects, each saying .*",
     lambda f, _: f.bodies("event") and not any(one["severity"] for one in f.bodies("event"))),
    (r"none written down", lambda f, _: any(one["severity"] for one in f.bodies("event"))),
    (r"1 week, severe|(\d+|outside) +\w[\w ]+ +\d+ +\d+ +severe",
     lambda f, _: any(one["severity"] == 3 for one in f.bodies("event"))),
    # Emergency notes are checked one by one below
    (r"Opening this note ends the blind for .*|It makes .* easier to guess\.|"
     r"Nobody is masked in this trial: this note says what the period holds\.", lambda _f, _: True),
]  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Return what gives a trial by its name, its facts, and the words of its pages; made once."""

    @cache
    def trial(name):
        one = told(CASES[name], tmp_path_factory.mktemp("trial") / "trial")
        return one, Facts(one.trial.folder), pages(one)

    return trial


@pytest.fixture(params=CASES)
def read(request, library):
    return library(request.param)


def sentences(words: str, quoted: list[str]) -> list[str]:
    """Return the sentences of a page, without what the protocol says in its own words."""
    for text in quoted:
        words = words.replace(text, "~")
    found = re.split(r"(?<=[.:;!?])\s+|\n|;(?=\s)|• ?", words)
    return [one.strip(" ~!-;") for one in found if ABOUT.search(one)]


def own_words(one) -> list[str]:
    protocol = one.trial.protocol
    quoted = [
        text
        for part in (protocol.regimen, protocol.estimand, protocol.safety, protocol.eligibility)
        for text in texts(
            [p.model_dump(mode="json") for p in (part if isinstance(part, tuple) else (part,))]
        )
    ]
    quoted += [protocol.title, protocol.question, protocol.rationale, protocol.blinding.similarity]
    for arm in protocol.arms:
        quoted += [arm.card, arm.contents, arm.product, protocol.taken(arm)]
    names = [name for arm in protocol.arms for name in (arm.label, arm.plain)]
    events = {*protocol.safety.side_effects, *protocol.safety.red_flags}
    return sorted(
        {text.rstrip(".") for text in quoted if len(text) > 12} - set(names) - events,
        key=len,
        reverse=True,
    )


def test_every_sentence_is_so(read):
    one, facts, words = read
    unknown, false = [], []
    quoted = own_words(one)
    for page, said in words.items():
        for sentence in sentences(said, quoted):
            if any(re.fullmatch(pattern, sentence) for pattern in NO_CLAIM):
                continue
            claims = [
                (claim, match) for pattern, claim in CLAIMS
                if (match := re.fullmatch(pattern, sentence))
            ]  # fmt: skip
            if not claims:
                unknown.append((page, sentence))
            elif not all(claim(facts, match) for claim, match in claims):
                false.append((page, sentence))
    assert false == []
    assert unknown == []


def listed(parts) -> str:
    parts = [str(part) for part in parts]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def test_what_happened_is_said_on_every_page_it_belongs_to(read):
    one, facts, words = read
    report, person = words["report"], words["person"]
    for page in (words["clinician's pages"], report):
        assert f"Masked: {listed(facts.masked) if facts.masked else 'nobody'}." in page
    assert ("may hold no magnesium" in words["booklet"]) == (
        _no_magnesium_somewhere(facts) and facts.mode == "double-blind"
    )
    for opening in facts.openings:
        said = f"Period {opening['period']} was opened early, on {opening['day']}"
        assert any(warning.startswith(said) for warning in one.warnings)
        assert report.count(said) == 2
        assert f"period {opening['period']} was opened early" in person
        assert f"Opened early: period {opening['period']}" in words["check"]
    if facts.known_early:
        known = facts.known_early
        name = f"period {known[0]}" if len(known) == 1 else f"periods {listed(known)}"
        assert f"could be known early: {name}." in report
    late = facts.drawn_place(facts.first_dose) == "after"
    assert late == ("The order was drawn and sealed on" in report)
    assert (facts.locked < facts.end) == ("before its planned end" in report)
    assert (facts.locked < facts.end) == ("The trial ended early" in person)
    assert (facts.unsealed < facts.end) == ("The whole allocation was opened on" in report)
    assert (not _doses(facts)) == ("No dose is on record" in report)
    right, wrong, _ = facts.guesses
    if "person" in facts.masked and right + wrong:
        assert f"guessed the arm of {right} of {right + wrong} periods right" in report
    assert facts.beyond_chance == ("So you may have known what you had" in person)


def test_side_effects_are_counted_in_weeks_and_the_severe_stand_first(read):
    one, facts, words = read
    first = [line for line in one.warnings if line.startswith("Side effect, ")]
    assert list(one.warnings[: len(first)]) == first
    assert len(first) == len({(s["event"], s["severity"]) for s in facts.severe})
    assert (len(first) > 0) == ("Side effects to look at first" in words["report"])
    for line in first:
        # Before the verdict, and in the report's warnings.
        assert words["report"].index(line) < words["report"].index("We cannot tell")
    if facts.severe:
        worst = facts.severe[0]["event"]
        before = words["person"].index("You had ")
        assert worst in words["person"]
        assert words["check"].splitlines().index(f"! {_blind_line(facts)}") < 8
        assert before >= 0
    events = {
        one["event"]
        for one in facts.bodies("event")
        if one["severity"] and facts.period_of(one["date"])
    }
    for event in events:
        lines = words["person"].split("Side effects during", 1)[1].splitlines()
        cells = lines[lines.index(event) + 1 :][: len(facts.labels)]
        for cell, arm in zip(cells, one.story.data.arms, strict=True):
            weeks = facts.weeks(event, arm)
            assert cell.startswith("none" if not weeks else f"{weeks} week"), (event, arm)
    assert not re.search(r"\d+ days?, (mild|moderate|severe)", words["report"])


def _blind_line(facts: Facts) -> str:
    worst = facts.severe[0]
    day, period = worst["date"], facts.period_of(worst["date"])
    where = f"period {period}" if period else "outside the periods"
    return f"Side effect, severe: {worst['event']}, recorded on {day} ({where})."


def test_every_emergency_note_says_what_opening_it_tells(read):
    _, facts, words = read
    notes = words["emergency notes"].split("Open only in an emergency")[1:]
    assert len(notes) == len(facts.periods)
    for number, note in enumerate(notes, start=1):
        ways = [
            facts.told({number: arm})
            for arm in facts.labels
            if any(word[number - 1] == arm for word in facts.orders)
        ]
        certain = sorted(set.intersection(*(set(sure) for sure, _ in ways)))
        touched = {n for sure, hints in ways for n in (*sure, *hints)} - set(certain)
        if not facts.masked:
            assert "Nobody is masked in this trial" in note
            continue
        assert ("for this period alone" in note) == (not certain and not touched)
        assert ("easier to guess" in note) == bool(touched)
        if certain:
            name = f"period {certain[0]}" if len(certain) == 1 else f"periods {listed(certain)}"
            assert f"for this period and for {name}, which can be told from it" in note


#: Two trials that differ in one fact: the page, what it says with it, and what without.
TURNS = [
    ("opened", "person", "period 3 was opened early", None),
    ("opened", "report", "From it period 4 could be told for certain.", "nothing was opened"),
    ("stopped early", "report", "The trial was ended on 2026-03-26", None),
    ("stopped early", "person", "The trial ended early", None),
    ("stopped early", "person", "each in 2 periods.", "each in 3 periods."),
    ("ended at a switch", "person", "in 1 period and", "each in 3 periods."),
    ("nothing for a time", "person", "For 2 of these periods, nothing was written down.", None),
    ("before the periods", "person", "None were written down in the periods.", None),
    ("before the periods", "person", "bad, Tue 3 Mar 2026, not in a period.", None),
    ("by card", "report", "no opening for those who are masked", "nothing was opened"),
    ("unsealed early", "person", "until Sat 28 Mar 2026, before the planned end", "until the end."),
    ("drawn late", "booklet", "That was after day one.", "sealed before day one"),
    ("drawn late", "clinician's pages", "after the first dose was due", "before the first dose"),
    ("drawn late", "report", "12 days after the first dose was due", "10 days before the first"),
    ("drawn late", "person", "By then, the first period had begun.", "drawn by chance. You"),
    ("drawn on the day", "report", "within a day of the first dose", "10 days before the first"),
    ("no doses", "report", "No dose is on record", "100 %, 7 days"),
    ("no doses", "person", "no dose was written down", None),
    ("no doses", "check", "No doses are recorded.", "7/7 days"),
    ("half the doses", "report", "43 %, 7 days", "100 %, 7 days"),
    ("side effects", "person", "2 weeks", "None were written down"),
    ("no side effects", "person", "You wrote down that you had none.", "None were written down"),
    ("no side effects", "report", "2 records on side effects, each saying", "Nothing is on record"),
    ("severe", "person", "Look at this first\nVomiting: bad", None),
    ("severe", "report", "Side effect, severe: Vomiting", None),
    ("guessed right", "report", "guessed the arm of 6 of 6 periods right", "No guess of the arm"),
    ("guessed wrong", "report", "guessed the arm of 0 of 6 periods right", "No guess of the arm"),
    ("never sure", "report", "unsure of the arm in all of 6", "No guess of the arm"),
    ("two cycles", "clinician's pages", "this tells every other period as well", "easier to guess"),
    ("any order", "clinician's pages", "That makes other periods easier", "the other period of"),
    ("clinician knows", "person", "Your clinic may have known.", "You and your clinic were not"),
    ("clinician knows", "packing sheet", "away from the person until", "the analyst until"),
    ("nobody to call", "person", "by chance. You were not told which", "You and your clinic were"),
    ("hours", "booklet", "0 to 7 hours", None),
    ("hours", "clinician's pages", "0 to 7 hours; higher is better", None),
]


@pytest.mark.parametrize(("name", "page", "said", "instead"), TURNS)
def test_turning_one_fact_turns_the_sentence(name, page, said, instead, library):
    turned, plain = library(name)[2][page], library("plain")[2][page]
    assert said in turned
    assert said not in plain
    if instead is not None:
        assert instead in plain
        assert instead not in turned


@pytest.mark.parametrize("name", ["severe", "opened twice", "unsealed early", "three arms"])
def test_the_pages_are_set_with_all_of_it(name, library):
    one, _, _ = library(name)
    assert n_pages(person_page(one.story, paper="letter")) == 1
    html = unescape(clinician_html(one.story)).replace("\N{NO-BREAK SPACE}", " ")
    assert all(warning in html for warning in one.warnings)


def test_the_case_table_varies_what_it_says():
    assert len(CASES) >= 20
    assert all(isinstance(case, Case) for case in CASES.values())
