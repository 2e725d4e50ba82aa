"""Names of columns and treatments in any language can be pooled, or are told how to be."""

from __future__ import annotations

import pytest

import nof1
from nof1.errors import ScoresError
from nof1.sharing.from_scores import plain_names
from support.diary_frames import OPTIONS, three_people


def test_accents_are_left_out_and_plain_names_stay() -> None:
    names = ["Müdigkeit", "arm (A)", "Größe/Tag", "40 mg", "é"]
    assert plain_names(names, "here") == {
        "Müdigkeit": "Mudigkeit",
        "arm (A)": "arm (A)",
        "Größe/Tag": "Grosse-Tag",
        "40 mg": "40 mg",
        "é": "e",
    }


@pytest.mark.parametrize("names", [["薬"], ["Übung", "Ubung"], ["  "]])
def test_names_of_which_nothing_is_left_or_two_become_one_are_refused(names: list[str]) -> None:
    with pytest.raises(ScoresError) as caught:
        plain_names(names, "diary.csv")
    assert len(caught.value.faults) == len(names)
    fault = caught.value.faults[0]
    assert fault.where == "diary.csv"
    assert fault.what == f"a pool cannot keep the name {names[0]!r}"
    assert "--rename OLD=NEW" in fault.mend


def test_a_table_in_german_is_pooled_like_any_other() -> None:
    table = three_people()
    plain = nof1.pool(table, **OPTIONS, purpose="next").to_dict()
    german = table.rename(columns={"legs": "Mühe"})
    german["condition"] = german.condition.replace("walk", "Übung")
    options = OPTIONS | {"columns": {"score": "Mühe", "treatment": "condition"}}
    for data in (german, nof1.analyse(german, **options)):
        asked = options if data is german else {}
        pooled = nof1.pool(data, **asked, purpose="next").to_dict()
        assert pooled["outcome"] == "Muhe"
        assert pooled["contrast"] == {"active": "Ubung", "comparator": "usual"}
        assert pooled["bayes"] == plain["bayes"]
        assert pooled["persons"] == plain["persons"]


def test_the_mend_can_be_followed() -> None:
    table = three_people()
    table["condition"] = table.condition.replace("walk", "散歩")
    with pytest.raises(nof1.InputError) as caught:
        nof1.pool(table, **OPTIONS)
    assert 'rename={"OLD": "NEW"}' in caught.value.faults[0].mend
    pooled = nof1.pool(table, **OPTIONS, rename={"散歩": "walk"})
    assert pooled.fit.contrast.active == "walk"
