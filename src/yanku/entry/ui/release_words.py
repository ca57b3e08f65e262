"""What the page of releases says, in Chinese and in English."""

from __future__ import annotations

from yanku.entry.ui.words import Language
from yanku.model.release import Act, Level

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("模型发布", "Model releases"),
    "about": (
        "新版本先服务少数用户，变差时自动退回；稳定版本始终兜底。",
        "A new version serves a few users first and goes back by itself when it does worse; "
        "the stable version stands behind it.",
    ),
    "one_version": (
        "目前只有一个模型版本。请在设置 releases.versions 中写入要试的版本。",
        "There is one model version. Put those to try into the setting releases.versions.",
    ),
    "serves": ("当前服务：{name}", "Serving: {name}"),
    "tried": (
        "试用中：{name}，{weight} 的用户，影子流量 {shadow}",
        "On trial: {name}, {weight} of the users, {shadow} of the questions in the shadow",
    ),
    "rehearsing": (
        "预演中，暂不服务用户：已试答 {n} 次。",
        "In rehearsal, nobody is served by it yet: {n} answers written.",
    ),
    "nothing_tried": ("没有版本在试用。", "No version is on trial."),
    "suspended": (
        "护栏已触发，不再有新的请求进入该版本。",
        "A guard has struck: nobody new is sent to it.",
    ),
    "warned": (
        "有护栏在警告：此时不宜加大或转正。",
        "A guard warns: this is no time for more users or a promotion.",
    ),
    "missing": ("本服务器没有配置：{names}", "Not set up on this server: {names}"),
    "stable": ("稳定版本", "Stable version"),
    "candidate": ("新版本", "New version"),
    "requests": ("请求", "Requests"),
    "failures": ("失败", "Failures"),
    "declines": ("拒答", "Declines"),
    "withheld": ("扣下句子", "Withheld"),
    "first": ("首字平均", "First word, mean"),
    "latency": ("整答平均", "Whole answer, mean"),
    "chart_weight": ("权重", "Weight"),
    "chart_failures": ("失败率", "Failure rate"),
    "chart_declines": ("拒答率", "Decline rate"),
    "chart_latency": ("整答时间（秒）", "Whole answer (s)"),
    "no_data": ("还没有数据", "Nothing counted yet"),
    "guards": ("护栏", "Guards"),
    "guard": ("护栏", "Guard"),
    "level": ("状态", "State"),
    "shadow_title": ("影子对比", "In the shadow"),
    "shadow_text": (
        "{pairs} 个问题两版都答过：数字一致 {same}，新版失败 {failed}；"
        "仅新版拒答 {only_candidate}，仅稳定版拒答 {only_stable}；"
        "中位用时 {candidate_ms} 毫秒，稳定版 {stable_ms} 毫秒。",
        "{pairs} questions were answered by both: same numbers {same}, the new one failed "
        "{failed}; declined by the new one alone {only_candidate}, by the stable one alone "
        "{only_stable}; median {candidate_ms} ms against {stable_ms} ms.",
    ),
    "history": ("历史", "History"),
    "when": ("时间", "When"),
    "what": ("操作", "What"),
    "who": ("操作人", "Who"),
    "why": ("原因", "Why"),
    "a_guard": ("护栏自动", "a guard"),
    "start_title": ("试用一个版本", "Try a version"),
    "version": ("版本", "Version"),
    "weight": ("用户百分比", "Percent of users"),
    "shadow": ("影子流量百分比", "Percent in the shadow"),
    "start": ("开始", "Start"),
    "change": ("更改", "Change"),
    "change_title": ("更改权重", "Change the weight"),
    "promote": ("转正", "Promote"),
    "rollback": ("退回", "Roll back"),
    "undo": ("撤回转正", "Take the promotion back"),
    "sure_start": (
        "{weight} 的用户将由 {name} 回答。",
        "{weight} of the users will be answered by {name}.",
    ),
    "sure_promote": (
        "所有用户都将由 {name} 回答。",
        "Everybody will be answered by {name}.",
    ),
    "sure_rollback": (
        "所有用户都将由 {name} 回答；进行中且未显示的回答由它重做。",
        "Everybody will be answered by {name}; answers in the making that were not shown are "
        "made anew by it.",
    ),
    "done": ("已更改", "Changed"),
    "share_wrong": ("请输入 0 到 100 之间的数。", "Give a number from 0 to 100."),
}
_ACTS = {
    Act.STARTED: ("开始试用", "started"),
    Act.WEIGHED: ("更改权重", "weight changed"),
    Act.PROMOTED: ("转正", "promoted"),
    Act.ROLLED_BACK: ("退回", "rolled back"),
}
_LEVELS = {
    Level.WAITING: ("数据不足", "too little yet"),
    Level.FINE: ("正常", "fine"),
    Level.WARNING: ("警告", "warns"),
    Level.BREACHED: ("触发", "struck"),
}


class ReleaseWords:
    """The page's texts in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._at = 0 if language == "zh" else 1

    def say(self, name: str, /, **values: object) -> str:
        """Return a text."""
        return _WORDS[name][self._at].format(**values)

    def act(self, act: Act) -> str:
        """Return what was done."""
        return _ACTS[act][self._at]

    def level(self, level: Level) -> str:
        """Return how a guard stands."""
        return _LEVELS[level][self._at]
