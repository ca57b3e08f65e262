"""What the page of the engines says, in Chinese and in English."""

from __future__ import annotations

from yanku.entry.ui.words import Language
from yanku.serving.replica import Seen

_WORDS: dict[str, tuple[str, str]] = {
    "about": (
        "同一模型的各个副本。出故障的副本不再接收请求，由本机自动探测，恢复后自动启用。",
        "The replicas of each model. One that fails gets no requests; it is probed, and used again "
        "by itself when it generates.",
    ),
    "none": (
        "模型只有一处服务。在 model.urls 中填写更多地址，即可由多个副本分担。",
        "The model is served in one place. Add addresses to model.urls, and replicas share its "
        "work.",
    ),
    "version": ("版本", "Version"),
    "replica": ("副本", "Replica"),
    "state": ("状态", "State"),
    "outstanding": ("处理中", "At work on"),
    "answered": ("已完成", "Answered"),
    "failed": ("失败", "Failed"),
    "first": ("首字耗时", "First token"),
    "trouble": ("最近一次故障", "Last trouble"),
    "closed": ("正常", "in use"),
    "half_open": ("探测中", "being tried"),
    "open": ("停用", "left out"),
    "failing": ("连续失败", "it fails"),
    "slow": ("过慢", "it is slow"),
    "silent": ("没有输出", "it generates nothing"),
}


class EnginesWords:
    """The page's texts in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def __getitem__(self, key: str) -> str:
        """Return a text by its name."""
        zh, en = _WORDS[key]
        return zh if self._language == "zh" else en

    def state(self, seen: Seen) -> str:
        """Return the state of a replica in words, and why."""
        state = self[seen.state.value]
        if seen.fault is None:
            return state
        why = self[seen.fault.value]
        return f"{state}（{why}）" if self._language == "zh" else f"{state} ({why})"
