"""Parts to flows: nothing is opened here."""

from __future__ import annotations

from yanku import __version__
from yanku.adapters.metered_models import MeteredModels
from yanku.adapters.metered_reader import MeteredReader
from yanku.finance.matter import load_vocabulary
from yanku.flows.accounts import Accounts
from yanku.flows.ask import Ask
from yanku.flows.budgets import Budget, Budgets
from yanku.flows.chapters import Chapters
from yanku.flows.find import Find, Part
from yanku.flows.fixed_parts import FixedParts
from yanku.flows.free_parts import FreeParts
from yanku.flows.ingest import Ingest
from yanku.flows.keep import Keep
from yanku.flows.matters import Matters
from yanku.flows.means import AskLimits, Means
from yanku.flows.measure import Measure
from yanku.flows.members import Nesting
from yanku.flows.memory import Memory
from yanku.flows.quoting import Quoting
from yanku.flows.releasing import MayChoose, Releasing
from yanku.flows.replay import Replay
from yanku.flows.shadow import Shadows
from yanku.flows.unlock import Unlock
from yanku.flows.view import View
from yanku.model.call import NOBODY
from yanku.model.meters import WAITED
from yanku.ports import Answers, Meters, Models
from yanku.retrieve.tokens import Tokens
from yanku.serving.admission import Admission, Spent
from yanku.serving.guards import Guards, held_to
from yanku.serving.limit import BestLimit
from yanku.serving.quiet import Quiet
from yanku.serving.releases import ReleaseRules, Releases
from yanku.settings import BudgetSettings, ReleaseSettings, Settings
from yanku.wiring.metering import (
    new_meters,
    watch_admission,
    watch_fleet,
    watch_memory,
    watch_releases,
)
from yanku.wiring.parts import House, Parts
from yanku.wiring.reading import MEBIBYTE
from yanku.wiring.terms import mark_of_terms, terms_of


