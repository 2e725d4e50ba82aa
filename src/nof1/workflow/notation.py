"""How the cells of a table are written, as far as somebody said so."""

from __future__ import annotations

from nof1.errors import Checked, Fault, InputError
from nof1.trial.clocks import timezone_called
from nof1.trial.tables.table import DATE_ORDERS, DateOrder, Notation


def how_written(
    sheet: str | None = None,
    date_order: str | None = None,
    decimal_comma: bool | None = None,
    timezone: str | None = None,
) -> Notation:
    """Return how a table is written.

    Parameters
    ----------
    sheet : str or None
        Sheet of a workbook.
    date_order : {"dmy", "mdy", "ymd"} or None
        Order of day, month and year.
    decimal_comma : bool or None
        Whether numbers are written with a decimal comma; None to tell from them.
    timezone : str or None
        The person's clock, for times in UTC.

    Raises
    ------
    InputError
        If there is no such order or time zone.
    """
    checked = Checked()
    order = None if date_order is None else checked(lambda: _order_called(date_order))
    clock = None if timezone is None else checked(lambda: timezone_called(timezone))
    checked.stop()
    return Notation(
        sheet=sheet,
        date_order=order,
        decimal=None if decimal_comma is None else "," if decimal_comma else ".",
        timezone=clock,
    )


def _order_called(name: str) -> DateOrder:
    for order in DATE_ORDERS:
        if order == name:
            return order
    raise InputError(
        Fault("--date-order", f"{name!r} is no order", f"Write {', '.join(DATE_ORDERS)}.")
    )
