"""Printed pages: the booklet, the clinician's pages, the calendar, and what the packer prints."""

from nof1.reports.pages.printing import (
    pack_pages,
    print_pages,
    read_item_wording,
    refuse_inside,
    refuse_unprintable,
)

__all__ = [
    "pack_pages",
    "print_pages",
    "read_item_wording",
    "refuse_inside",
    "refuse_unprintable",
]
