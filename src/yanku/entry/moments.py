"""A day or a moment, as people type it, as the state of knowledge to answer from."""

from __future__ import annotations

from datetime import date, datetime, time

from yanku.errors import InvalidRequest
from yanku.model.people import AsOf

_HINT = "write a day as 2025-04-30, or a moment as 2025-04-30T09:30"


def as_of_said(as_of: str, public_by: str, now: datetime) -> AsOf | None:
    """Return what ``as_of`` (a day or a moment) and ``public_by`` (a day) mean; None for neither.

    A day is meant to its end, and a moment without a zone is this machine's. Raises InvalidRequest
    for what is neither, for a moment to come, and for both at once.
    """
    if as_of and public_by:
        raise InvalidRequest("give either as-of or public-by: as-of includes public-by")
    if public_by:
        return AsOf(public=_day(public_by))
    if not as_of:
        return None
    held, day = _moment(as_of)
    if held > now:
        if day != now.astimezone(held.tzinfo).date():
            raise InvalidRequest(f"{as_of} is still to come; as-of speaks of what was known")
        held = now
    return AsOf(held, day)


def _moment(said: str) -> tuple[datetime, date]:
    if "T" in said or " " in said.strip():
        try:
            moment = datetime.fromisoformat(said.strip())
        except ValueError as error:
            raise InvalidRequest(f"{said!r} is no moment; {_HINT}") from error
        aware = moment if moment.tzinfo else moment.astimezone()
        return aware, aware.date()
    day = _day(said)
    return datetime.combine(day, time.max).astimezone(), day


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said.strip())
    except ValueError as error:
        raise InvalidRequest(f"{said!r} is no day; {_HINT}") from error
