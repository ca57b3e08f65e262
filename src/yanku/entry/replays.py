"""What a replay found, in the words of the reader's language."""

from __future__ import annotations

from yanku.flows.replay import Aspect, Replayed, SourceState, Verdict

_VERDICTS = {
    Verdict.SAME: ("答案与出处都与当时一致。", "The same answer from the same sources."),
    Verdict.SOURCE_GONE: (
        "答案与当时不同：有出处已删除，或不再对您开放。",
        "The answer differs: a source was deleted, or is no longer yours to read.",
    ),
    Verdict.DIFFERENT: ("答案与当时不同。", "The answer differs."),
}
_STATES = {
    SourceState.LIVE: ("仍在文库中", "in the library"),
    SourceState.REPLACED: (
        "已被新版本取代；当时的版本仍保留",
        "replaced by a newer version; this one is kept",
    ),
    SourceState.ADDED: (
        "当时未引用（当时可能尚未对您开放）",
        "not cited then (perhaps not yet yours to read)",
    ),
    SourceState.GONE: ("已删除，或不再对您开放", "deleted, or no longer yours to read"),
}
_ASPECTS = {
    Aspect.KIND: ("作答", "answer"),
    Aspect.AMOUNT: ("数值", "amount"),
    Aspect.CHOICE: ("选择", "choice"),
    Aspect.TABLE: ("表格", "table"),
    Aspect.WORDS: ("措辞", "words"),
    Aspect.NOTES: ("说明", "notes"),
    Aspect.SOURCES: ("出处", "sources"),
    Aspect.VERSION: ("版本", "version"),
}
_NOTHING = ("无", "none")


def verdict_line(replayed: Replayed, language: str) -> str:
    """Return in one sentence how the replay went."""
    return _VERDICTS[replayed.verdict][language == "en"]


def source_lines(replayed: Replayed, language: str) -> list[str]:
    """Return a line for each source that is not as it was."""
    joint = ": " if language == "en" else "："
    return [
        f"{source.file}{joint}{_STATES[source.state][language == 'en']}"
        for source in replayed.sources
        if source.state is not SourceState.LIVE
    ]


def difference_lines(replayed: Replayed, language: str) -> list[str]:
    """Return a line for each difference: what was so then and what is so now."""
    none = _NOTHING[language == "en"]
    joint = ": " if language == "en" else "："
    return [
        f"{_ASPECTS[one.aspect][language == 'en']}{joint}{one.then or none} → {one.now or none}"
        for one in replayed.differences
    ]
