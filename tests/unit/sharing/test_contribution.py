import json
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from nof1.sharing.contribution import Contribution, json_schema, json_schema_text
from nof1.sharing.forms import AGE_BANDS, age_band
from support.shared_persons import contributed

PUBLISHED = Path(__file__).parents[3] / "docs" / "contribution-1.schema.json"
SCORES = {"day": [1, 2, 3], "score": [4, None, 5], "periods": [[1, 2, 1, 0], [3, 4, 1, 1]]}
WHOLE = {"level": "scores", "cycle_differences": {"magnesium": [-2.0]}, "scores": SCORES}

COARSE = {
    "level": "coarse",
    "likelihood": {
        "means": [[-1.0]],
        "covariances": [[0.5]],
        "log_weights": [0.0],
        "added_noise": {"means": 0.1, "log_sds": 0.05},
    },
}


@pytest.mark.parametrize(
    ("years", "band"),
    [(0, "0-17"), (17, "0-17"), (18, "18-29"), (29, "18-29"), (30, "30-39"), (59, "50-59"),
     (60, "60-69"), (89, "80-89"), (90, "90+"), (109, "90+")],
)  # fmt: skip
def test_an_age_has_its_band(years, band):
    assert age_band(years) == band


def test_bands_are_without_gaps():
    assert [*dict.fromkeys(age_band(years) for years in range(121))] == list(AGE_BANDS)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        COARSE,
        {"level": "cycles", "cycle_differences": {"magnesium": [-1.5, -2]}},
        WHOLE | {"about": {"age_band": "50-59", "iron": "low"}},
    ],
)
def test_what_is_written_is_read_again_and_fits_the_schema(changes):
    found = contributed(**changes)
    assert Contribution.model_validate_json(found.text()) == found
    assert Contribution.model_validate_json(found.text()).text() == found.text()
    assert "\n" not in found.text()
    jsonschema.Draft202012Validator(json_schema()).validate(json.loads(found.text()))


def test_the_published_schema_is_that_of_the_code():
    published = PUBLISHED.read_text(encoding="utf-8")
    assert published == json_schema_text()
    jsonschema.Draft202012Validator.check_schema(json.loads(published))


BARE = {"recorded": 1, "taken": {"placebo": 1}}
PROTOCOL = {"name": "magnesium-rls", "version": "1.0", "digest": "ab" * 32}
OUTCOME = json.loads(contributed().text())["outcome"]
REFUSED = {
    "differences at level likelihood": (
        {"cycle_differences": {"magnesium": [1.0]}},
        "not shared at the level likelihood",
    ),
    "differences at level coarse": (
        COARSE | {"cycle_differences": {"magnesium": [1.0]}},
        "not shared at the level coarse",
    ),
    "noise at level likelihood": (
        COARSE | {"level": "likelihood"},
        "likelihood.added_noise: belongs to the level coarse, and to it alone",
    ),
    "level coarse without noise": (
        {"level": "coarse"},
        "likelihood.added_noise: belongs to the level coarse, and to it alone",
    ),
    "scores at level cycles": (WHOLE | {"level": "cycles"}, "at the level cycles"),
    "level cycles without differences": ({"level": "cycles"}, "though the level cycles holds them"),
    "level scores without scores": (WHOLE | {"scores": None}, "though the level scores holds them"),
    "an arm more": ({"arms": ["a", "b", "c"]}, "3 arms have 2 effects, not 1"),
    "doses of another arm": (
        {"adherence": {"recorded": 1, "taken": {"iron": 1}}},
        "adherence.taken: 'iron' is not one of the arms placebo, magnesium",
    ),
    "harms of another arm": ({"harms": {"iron": {"days": 0, "worst": 0}}}, "harms: 'iron'"),
    "a period of another arm": (
        WHOLE | {"scores": SCORES | {"periods": [[1, 4, 1, 2]]}},
        "that of an arm",
    ),
    "a day without its score": (
        WHOLE | {"scores": SCORES | {"score": [4, 5]}},
        "3 days have 2 scores",
    ),
    "a day twice": (WHOLE | {"scores": SCORES | {"day": [1, 2, 2]}}, "must increase"),
    "a field of one's own": ({"clinic": "Bern"}, "Extra inputs"),
    "a sentence for a version": (
        {"protocol": PROTOCOL | {"version": "of Dr Lee"}},
        "protocol.version",
    ),
    "a date for a version": (
        {"protocol": PROTOCOL | {"version": "2025-01-06"}},
        "protocol.version",
    ),
    "a sentence for a unit": ({"outcome": OUTCOME | {"unit": "as Dr Lee counts them"}}, "unit"),
    "an exact age": ({"about": {"age_band": "54"}}, "about.age_band"),
    "another allocation": ({"design": {"allocation": "by Dr Lee"}}, "design.allocation"),
    "a sentence for software": ({"software": "nof1, changed by Dr Lee"}, "software"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "what"), REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_belong_in_it_is_refused(changes, what):
    with pytest.raises(ValidationError) as caught:
        contributed(**changes)
    assert what in str(caught.value)


def test_the_plainest_forms_are_taken():
    for version in ("", "1", "1.0", "v2.13b"):
        contributed(protocol=PROTOCOL | {"version": version})
    for unit in ("", "points", "h/night", "kg/m2", "%"):
        contributed(outcome=OUTCOME | {"unit": unit})
    assert contributed(adherence=BARE).adherence.taken == {"placebo": 1}
