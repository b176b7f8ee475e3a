"""Numbers, dates and times as text: as a person types them, and as ISO 8601."""

from __future__ import annotations

import datetime as dt
import math
import re

_DAY = 86_400
_FAKE_LEAP_DAY = 60  # 29 February 1900, which Lotus 1-2-3 and so Excel believe in
_EXACT = 10**15  # spreadsheets show 15 digits
# What of a number format stands for itself: quoted text, escaped signs, padding, colours, locales.
_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE = re.compile("[ymdhs]", re.IGNORECASE)
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_DURATION = re.compile(
    r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,8})(?:[.,]\d*)?S)?)?"
)


def number(value: float) -> str:
    """A number in the digits that a spreadsheet shows: ``1``, ``0.5``, ``1e+20``.

    Raises:
        ValueError: It is infinite or none.
    """
    if not math.isfinite(value):
        raise ValueError
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return f"{value:.15g}"


def kind_of_format(code: str) -> str:
    """What numbers of a format are: ``date`` (or time), ``elapsed`` time, or else ``number``."""
    code = _LITERAL.sub("", code.partition(";")[0])
    if _ELAPSED.search(code):
        return "elapsed"
    return "date" if _DATE.search(code.replace("General", "")) else "number"


def moment(serial: float, *, since_1904: bool = False) -> str:
    """The date, the time, or both, that a number of days stands for.

    Raises:
        ValueError: There is no such day.
    """
    if not math.isfinite(serial) or serial < 0:
        raise ValueError
    days, seconds = divmod(round(serial * _DAY), _DAY)
    if not days:
        return clock(seconds)
    if since_1904:
        epoch = dt.date(1904, 1, 1)
    else:
        epoch = dt.date(1899, 12, 30 if days >= _FAKE_LEAP_DAY else 31)
    try:
        date = epoch + dt.timedelta(days)
    except OverflowError:
        raise ValueError from None
    return f"{date} {clock(seconds)}" if seconds else str(date)


def elapsed(serial: float) -> str:
    """The hours, minutes and seconds in a number of days.

    Raises:
        ValueError: It is negative, infinite or none.
    """
    if not math.isfinite(serial) or serial < 0:
        raise ValueError
    return clock(round(serial * _DAY))


def clock(seconds: int) -> str:
    """Seconds as ``07:30``, or ``07:30:05`` where they matter; hours may be more than 24."""
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def iso_duration(text: str) -> str:
    """``PT07H30M00S`` as ``07:30``.

    Raises:
        ValueError: It is none.
    """
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return clock(days * _DAY + hours * 3600 + minutes * 60 + seconds)


def iso_moment(text: str) -> str:
    """``2024-01-02T07:30:00`` as ``2024-01-02 07:30``, a date as it is.

    Raises:
        ValueError: It is neither.
    """
    found = dt.datetime.fromisoformat(text)
    seconds = found.hour * 3600 + found.minute * 60 + found.second
    return f"{found.date()} {clock(seconds)}" if seconds else str(found.date())
