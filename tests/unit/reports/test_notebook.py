"""Results as a notebook shows them: whole tables, every word escaped, nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest

import nof1
from nof1.workflow.analyses import Analyses
from support.diary_frames import OPTIONS, of_person, three_people

HOSTILE = '<script>alert("x")</script>'


class Page(HTMLParser):
    """Cells of every row, all tags and all addresses of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "img":
            self.open.append(tag)
        self.addresses += [str(value) for name, value in attrs if name in ("src", "href")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


def shown(result: Any) -> Page:
    page = Page(result._repr_html_())
    assert page.open == []
    assert all(address.startswith("data:image/png;base64,") for address in page.addresses)
    assert not {"script", "style", "link"} & set(page.tags)
    return page


@pytest.fixture(scope="module")
def three() -> Analyses:
    return nof1.analyse(three_people(), **OPTIONS)


def test_one_analysis_has_a_row_for_every_engine_and_a_figure(three: Analyses) -> None:
    page = shown(three["anna"])
    head, *rows = page.rows
    assert head == ["Engine", "Estimates", "Estimate", "Interval", "Evidence"]
    assert [row[0] for row in rows] == [
        "Randomisation test", "Paired t on cycles", "REML, AR(1)", "Exact posterior",
        "Exact posterior",
    ]  # fmt: skip
    assert rows[0][2:] == ["1.77 lower", "87.5\xa0%: 2.43 to 1.31 lower", "p = 0.125"]
    assert rows[3][1] == "Steady-state effect"
    assert page.tags.count("img") == 1
    html = three["anna"]._repr_html_()
    assert "walk helps meaningfully." in html
    assert f"{len(three['anna'].warnings)} notes" in html


def test_several_have_a_row_each(three: Analyses) -> None:
    page = shown(three)
    assert [row[0] for row in page.rows] == ["Person", "anna", "ben", "carla"]
    assert all(len(row) == len(page.rows[0]) for row in page.rows)
    assert "walk against usual" in three._repr_html_()


def test_a_single_analysis_in_a_table_shows_itself() -> None:
    alone = nof1.analyse(of_person("anna"), **OPTIONS)
    assert alone._repr_html_() == alone[0]._repr_html_()


def test_a_pool_shows_averages_and_a_forest(three: Analyses) -> None:
    pooled = nof1.pool(three, purpose="next")
    page = shown(pooled)
    said = " ".join(line for line in pooled.lines() if line.startswith("Verdict"))
    assert said
    assert said in pooled._repr_html_()
    assert [row[0] for row in page.rows] == [
        "", "Average in persons like them", "Average in these persons", "Next person",
        "SD between persons", "Meta-analysis by REML, as scheduled",
    ]  # fmt: skip
    assert page.tags.count("img") == 1


def test_other_results_show_what_a_terminal_does() -> None:
    planned = nof1.plan("warm-bath-rls")
    assert planned._repr_html_() == f"<pre>{planned}</pre>"


def test_every_word_of_a_table_is_escaped() -> None:
    table = of_person("anna")
    names = {"usual": HOSTILE, "walk": "a & b"}
    table = table.assign(person=HOSTILE, condition=table.condition.map(names))
    table = table.rename(columns={"legs": "<i>legs</i>"})
    options = OPTIONS | {"columns": {"score": "<i>legs</i>", "treatment": "condition"}}
    found = nof1.analyse(table, **options | {"comparator": HOSTILE})
    several = nof1.analyse(pd.concat([table, table.assign(person="<b>")]), **options | {
        "comparator": HOSTILE
    })  # fmt: skip
    for result in (found, several):
        html = result._repr_html_()
        assert "<script" not in html
        assert "<i>" not in html
        assert "<b>" not in html
        shown(result)
    assert "&lt;script&gt;" in found._repr_html_()


def test_who_has_no_posterior_is_listed_all_the_same() -> None:
    without = nof1.analyse(three_people(), **OPTIONS, engines="paired")
    page = shown(without)
    assert [row[3] for row in page.rows[1:]] == [""] * 3
    assert re.search("not run", without._repr_html_())


def test_long_words_do_not_push_the_rest_out_of_sight() -> None:
    people = three_people().replace({"person": {"anna": "a" * 90, "ben": "Ben of the long road"}})
    html = nof1.analyse(people, **OPTIONS)._repr_html_()
    assert html.count("overflow-wrap:anywhere") == 1
    assert f'min-width:12em">{"a" * 90}</div>' in html


def test_notes_name_the_keywords_of_the_calls() -> None:
    found = nof1.analyse(three_people(), **{**OPTIONS, "allocation": None})
    for result in (found, found[0], nof1.pool(found)):
        assert "--" not in result._repr_html_().partition("<details>")[2]
        warnings = " ".join(getattr(result, "warnings", found[0].warnings))
        assert 'better="higher" says otherwise' in warnings
    assert "--better higher says otherwise" in " ".join(found[0].analysis.warnings)
