"""English: each verdict as it is said to clinicians and researchers, and the rule it rests on."""

from __future__ import annotations

TITLES: dict[str, str] = {
    "helps-meaningfully": "helps meaningfully",
    "helps-perhaps-too-little": "helps, perhaps too little to matter",
    "no-meaningful-difference": "makes no meaningful difference",
    "makes-worse": "makes worse",
    "cannot-tell": "we cannot tell",
}
OF_ARM = "{active} {title}"
REASON, PLAIN = "{said}: {reason}.", "{said}."
NO_END = "{said}, and more of the same would not settle it soon."
MORE_ONE = "{said}. About 1 more cycle like these would be needed."
MORE = "{said}. About {n} more cycles like these would be needed."

# --- Of a pool -----------------------------------------------------------------------------------

ON_THESE = "Verdict on these persons{pair}: {said}."
ON_BOTH = "Verdict on the persons who had both{pair}: {said}."
ON_NEXT = "Verdict on the next person{pair}: {said}."
OF_PAIR = " ({active} against {comparator})"
SIZES = "better by enough to matter {meaningful}, a difference too small to matter {trivial}, "
RULE = (
    "It takes a chance of at least: {sizes}better at all {better}, worse at all {worse}. {source}"
)
RULE_FROM: dict[str, str] = {
    "question": "The question fixed this rule.",
    "protocols": "The persons' protocols fixed this rule.",
    "strictest": "The persons' protocols have different rules; this is the strictest of each part.",
    "default": "This is the default rule: neither a protocol nor the question fixed one.",
}
NO_VERDICT = (
    "There is no verdict in this file, which an earlier version of nof1 made: pool the persons"
    " again for one."
)

#: The next person, in a report of a pool.
POOLED_NEXT: dict[str, str] = {
    "helps-meaningfully": (
        "The next person {will} do better with {active} than with {comparator}, by enough to "
        "matter."
    ),
    "helps-perhaps-too-little": (
        "The next person {will} do better with {active} than with {comparator}, but perhaps by "
        "too little to matter."
    ),
    "no-meaningful-difference": (
        "For the next person, {active} and {comparator} {are} about the same: if one is better, "
        "it is by too little to matter."
    ),
    "makes-worse": "The next person {will} do worse with {active} than with {comparator}.",
    "cannot-tell": (
        "We cannot tell whether the next person will do better or worse with {active} than with "
        "{comparator}."
    ),
}
#: These very persons.
POOLED_THESE: dict[str, str] = {
    "helps-meaningfully": (
        "On average these {persons} did better with {active} than with {comparator}, by enough "
        "to matter."
    ),
    "helps-perhaps-too-little": (
        "On average these {persons} did better with {active} than with {comparator}, but perhaps "
        "by too little to matter."
    ),
    "no-meaningful-difference": (
        "On average these {persons} did about the same with {active} and with {comparator}: if "
        "one is better, it is by too little to matter."
    ),
    "makes-worse": "On average these {persons} did worse with {active} than with {comparator}.",
    "cannot-tell": (
        "We cannot tell whether these {persons} did better or worse on average with {active} "
        "than with {comparator}."
    ),
}
#: The same verdict where the rule leaves no doubt about the direction.
POOLED_LITTLE = (
    "On average these {persons} did a little {better} with {active} than with {comparator}, but "
    "by too little to matter."
)
#: Without a smallest difference that matters nothing can be said of size.
POOLED_UNSIZED = ", but perhaps by too little to matter"
