"""What guards look at and why they acted, in words of both languages."""

from __future__ import annotations

from typing import Literal

from yanku.model.release import Breach, Guard

Language = Literal["zh", "en"]

_GUARDS: dict[Guard, tuple[str, str]] = {
    Guard.FAILURES: ("失败", "failures"),
    Guard.FIRST_TOKEN: ("首字过慢", "slow first words"),
    Guard.WHOLE_ANSWER: ("整答过慢", "slow answers"),
    Guard.DECLINES: ("拒答", "declines"),
    Guard.UNCITED: ("无引用", "answers without citation"),
    Guard.WITHHELD: ("有句子被核验扣下", "sentences withheld by checks"),
    Guard.IN_A_ROW: ("连续失败", "failures in a row"),
}


def guard_worded(guard: Guard, language: Language) -> str:
    """Return what a guard looks at."""
    return _GUARDS[guard][0 if language == "zh" else 1]


def breach_worded(breach: Breach, language: Language) -> str:
    """Return why a guard ended a release."""
    name, tried, stable = guard_worded(breach.guard, language), breach.candidate, breach.stable
    if breach.guard is Guard.IN_A_ROW:
        return f"{name} {tried.hits} 次" if language == "zh" else f"{tried.hits} {name}"
    if language == "zh":
        return (
            f"{name}：新版本 {tried.of} 次中 {tried.hits} 次（{tried.rate:.1%}），"
            f"稳定版本 {stable.of} 次中 {stable.hits} 次（{stable.rate:.1%}）"
        )
    return (
        f"{name}: {tried.hits} of {tried.of} ({tried.rate:.1%}), against "
        f"{stable.hits} of {stable.of} ({stable.rate:.1%}) of the stable version"
    )
