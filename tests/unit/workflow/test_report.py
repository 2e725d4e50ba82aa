"""Reports as one call: what was written, and what was compared before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nof1.errors import InputError
from nof1.trial.comparing import Comparison, Comparisons
from nof1.workflow.report import ReportFiles, report


def test_a_result_tells_its_files_and_what_did_not_agree() -> None:
    made = (
        Comparison(what="log", outcome="same", said="The log agrees."),
        Comparison(what="seal", outcome="different", said="The seal differs."),
        Comparison(what="receipt", outcome="not-compared", said="No receipt was compared."),
    )
    compared = Comparisons(made=made, cannot_show=())
    found = ReportFiles(files=(Path("a/person.pdf"), Path("a/b.html")), compared=compared)
    assert list(found.lines()) == ["a/person.pdf", "a/b.html"]
    assert found.cautions == (
        "DIFFERENT: The seal differs.", "Take note: No receipt was compared.",
    )  # fmt: skip
    said = json.loads(found.to_json())
    assert said["schema"] == "nof1.report/1"
    assert [one["what"] for one in said["comparisons"]] == ["log", "seal", "receipt"]
    pooled = ReportFiles(files=(Path("pooled.pdf"),), compared=None)
    assert pooled.to_dict() == {"schema": "nof1.report/1", "files": ["pooled.pdf"]}
    assert pooled.cautions == ()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"receipts": "1a2b3c4d"}, "--commitment, --receipt: a pooled analysis has no"),
        ({"nuts": True}, "--nuts, --sample: a pooled analysis has nothing to be sampled"),
        ({"paper": "a5"}, "--paper: 'a5' will not do. Write a4 or letter."),
    ],
)
def test_what_a_pooled_analysis_has_no_use_for_is_refused(
    tmp_path: Path, asked: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        report(tmp_path / "pooled.json", **asked)  # type: ignore[arg-type]
    assert str(caught.value).startswith(said)
    assert list(tmp_path.iterdir()) == []
