"""What the clinician's report says of covariates; without any it says nothing."""

import pytest

from nof1.protocol.files import parse_protocol
from nof1.reports.clinician.conduct import covariates_section
from nof1.reports.clinician.promises import promise_section
from nof1.reports.clinician.report import clinician_html, clinician_view
from support.declared import COVARIATES
from support.protocol_texts import DEFAULT
from support.stories import finished, story


@pytest.fixture(scope="module")
def told():
    return finished(parse_protocol(DEFAULT + COVARIATES, source="p"), -0.2, 0.05, 2, missing=0.06)


def test_every_covariate_stands_with_its_change_interval_and_engine(told):
    (table,) = covariates_section(told).elements
    fitted = told.primary.primary.fit("reml").covariates["heat"].change
    rows = {row[0]: row[1:] for row in table.rows if row[-1] == "REML, AR(1)"}
    assert list(rows) == ["Late shift", "Night heat (°C)"]
    change, interval, _ = rows["Night heat (°C)"]
    assert change == f"{abs(fitted.estimate):.2f} " + ("lower" if fitted.estimate < 0 else "higher")
    assert f"{abs(fitted.ci_low):.2f}" in interval
    assert "need not be cause and effect" in table.note


def test_the_report_says_why_they_may_be_adjusted_for_and_what_comes_without(told):
    facts = dict(next(b for b in promise_section(told).elements if hasattr(b, "pairs")).pairs)
    assert facts["Adjusted for: Late shift"] == (
        "The treatment cannot change it: The rota is made a year ahead."
    )
    assert "Not adjusted for covariates" in [row.label for row in told.sensitivity]
    page = clinician_html(told)
    assert "What the scores were adjusted for" in page
    assert "Not adjusted for covariates" in page


def test_without_covariates_there_is_no_word_of_them():
    told = story("cannot-tell")
    assert covariates_section(told) is None
    assert "What the scores were adjusted for" not in str(clinician_view(told))
