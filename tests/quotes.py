"""A firm, its sentences, and what is quoted of them; shared by the tests of quoting."""

from datetime import date

from yanku.answer.choosing import Choice, candidates, choose
from yanku.answer.evidence import lines_of
from yanku.answer.passages import passages
from yanku.answer.quote import scored
from yanku.finance.inquiry import understand
from yanku.finance.matter import load_vocabulary, matter_of
from yanku.finance.ontology import load_ontology
from yanku.model.finance import Company, Period, Profile
from yanku.model.inquiry import Inquiry
from yanku.model.library import Chunk, ChunkId, DocumentId
from yanku.model.matter import Matter
from yanku.model.place import OnPage
from yanku.model.search import Hit
from yanku.retrieve.tokens import Tokens

TODAY = date(2026, 5, 1)
FIRM = Company("999801", "栖川重工", ("Qichuan Heavy Industries Co., Ltd.",))
ONTOLOGY = load_ontology()
VOCABULARY = load_vocabulary(ONTOLOGY)
TOKENS = Tokens(ONTOLOGY.vocabulary())
YEAR = Period(date(2025, 12, 31), date(2025, 1, 1))


def asked(question: str) -> tuple[Inquiry, Matter]:
    inquiry = understand(question, [FIRM], ONTOLOGY, TODAY)
    return inquiry, matter_of(inquiry, ONTOLOGY, VOCABULARY, TOKENS.of, TODAY)


def hit(ordinal: int, *lines: str, heading: str = "", year: Period = YEAR) -> Hit:
    chunk = Chunk(
        ChunkId(f"c{year.end.year}-{ordinal}"),
        DocumentId(f"d{year.end.year}"),
        ordinal,
        f"栖川重工（999801） 年度报告 > {heading}",
        "\n".join(lines),
        OnPage(ordinal + 1),
        tuple(OnPage(ordinal + 1) for _ in lines),
    )
    return Hit(chunk, f"{year.end.year}.pdf", Profile(company=FIRM, period=year), 1.0, {})


def choice(question: str, *hits: Hit) -> Choice:
    _, matter = asked(question)
    every = passages(lines_of(hits))
    sure = candidates(scored(matter, every, lambda _: True))
    return choose(matter, sure, [0.0] * len(sure), every)


def text(question: str, *hits: Hit) -> str:
    return " ".join(quote.text for quote in choice(question, *hits).quotes)


EXPENSES = hit(
    0,
    "销售费用变动原因说明：主要系展会与差旅增多所致。",
    "管理费用变动原因说明：主要系股份支付减少所致。",
    "管理费用 | 2025年: 120,000.00 | 2024年: 150,000.00",
    "研发费用 | 2025年: 80,000.00 | 2024年: 70,000.00",
)
RISKS = hit(
    3,
    "1、原材料价格波动风险。公司主要原材料为铜，价格上涨将影响毛利率。公司已签订年度锁价协议。",
    "2、汇率波动风险。公司出口以美元结算，未开展外汇衍生品交易。",
    "3、客户集中风险。第一大客户占收入的四成。",
    heading="四、可能面对的风险",
)
