"""What a report as one HTML file is made of, for tests."""

from __future__ import annotations

import re
from html.parser import HTMLParser


class Reader(HTMLParser):
    """Collects what matters of a page: elements, attributes, text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]


def said_by(page: str) -> list[str]:
    """Return every text of a page, what is read aloud of its pictures and tables included."""
    body = Reader(re.sub(r"<style[^>]*>.*?</style>", "", page, flags=re.DOTALL))
    aloud = [attributes.get("aria-label") for _, attributes in body.elements]
    return [text for text in (*body.text, *aloud) if text and text.strip()]


def assert_no_request(page: str) -> None:
    """Assert that nothing in the page asks the network for anything."""
    read = Reader(page)
    assert not set(read.tags) & {"script", "link", "img", "iframe", "object", "embed", "base"}
    for _, attributes in read.elements:
        for name in ("src", "href", "xlink:href", "srcset", "data", "action"):
            assert (attributes.get(name) or "#").startswith("#")
    assert not re.search(r"url\((?!data:|#)", page)
    assert "@import" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert "default-src 'none'" in page


def assert_links_lead_somewhere(page: str) -> int:
    """Assert that identifiers are unique and that every link leads to one; return how many."""
    read = Reader(page)
    names = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(names) == len(set(names))
    links = [attributes["href"] for tag, attributes in read.elements if tag == "a"]
    assert all(link is not None and link[1:] in names for link in links)
    return len(links)
