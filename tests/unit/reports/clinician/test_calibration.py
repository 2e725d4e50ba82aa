import re
from dataclasses import replace

from nof1.calibration.likeness import likeness
from nof1.inference.fits import NotRun
from nof1.reports.clinician.calibration import calibration_section
from nof1.reports.clinician.report import clinician_view
from nof1.reports.layout.elements import Text
from support.stories import story


def found_for(told):
    protocol = told.protocol
    series = told.data.masked.series[0]
    return likeness(told.primary, told.data, series, protocol.analysis, protocol.decision)


def said(section) -> str:
    parts: list[str] = []
    for element in section.elements:
        parts += [element.text] if isinstance(element, Text) else element.items
    return " ".join(parts).replace("\N{NO-BREAK SPACE}", " ")


def test_the_nearest_rates_are_quoted_with_where_they_were_measured():
    told = story("cannot-tell")
    found, words = found_for(told), said(calibration_section(told))
    one = found.situation
    assert f"In {found.trials:,} simulated trials most like this one ({one.scores} scores" in words
    assert f"{one.cycles} cycles of 28-day periods" in words
    assert f"correlation {one.phi:g}, period shifts {one.shift:g} SD" in words
    assert f"held the truth in {100 * found.coverage:.0f} %" in words
    assert re.search(r"“Helps meaningfully” was said in (below )?[\d.]+ % of those without", words)
    assert "of those with one of twice the MCID" in words


def test_what_is_unlike_is_said():
    told = story("cannot-tell", protocol="magnesium-dose")
    assert "The simulated trials had two arms." in said(calibration_section(told))


def test_it_stands_behind_the_engines_in_the_report():
    codes = [section["code"] for section in clinician_view(story("cannot-tell"))["sections"]]
    assert codes.index("calibration") == codes.index("engines") + 1


def test_without_the_exact_posterior_there_is_no_section():
    told = story("cannot-tell")
    first, *rest = told.analyses
    engines = {**first.primary.engines, "quadrature": NotRun(engine="quadrature", why="not asked")}
    changed = replace(first, contrasts=(replace(first.primary, engines=engines),))
    assert calibration_section(replace(told, analyses=(changed, *rest))) is None
