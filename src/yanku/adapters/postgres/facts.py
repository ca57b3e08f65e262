"""Facts in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg.sql import SQL, Composed

from yanku.adapters.postgres import codec, known
from yanku.adapters.postgres.pool import Pool, transaction
from yanku.model.amount import Amount
from yanku.model.finance import (
    Company,
    Consolidation,
    Fact,
    Period,
    Profile,
    Statement,
)
from yanku.model.library import DocumentId, Entry
from yanku.model.people import Scope
from yanku.ports import FactQuery


class PostgresFactBook:
    """The facts (``ports.FactBook``) of documents that are readable and known as of the scope."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def companies(self, *, scope: Scope) -> Sequence[Company]:
        """Return the companies that readable LIVE documents speak of, with all their names.

        The name is the one used most; the others are its aliases.
        """
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT code, array_agg(name ORDER BY mentions DESC, name) AS names FROM ("  # noqa: S608
                "SELECT c.code, c.name, sum(c.mentions) AS mentions FROM companies c "
                f"JOIN documents d ON d.id = c.document WHERE {known.usable(scope, 'd')} "
                "GROUP BY c.code, c.name) named GROUP BY code ORDER BY code",
                known.given(scope),
            )
            rows = await found.fetchall()
        return [Company(row["code"], row["names"][0], tuple(row["names"][1:])) for row in rows]

    async def facts(self, query: FactQuery, *, scope: Scope) -> Sequence[tuple[Fact, Entry]]:
        """Return readable facts: latest published first, then latest period, then latest added."""
        statement = SQL(
            "SELECT f.company_code, f.company_name, f.company_aliases, f.metric, f.label, "
            "f.period_start, f.period_end, f.consolidation, f.statement, f.value, f.unit, "
            "f.place, f.column_header, f.restated, f.checks, e.* "
            "FROM facts f JOIN entries e ON e.id = f.document "
            "WHERE {usable} {conditions} ORDER BY e.published DESC NULLS LAST, f.period_end DESC, "
            "e.added DESC, e.id, f.id"
        ).format(usable=SQL(known.usable(scope, "e")), conditions=_conditions(query))
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                statement,
                {
                    **known.given(scope),
                    "companies": [codec.text(code) for code in query.companies],
                    "metrics": [codec.text(metric) for metric in query.metrics],
                    "period_ends": list(query.period_ends),
                    "consolidation": codec.text(query.consolidation),
                    "document": codec.text(query.document or ""),
                },
            )
            rows = await found.fetchall()
        entries: dict[str, Entry] = {}
        for row in rows:
            if row["id"] not in entries:
                entries[row["id"]] = codec.entry_of(row)
        return [(_fact(row), entries[row["id"]]) for row in rows]

    async def profiles(self, *, scope: Scope) -> Sequence[tuple[DocumentId, Profile]]:
        """Return what each readable LIVE document says about itself, latest published first."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                f"SELECT d.id, d.profile FROM documents d WHERE {known.usable(scope, 'd')} "  # noqa: S608
                "ORDER BY d.published DESC NULLS LAST, d.added DESC, d.id",
                known.given(scope),
            )
            rows = await found.fetchall()
        return [
            (DocumentId(row["id"]), codec.PROFILE.validate_python(row["profile"])) for row in rows
        ]


def _conditions(query: FactQuery) -> Composed:
    wanted = [
        (query.companies, SQL("AND f.company_code = ANY(%(companies)s)")),
        (query.metrics, SQL("AND f.metric = ANY(%(metrics)s)")),
        (query.period_ends, SQL("AND f.period_end = ANY(%(period_ends)s)")),
        (query.consolidation, SQL("AND f.consolidation = %(consolidation)s")),
        (query.document is not None, SQL("AND f.document = %(document)s")),
    ]
    return SQL(" ").join(condition for given, condition in wanted if given)


def _fact(row: codec.Row) -> Fact:
    return Fact(
        company=Company(row["company_code"], row["company_name"], tuple(row["company_aliases"])),
        metric=row["metric"],
        label=row["label"],
        period=Period(row["period_end"], row["period_start"]),
        consolidation=Consolidation(row["consolidation"]),
        statement=Statement(row["statement"]),
        amount=Amount(row["value"], row["unit"]),
        place=codec.PLACE.validate_python(row["place"]),
        column=row["column_header"],
        restated=row["restated"],
        checks=codec.CHECKS.validate_python(row["checks"]),
    )
