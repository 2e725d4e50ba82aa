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
