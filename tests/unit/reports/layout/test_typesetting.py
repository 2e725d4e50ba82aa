from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from nof1.errors import InputError, Nof1Error
from nof1.reports.layout import typesetting
from nof1.reports.layout.typesetting import timestamp_of, typeset
from support.printed import n_pages

DAY = timestamp_of(date(2027, 1, 4))
REPORTS = Path(typesetting.__file__).parents[1]

TEMPLATE = """\
#import "page.typ": *
#show: document-of.with(reader: "person")
= #data.title
#data.body #tick() #rings(0, 10) #badge("FH3J9R")
"""


@pytest.fixture
def template(tmp_path, monkeypatch):
    """A template folder with the shared style and one template, whose text may be changed."""
    style = (REPORTS / "templates" / "page.typ").read_text()
    (tmp_path / "page.typ").write_text(style)
    (tmp_path / "one.typ").write_text(TEMPLATE)
    monkeypatch.setattr(typesetting, "_TEMPLATES", tmp_path)
    return tmp_path / "one.typ"


def one(body="Some words.", title="One page", **options):
    data = {"title": "One", "body": body}
    return typeset("one", data, title=title, timestamp=DAY, **options)


@pytest.mark.usefixtures("template")
def test_a_pdf_is_tagged_and_archival_and_bears_its_title():
    pdf = one()
    assert b"<pdfuaid:part>1<" in pdf
    assert b"<pdfaid:part>2<" in pdf
    assert b"<pdfaid:conformance>A<" in pdf
    assert b">One page<" in pdf
    assert n_pages(pdf) == 1


@pytest.mark.usefixtures("template")
def test_the_same_input_gives_the_same_bytes():
    assert one() == one()
    assert one() != one("Other words.")
    assert one() != one(paper="letter")
    assert one() != one(large=True)


def test_another_process_gives_the_same_bytes():
    program = (
        "import hashlib, sys; from support.printed import bundled, printed;"
        "from nof1.reports.pages.clinician import clinician_data;"
        "from nof1.reports.pages.source import stamp;"
        "from nof1.reports.layout.typesetting import typeset;"
        "t = printed(bundled('magnesium-rls'));"
        "pdf = typeset('clinician', clinician_data(t), title='T', timestamp=stamp(t));"
        "print(hashlib.sha256(pdf).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": str(Path(__file__).parents[3]), "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for zone in ("UTC", "Asia/Tokyo")
    }
    assert len(runs) == 1
    assert re.fullmatch(r"[0-9a-f]{64}\n", runs.pop())


@pytest.mark.usefixtures("template")
def test_texts_are_never_read_as_markup():
    hostile = '#panic("no") *bold* $x$ #read("/etc/passwd") @preview ] } "'
    assert n_pages(one(hostile)) == 1


@pytest.mark.usefixtures("template")
def test_a_character_without_a_glyph_is_the_users_to_mend():
    with pytest.raises(InputError) as error:
        one("Dr 李")
    (fault,) = error.value.faults
    assert fault.where == "One page"
    assert "李" in fault.what
    assert "Latin" in fault.mend


def test_a_warning_is_an_error(template):
    template.write_text(TEMPLATE + '\n#text(font: "No Such Font")[x]\n')
    with pytest.raises(Nof1Error, match="no such font"):
        one()


def test_a_broken_template_is_our_fault(template):
    template.write_text("#nonsense")
    with pytest.raises(Nof1Error, match="nonsense") as error:
        one()
    assert error.value.exit_code == 1


def test_only_the_shipped_fonts_are_used(template):
    template.write_text(TEMPLATE + "\n*bold* _slanted_\n")
    names = set(re.findall(rb"/FontName\s*/[A-Z]{6}\+([^\s/]+)", one()))
    assert names == {
        b"AtkinsonHyperlegibleNext-Regular",
        b"AtkinsonHyperlegibleNext-Bold",
        b"AtkinsonHyperlegibleNext-Italic",
    }


def test_the_fonts_come_with_their_licence():
    fonts = REPORTS / "fonts"
    assert len(list(fonts.glob("*.ttf"))) == 3
    assert "SIL Open Font License" in (fonts / "OFL.txt").read_text()


@pytest.mark.parametrize(
    "path", sorted((REPORTS / "templates").glob("*.typ")), ids=lambda p: p.stem
)
def test_no_template_needs_the_network_or_holds_words_of_its_own(path):
    text = path.read_text()
    assert "@preview" not in text
    assert "http" not in text
    code = re.sub(r"//.*", "", text)
    # Words of a page come as data: what stands in brackets is names and figures, not sentences.
    assert not re.search(r"\[[^\[\]#]*[a-z]{3,} [a-z]{3,}[^\[\]]*\]", code)


def test_a_timestamp_is_a_days_midnight():
    assert timestamp_of(date(2027, 1, 4)) == datetime(2027, 1, 4, tzinfo=UTC)


def test_bytes_do_not_depend_on_the_clock():
    digests = set()
    for day in (DAY, DAY, timestamp_of(date(2027, 1, 5))):
        data = {"language": "en", "head": ["a", "b"], "foot": "c", "pages": ["p", "q"]}
        pdf = typeset("labels", data | {"title": "t", "labels": []}, title="t", timestamp=day)
        digests.add(hashlib.sha256(pdf).hexdigest())
    assert len(digests) == 2
