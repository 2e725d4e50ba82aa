"""Valid inputs of every kind, made here or taken from the tests' own data."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
START = date(2026, 2, 2)
ARMS = {"P": "placebo", "M": "magnesium"}


@cache
def tables() -> tuple[str, ...]:
    """Return small tables as other people make them."""
    daily = "day,period,cycle,treatment,score\n" + "".join(
        f"{day},{(day - 1) // 4 + 1},{(day - 1) // 8 + 1},{ARMS['PMMP'[(day - 1) // 4]]},"
        f"{day * 7 % 11}\n"
        for day in range(1, 17)
    )
    dated = "person,date,treatment,score\n" + "".join(
        f"p{person},{(START + timedelta(days=day)):%d.%m.%Y},"
        f"{('placebo', 'magnesium')[(day // 3 + person) % 2]},{day * 3 % 10}\n"
        for person in range(2)
        for day in range(12)
    )
    commas = "day;treatment;score\n" + "".join(
        f"{day};{ARMS['PM'[(day - 1) // 5 % 2]]};{day % 7},5\n" for day in range(1, 21)
    )
    return daily, dated, dated.replace(",", "\t"), commas


@cache
def records() -> tuple[list[dict[str, Any]], ...]:
    """Return the first table as a list of records."""
    rows = list(csv.DictReader(io.StringIO(tables()[0])))
    numbers = ("day", "period", "cycle", "score")
    return ([{name: int(v) if name in numbers else v for name, v in row.items()} for row in rows],)


@cache
def workbooks() -> tuple[bytes, ...]:
    """Return the first two tables as workbooks: numbers, real dates, a merged cell, a formula."""
    import openpyxl

    found = []
    for text in tables()[:2]:
        book = openpyxl.Workbook()
        sheet = book.active
        for row in csv.reader(io.StringIO(text)):
            sheet.append([int(cell) if cell.isdecimal() else cell for cell in row])
        sheet["H2"] = "=SUM(E2:E5)"
        sheet.merge_cells("G3:G6")
        other = book.create_sheet("notes")
        other["A1"] = START
        out = io.BytesIO()
        book.save(out)
        found.append(out.getvalue())
    return tuple(found)


@cache
def opendocuments() -> tuple[bytes, ...]:
    """Return the first table as an OpenDocument spreadsheet."""
    import zipfile
    from xml.sax.saxutils import escape

    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
            if cell.isdecimal()
            else '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(cell)}</text:p></table:table-cell>"
            for cell in row
        )
        + '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        for row in csv.reader(io.StringIO(tables()[0]))
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Data">{rows}<table:table-row table:number-rows-repeated="9000">'
        '<table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return (out.getvalue(),)


@cache
def summaries() -> tuple[str, ...]:
    """Return tables that hold what is known of persons instead of scores."""
    return (
        "person,cycle,difference\n"
        + "".join(f"p{p},{c},{(p * c) % 5 - 2}\n" for p in range(1, 4) for c in range(1, 4)),
        "person,estimate,se,cycles\np1,-1.5,0.5,4\np2,-0.5,0.75,4\np3,0.25,0.5,3\n",
    )


@cache
def contributions() -> tuple[dict[str, Any], ...]:
    """Return contributions of several levels as their files have them."""
    from support.shared_persons import contributed, diaries, shared

    whole = shared(diaries(1), level="cycles")[0]
    small = contributed("p1")
    three = contributed(
        "p2",
        arms=["placebo", "magnesium", "iron"],
        likelihood={
            "means": [[-1.0, 0.5], [-2.0, 0.0]],
            "covariances": [[0.5, 0.1, 0.6], [1.0, 0.2, 1.2]],
            "log_weights": [0.0, -1.0],
            "half_lives": [0.5, 4.0],
            "half_life_prior": {"means_days": [3.0, 0.4], "shares": [0.7, 0.3]},
        },
    )
    found = [json.loads(one.text()) for one in (whole, small, three)]
    for one in found:
        one |= {"outcome": found[0]["outcome"], "estimand": found[0]["estimand"]}
    found[1]["arms"] = found[0]["arms"]
    likelihood = found[0]["likelihood"]
    for name, value in likelihood.items():  # some hundred components are mutated slowly
        if isinstance(value, list):
            likelihood[name] = value[:6]
    if likelihood.get("noise"):
        likelihood["noise"] = {name: value[:6] for name, value in likelihood["noise"].items()}
    top = max(likelihood["log_weights"])
    likelihood["log_weights"] = [one - top for one in likelihood["log_weights"]]
    return tuple(found)


@cache
def pooled() -> dict[str, Any]:
    """Return a pooled analysis, its curves cut short."""
    fit: dict[str, Any] = json.loads((TESTS / "support/pooled_fit.json").read_text("utf-8"))
    return fit


@cache
def questions() -> tuple[Any, ...]:
    """Return the questions of the first protocol."""
    from nof1.protocol.files import parse_protocol

    return parse_protocol(protocols()[0], source="protocol.toml").eligibility


@cache
def protocols() -> tuple[str, ...]:
    """Return protocols, one with the prior of earlier persons and with covariates."""
    from nof1.protocol.files import bundled_folder
    from support.trial_folders import short_protocol_text

    prior = """
[analysis.population_prior]
outcome = "irls"
active = "magnesium"
comparator = "placebo"
unit = "points"
means = [-3.1, -2.9]
sds = [2.2, 4.0]
weights = [0.8, 0.2]
n_persons = 40
source = "earlier persons"
"""
    several = sorted(bundled_folder().glob("*.toml"))[:3]
    return (
        short_protocol_text() + prior,
        *(path.read_text(encoding="utf-8") for path in several),
    )
