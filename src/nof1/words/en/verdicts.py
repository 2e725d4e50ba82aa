"""English: each verdict as it is said to a clinician."""

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
