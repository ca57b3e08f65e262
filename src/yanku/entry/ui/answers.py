"""An answer on the screen: sentences, chips, calculations, sources; or an honest no."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from yanku.answer.wording import worded
from yanku.entry.ui.elements import attributes, box, link, text
from yanku.entry.ui.places import place_worded
from yanku.entry.ui.tables import draw_table
from yanku.entry.ui.words import Words
from yanku.model.answer import Answer, Calculation, Citation, Claim, Declined, Grounded

Show = Callable[[Citation], Awaitable[None]]


class AnswerView:
    """Grows while an answer is given, and is replaced by the whole of it at the end."""

    def __init__(self, words: Words, show: Show) -> None:
        self._words = words
        self._show = show
        self._root = attributes(box("answer"), aria_live="polite", aria_busy="true")
        with self._root:
            self._sentences = box("sentences", "p")
            self._state = text("p", words.looking, "working")

    def looking(self, companies: Sequence[str]) -> None:
        """Say what is being looked for."""
        self._state.delete()
        words = self._words
        with self._root:
            named = "、".join(companies) if words.language == "zh" else ", ".join(companies)
            message = words.looking_for.format(companies=named) if named else words.reading
            self._state = text("p", message, "working")

    def sentence(self, claim: Claim, citations: Sequence[Citation]) -> None:
        """Add a checked sentence."""
        with self._sentences:
            self._claim(claim, {citation.number: citation for citation in citations})

    def stopped(self, message: str) -> None:
        """Say that nothing more will come."""
        self._state.delete()
        with self._root:
            text("p", message, "muted")
        attributes(self._root, aria_busy="false")

    def done(self, question: str, answer: Answer, foot: str, receipt: str) -> None:
        """Show the whole answer in place of what was there."""
        self._root.clear()
        with self._root:
            match answer:
                case Grounded():
                    self._grounded(answer, receipt)
                case Declined():
                    self._declined(answer)
            self._foot(question, answer, foot, receipt)
        attributes(self._root, aria_busy="false")

    def _grounded(self, answer: Grounded, receipt: str) -> None:
        words = self._words
        numbered = {citation.number: citation for citation in answer.citations}
        with box("sentences", "p"):
            for claim in answer.claims:
                self._claim(claim, numbered)
        if answer.table is not None:
            language = self._words.language
            draw_table(answer.table, language, lambda n: self._chip(n, numbered), receipt)
        for calculation in answer.calculations:
            self._calculation(calculation, numbered)
        if answer.assumptions:
            with box("aside"):
                text("h3", words.assumptions)
                with box("", "ul"):
                    for assumption in answer.assumptions:
                        text("li", assumption)
        if answer.withheld:
            text("p", words.withheld.format(n=answer.withheld), "aside muted")
        self._sources(words.sources, answer.citations)

    def _declined(self, answer: Declined) -> None:
        with box("declined"):
            text("h3", self._words.declined)
            text("p", answer.message)
        if answer.nearest:
            self._sources(self._words.nearest, answer.nearest)

    def _claim(self, claim: Claim, numbered: dict[int, Citation]) -> None:
        text("span", claim.text)
        for number in claim.citations:
            self._chip(number, numbered)

    def _chip(self, number: int, numbered: dict[int, Citation]) -> None:
        citation = numbered.get(number)
        if citation is None:
            return
        label = self._words.source_n.format(
            number=number, file=citation.file, place=place_worded(citation.place, self._words)
        )
        attributes(
            text("button", str(number), "chip"), type="button", aria_label=label, title=label
        ).on("click", lambda: self._show(citation), args=[])

    def _calculation(self, shown: Calculation, numbered: dict[int, Citation]) -> None:
        words = self._words
        with box("calculation"):
            text("h3", words.calculation)
            text("p", shown.formula, "formula")
            with box("", "dl"):
                for operand in shown.operands:
                    text("dt", operand.name)
                    with box("", "dd"):
                        text("span", worded(operand.amount, words.language), "figure")
                        self._chip(operand.citation, numbered)
                text("dt", words.result, "result")
                with box("result", "dd"):
                    text("span", worded(shown.result, words.language), "figure")

    def _sources(self, title: str, citations: Sequence[Citation]) -> None:
        if not citations:
            return
        with box("sources"):
            text("h3", title)
            with box("", "ol"):
                for citation in citations:
                    self._source(citation)

    def _source(self, citation: Citation) -> None:
        with (
            box("", "li"),
            attributes(box("source-line", "button"), type="button").on(
                "click", lambda: self._show(citation), args=[]
            ),
        ):
            text("span", str(citation.number), "chip still")
            with box("source-words", "span"):
                with box("source-name", "span"):
                    text("span", citation.file)
                    text("span", place_worded(citation.place, self._words), "muted")
                if citation.quote:
                    text("span", citation.quote, "quote")

    def _foot(self, question: str, answer: Answer, foot: str, receipt: str) -> None:
        words = self._words
        with box("foot"):
            attributes(
                text("button", words.copy, "button quiet"),
                type="button",
                data_text=plain(question, answer, words),
                data_done=words.copied,
            ).on("click", js_handler="(e) => yanku.copy(e.currentTarget)")
            if receipt:
                link(words.receipt, f"/receipts/{receipt}", "button quiet")
            box("gap")
            text("span", foot, "muted")


def plain(question: str, answer: Answer, words: Words) -> str:
    """Return an answer with its sources as text to paste elsewhere."""
    match answer:
        case Grounded():
            said, citations = answer.text, answer.citations
        case Declined():
            said, citations = answer.message, answer.nearest
    lines = [question, "", said]
    if isinstance(answer, Grounded):
        for shown in answer.calculations:
            result = worded(shown.result, words.language)
            lines += ["", f"{words.calculation}: {shown.formula} = {result}"]
            lines += [
                f"  {one.name} = {worded(one.amount, words.language)} [{one.citation}]"
                for one in shown.operands
            ]
    if citations:
        lines += ["", words.sources]
        lines += [
            f"[{one.number}] {one.file}, {place_worded(one.place, words)}: {one.quote}"
            for one in citations
        ]
    return "\n".join(lines)
