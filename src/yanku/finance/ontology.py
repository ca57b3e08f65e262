"""What there is to ask of financial statements: metrics, ratios, and all their names, from data."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from yanku.errors import SettingsError
from yanku.finance.formula import operands_of
from yanku.finance.labels import bare, expanded, has_han, other_words
from yanku.finance.phrases import Phrases, load_phrases
from yanku.finance.ratios import UNITS, Ratio, names_under, read_ratio, spoken_names
from yanku.finance.terms import company_names, read_terms
from yanku.model.finance import Company, Statement

_FILES = ("balance_sheet", "income", "cash_flow", "indicators", "ratios", "american")
_NAMES = ("also", "printed", "asked", "loosely", "out", "en", "printed_en", "asked_en", "out_en",
          "below_en")  # fmt: skip
_ASKED = ("zh", "also", "asked", "en", "asked_en")
_LABELS = ("zh", "also", "printed", "out", "en", "printed_en", "out_en")


@dataclass(frozen=True, slots=True)
class Metric:
    """One line a report can print.

    ``unit`` is ``money``, ``per_share``, ``%``, ``times``, ``people``, ``shares`` or a unit as it
    stands. ``labels`` are printed row labels, ``outflows`` those under which a positive amount
    would mean money going out; ``spoken`` are names in questions, ``loose`` those of them that
    could mean something else. ``within`` are labels that mean this metric only in the part of
    another line: (that line's metric, label). ``deducted`` is a cost or payment: a positive
    number, though some statements print it as a negative one. ``printed_only`` is a ratio as a
    report prints it: never asked for by name, but looked up before the ratio is calculated.
    ``below`` are labels that mean this metric only where lines of costs stand above: an American
    "operating income" is a profit, and the first line of a Chinese bank is not. ``en`` is what an
    English answer calls it: ``shown_en`` of its entry, or else the first of its English names.
    """

    id: str
    zh: str
    en: str
    statement: Statement
    instant: bool
    unit: str
    labels: frozenset[str]
    outflows: frozenset[str]
    spoken: tuple[str, ...]
    loose: tuple[str, ...]
    within: frozenset[tuple[str, str]] = frozenset()
    below: frozenset[str] = frozenset()
    printed_only: bool = False
    deducted: bool = False

    @property
    def code(self) -> str:
        """Return the unit of its amounts as an Amount names it (money in 人民币)."""
        return UNITS.get(self.unit, self.unit)


@dataclass(frozen=True, slots=True)
class Ontology:
    """All metrics and ratios by identifier; made by load_ontology."""

    metrics: Mapping[str, Metric]
    ratios: Mapping[str, Ratio]
    phrases: Phrases = field(repr=False)
    companies: Mapping[str, tuple[str, ...]] = field(repr=False)
    _by_label: Mapping[tuple[str, str], tuple[Metric, ...]] = field(repr=False)
    _labels: frozenset[str] = field(repr=False)
    _by_name: tuple[tuple[str, str], ...] = field(repr=False)

    def metric_of(self, label: str, statement: Statement, under: str = "") -> Metric | None:
        """Return the metric a printed row label means in a statement, or None: never a guess.

        ``under`` is the metric of the line that this row is printed as a part of.
        """
        text = bare(label)
        for key in ((under, text), ("", text)) if under else (("", text),):
            found = self._by_label.get(key, ())
            if statement in _STRICT:
                found = tuple(m for m in found if m.statement is statement)
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def below(self, label: str, statement: Statement) -> Metric | None:
        """Return the metric that a label means below lines of costs, if it is another there."""
        text = bare(label)
        found = (m for m in self.metrics.values() if m.statement is statement and text in m.below)
        return next(found, None)

    def is_part(self, label: str, metric: Metric, under: str) -> bool:
        """Tell whether a label means the metric only as a part of the line it stands under."""
        return (under, bare(label)) in metric.within

    def knows(self, label: str) -> bool:
        """Tell whether a text is the printed label of some metric."""
        return bare(label) in self._labels

    def is_outflow(self, label: str, metric: Metric) -> bool:
        """Tell whether the label words the metric as money going out ("使用的现金流量净额")."""
        return bare(label) in metric.outflows

    def known(self, companies: Sequence[Company]) -> tuple[Company, ...]:
        """Return companies with the names that the firm's own terms add to them."""
        if not self.companies:
            return tuple(companies)
        return tuple(self._known(company) for company in companies)

    def _known(self, company: Company) -> Company:
        own = (company.code, company.name, *company.aliases)
        more = [name for key in own for name in self.companies.get(key, ())]
        return replace(company, aliases=tuple(dict.fromkeys((*company.aliases, *more))))

    def measure(self, identifier: str) -> Metric | Ratio:
        """Return the metric or ratio of an identifier; KeyError if there is none."""
        return self.metrics.get(identifier) or self.ratios[identifier]

    def redefined(self, identifier: str, formula: str) -> Ontology:
        """Return the ontology with another formula for one of its ratios, as a question gives it.

        A ratio as reports print it is by their formula, and so is not looked up.
        """
        operands, averaged = operands_of(formula)
        ratio = replace(
            self.ratios[identifier], formula=formula, operands=operands, averaged=averaged,
            printed="", nil=frozenset(), others=(),
        )  # fmt: skip
        return replace(self, ratios={**self.ratios, identifier: ratio})

    def names(self) -> tuple[tuple[str, str], ...]:
        """Return (name in the form of ``plain``, identifier), longest names first."""
        return self._by_name

    def name(self, identifier: str, language: str = "zh") -> str:
        """Return what people call a metric or ratio, in ``zh`` or ``en``."""
        measure = self.measure(identifier)
        return measure.en if language == "en" and measure.en else measure.zh

    def vocabulary(self) -> tuple[str, ...]:
        """Return Chinese words that a tokenizer must keep whole, longest first."""
        measures: list[Metric | Ratio] = [*self.metrics.values(), *self.ratios.values()]
        words = {measure.zh for measure in measures}
        for measure in measures:
            words.update(name for name in measure.spoken if has_han(name) and len(name) <= 8)
        return tuple(sorted(words, key=lambda word: (-len(word), word)))


_STRICT = frozenset({Statement.BALANCE_SHEET, Statement.INCOME, Statement.CASH_FLOW})


def load_ontology(extra: Path | None = None) -> Ontology:
    """Return the ontology shipped with the package, with the additions of a TOML file.

    The file may add ``[metrics]`` and ``[ratios]``, names to those there are, and names of
    ``[companies]`` by their code or full name; docs/terms.md tells how. Raises SettingsError that
    names the file and the entry at fault.
    """
    metrics: dict[str, Metric] = {}
    ratios: dict[str, Ratio] = {}
    for name in _FILES:
        text = files("yanku.finance").joinpath(f"{name}.toml").read_text(encoding="utf-8")
        _add(tomllib.loads(text), f"{name}.toml", metrics, ratios)
    companies: dict[str, tuple[str, ...]] = {}
    if extra is not None:
        taken = _taken(metrics, ratios)
        data = read_terms(extra)
        _add(data, str(extra), metrics, ratios)
        _refuse_clashes(data, str(extra), _taken(metrics, ratios), taken)
        companies = company_names(data, str(extra))
    _check(metrics, ratios)
    measures: list[Metric | Ratio] = [*metrics.values(), *ratios.values()]
    index = _index(metrics.values())
    labels = frozenset(label for _, label in index)
    return Ontology(metrics, ratios, load_phrases(), companies, index, labels, _spoken_of(measures))


def _taken(metrics: Mapping[str, Metric], ratios: Mapping[str, Ratio]) -> dict[str, frozenset[str]]:
    """Return which measures each spoken name stands for."""
    names: dict[str, set[str]] = {}
    measures: list[Metric | Ratio] = [*metrics.values(), *ratios.values()]
    for measure in measures:
        for name in measure.spoken:
            names.setdefault(name, set()).add(measure.id)
    return {name: frozenset(ids) for name, ids in names.items()}


def _refuse_clashes(
    data: Mapping[str, Any],
    source: str,
    now: Mapping[str, frozenset[str]],
    before: Mapping[str, frozenset[str]],
) -> None:
    """Refuse a name that would mean two measures: a question with it could not be answered."""
    for name, ids in now.items():
        if len(ids) > 1 and ids != before.get(name):
            kinds = {**data.get("metrics", {}), **data.get("ratios", {})}
            new = ", ".join(sorted(ids & kinds.keys())) or "?"
            old = ", ".join(sorted(ids - kinds.keys())) or new
            raise SettingsError(f"{source}: {name} of {new} already means {old}")


def _add(
    data: Mapping[str, Any], source: str, metrics: dict[str, Metric], ratios: dict[str, Ratio]
) -> None:
    """Read one file's entries into the dictionaries."""
    for identifier, entry in data.get("metrics", {}).items():
        try:
            known = metrics.get(identifier)
            metrics[identifier] = (
                _widened(known, entry)
                if known
                else _metric(identifier, {**_defaults(data), **entry})
            )
        except (KeyError, ValueError, TypeError, AttributeError) as wrong:
            raise SettingsError(f"{source}: metric {identifier} is not usable: {wrong}") from wrong
    for identifier, entry in data.get("ratios", {}).items():
        try:
            known_ratio = ratios.get(identifier)
            ratios[identifier] = read_ratio(identifier, entry, known_ratio)
        except (KeyError, ValueError, TypeError, AttributeError, SyntaxError) as wrong:
            raise SettingsError(f"{source}: ratio {identifier} is not usable: {wrong}") from wrong


def _defaults(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in ("statement", "kind", "unit") if key in data}


def _metric(identifier: str, entry: Mapping[str, Any]) -> Metric:
    strange = set(entry) - {
        "zh",
        "statement",
        "kind",
        "unit",
        "within",
        "printed_only",
        "deducted",
        "shown_en",
        *_NAMES,
    }
    if strange:
        raise ValueError(f"unknown key {', '.join(sorted(strange))}")
    english = entry.get("en", [])
    loose = spoken_names(names_under(entry, "loosely"))
    return Metric(
        id=identifier,
        zh=entry["zh"],
        en=entry.get("shown_en") or (english[0] if english else entry["zh"]),
        statement=Statement(entry["statement"]),
        instant=entry["kind"] == "instant",
        unit=entry["unit"],
        labels=frozenset(
            map(
                bare,
                names_under(entry, "zh", "also", "printed", "out", "en", "printed_en", "out_en"),
            )
        ),
        outflows=frozenset(map(bare, names_under(entry, "out", "out_en"))),
        spoken=()
        if entry.get("printed_only")
        else spoken_names((*other_words(names_under(entry, *_ASKED)), *loose)),
        loose=loose,
        within=frozenset(
            (line, bare(name))
            for line, names in entry.get("within", {}).items()
            for pattern in names
            for name in expanded(pattern)
        ),
        below=frozenset(map(bare, names_under(entry, "below_en"))),
        printed_only=bool(entry.get("printed_only", False)),
        deducted=bool(entry.get("deducted", False)),
    )


def _widened(known: Metric, entry: Mapping[str, Any]) -> Metric:
    """Return a known metric with the names of an entry added."""
    more = _metric(
        known.id,
        {"zh": known.zh, "statement": known.statement, "kind": "", "unit": known.unit, **entry},
    )
    return replace(
        known,
        labels=known.labels | more.labels,
        outflows=known.outflows | more.outflows,
        within=known.within | more.within,
        below=known.below | more.below,
        spoken=tuple(dict.fromkeys((*known.spoken, *more.spoken))),
        loose=tuple(dict.fromkeys((*known.loose, *more.loose))),
    )


def _check(metrics: Mapping[str, Metric], ratios: Mapping[str, Ratio]) -> None:
    """Refuse references to what is not there."""
    for ratio in ratios.values():
        more = (name for other in ratio.others for name in other.operands)
        for name in (*ratio.operands, *more, *((ratio.printed,) if ratio.printed else ())):
            if name not in metrics:
                raise SettingsError(f"ratio {ratio.id} refers to {name}, which is no metric")
    for metric in metrics.values():
        for line in {line for line, _ in metric.within} - metrics.keys():
            raise SettingsError(f"metric {metric.id} is within {line}, which is no metric")


def _spoken_of(measures: Iterable[Metric | Ratio]) -> tuple[tuple[str, str], ...]:
    names: dict[str, str] = {}
    for measure in measures:
        for name in measure.spoken:
            names.setdefault(name, measure.id)
    return tuple(sorted(names.items(), key=lambda item: (-len(item[0]), item[0])))


def _index(metrics: Iterable[Metric]) -> dict[tuple[str, str], tuple[Metric, ...]]:
    """Return metrics by (line it must stand under or nothing, label)."""
    found: dict[tuple[str, str], tuple[Metric, ...]] = {}
    for metric in metrics:
        for key in {*(("", label) for label in metric.labels), *metric.within}:
            found[key] = (*found.get(key, ()), metric)
    return found
