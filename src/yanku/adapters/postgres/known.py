"""The condition under which a person may use a document: by rights, and as of when."""

from __future__ import annotations

from typing import LiteralString

from yanku.model.people import AsOf, Scope

_GRANTED: LiteralString = (
    "EXISTS (SELECT FROM grants g WHERE g.document = {0}.id AND g.reader = ANY(%(readers)s))"
)
_LIVE: LiteralString = "{0}.state = 'live'"
_HELD: LiteralString = (
    "EXISTS (SELECT FROM lives l WHERE l.document = {0}.id AND l.since <= %(held)s "
    "AND (l.until IS NULL OR l.until > %(held)s))"
)
_PUBLIC: LiteralString = "{0}.public_on <= %(public)s"


def usable(scope: Scope, alias: LiteralString) -> LiteralString:
    """Return the condition on a row of ``documents`` or ``entries``; ``given`` has its values."""
    return f"{known(scope.as_of, alias)} AND {_GRANTED.format(alias)}"


def known(as_of: AsOf, alias: LiteralString) -> LiteralString:
    """Return the condition of time alone: LIVE now, or at a moment, and public by a day."""
    held = (_LIVE if as_of.held is None else _HELD).format(alias)
    return held if as_of.public is None else f"{held} AND {_PUBLIC.format(alias)}"


def given(scope: Scope) -> dict[str, object]:
    """Return the values that ``usable`` speaks of."""
    return {
        "readers": list(scope.readers),
        "held": scope.as_of.held,
        "public": scope.as_of.public,
    }