def build(settings: Settings, parts: Parts, without: frozenset[Part] = frozenset()) -> House:
    """Join parts into flows; nothing is opened. ``without`` takes something out, to measure it."""
    ontology = terms_of(settings)
    tokens = Tokens(ontology.vocabulary())
    quiet = Quiet()
    find = Find(
        index=parts.index,
        library=parts.library,
        facts=parts.facts,
        embedder=parts.embedder,
        tokens=tokens,
        ontology=ontology,
        clock=parts.clock,
        without=without,
    )
    matters = Matters(ontology, load_vocabulary(ontology), tokens, parts.clock)
    chapters = Chapters(
        fixed=FixedParts(parts.library),
        free=FreeParts(parts.library, parts.facts),
        matters=matters,
    )
    budgets = _budgets(settings.budgets, parts)
    meters = parts.meters or new_meters()
    releases = _releases(settings.releases, parts)
    admission = _admission(settings, releases, budgets.spent, meters)
    models = MeteredModels(admission, meters)
    shadows = Shadows(
        releases=releases,
        models=models,
        book=parts.release_book,
        library=parts.library,
        words=tokens.of,
        clock=parts.clock,
        quiet=quiet,
    )
    memory, nothing = (_memory(parts, answers) for answers in (parts.answers, None))
    means = Means(
        find=find,
        chapters=chapters,
        quoting=Quoting(find=find, chapters=chapters, matters=matters, tokens=tokens),
        matters=matters,
        facts=parts.facts,
        library=parts.library,
        ledger=parts.ledger,
        models=models,
        model=models.for_call(NOBODY),
        tokens=tokens,
        ontology=ontology,
        clock=parts.clock,
        limits=AskLimits(
            settings.model.evidence_tokens,
            settings.model.max_answer_tokens,
            settings.model.plan_seconds,
        ),
        memory=memory,
        version=__version__,
        terms=mark_of_terms(settings),
        without=without,
        shadows=shadows,
    )
    ask = Ask(means, quiet=quiet)
    ingest = Ingest(
        library=parts.library,
        files=parts.files,
        queue=parts.queue,
        reader=MeteredReader(parts.reader, meters),
        index=parts.index,
        embedder=parts.embedder,
        tokens=tokens,
        ontology=ontology,
        clock=parts.clock,
        quiet=quiet,
        max_bytes=settings.parser.max_mb * MEBIBYTE,
        nesting=Nesting(
            settings.parser.max_depth,
            settings.parser.max_members,
            settings.parser.max_unpacked_mb * MEBIBYTE,
        ),
    )
    watch_admission(meters, admission)
    watch_fleet(meters, parts.fleet)
    watch_releases(meters, releases)
    watch_memory(meters, memory, settings.answers)
    return House(
        settings=settings,
        ask=ask,
        replay=Replay(ask=ask, ledger=parts.ledger, library=parts.library),
        find=find,
        ingest=ingest,
        keep=Keep(
            library=parts.library,
            files=parts.files,
            index=parts.index,
            queue=parts.queue,
            ingest=ingest,
            answers=parts.answers,
        ),
        # By the reader that people wait for, never behind a long report being read.
        unlock=Unlock(library=parts.library, files=parts.files, reader=parts.renderer),
        view=View(
            library=parts.library, facts=parts.facts, files=parts.files, reader=parts.renderer
        ),
        accounts=Accounts(
            people=parts.people, clock=parts.clock, session_hours=settings.server.session_hours
        ),
        measure=Measure(
            ingest=ingest,
            ask=ask.with_memory(nothing),
            find=find,
            library=parts.library,
            facts=parts.facts,
            ontology=ontology,
        ),
        releasing=Releasing(
            releases=releases,
            book=parts.release_book,
            clock=parts.clock,
            may_choose=MayChoose(settings.releases.may_choose),
        ),
        shadows=shadows,
        library=parts.library,
        facts=parts.facts,
        ledger=parts.ledger,
        queue=parts.queue,
        index=parts.index,
        # Past admission: a server that is busy is well.
        model=parts.model,
        fleet=parts.fleet,
        admission=admission,
        budgets=budgets,
        memory=memory,
        meters=meters,
        clock=parts.clock,
    )


def _releases(chosen: ReleaseSettings, parts: Parts) -> Releases:
    return Releases(
        {chosen.base: parts.model, **parts.versions},
        base=chosen.base,
        book=parts.release_book,
        clock=parts.clock,
        rules=ReleaseRules(
            guards=Guards(
                held_to(chosen.most_failures), least=chosen.least, in_a_row=chosen.in_a_row
            ),
            slower=chosen.slower,
            patience_s=chosen.patience_s,
            poll_s=chosen.poll_s,
            automatic=chosen.automatic,
            rehearsals=chosen.rehearsals,
            rehearse_s=chosen.rehearse_s,
        ),
    )


def _budgets(chosen: BudgetSettings, parts: Parts) -> Budgets:
    return Budgets(
        usage=parts.usage,
        clock=parts.clock,
        user=Budget(
            chosen.user_requests_per_minute,
            chosen.user_requests_per_day,
            chosen.user_tokens_per_day,
        ),
        key=Budget(
            chosen.key_requests_per_minute, chosen.key_requests_per_day, chosen.key_tokens_per_day
        ),
    )


def _admission(settings: Settings, models: Models, spent: Spent, meters: Meters) -> Admission:
    chosen = settings.admission
    start = settings.model.in_flight
    least, most = (1, chosen.most_in_flight) if chosen.most_in_flight else (start, start)
    return Admission(
        models,
        BestLimit(start, least, most),
        waiting=chosen.waiting,
        waiting_each=chosen.waiting_each,
        spent=spent,
        waited=lambda seconds: meters.observe(WAITED, seconds),
    )


def _memory(parts: Parts, answers: Answers | None) -> Memory:
    return Memory(answers=answers, library=parts.library, ledger=parts.ledger, clock=parts.clock)
