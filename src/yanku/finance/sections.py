"""Tells from the words above a table which statement or section of a report it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yanku.finance.labels import plain
from yanku.model.finance import Consolidation, Statement

_WHOSE = (
    r"(?P<whose>合并|综合(?=[简中比汇]?[明期要较总]?(?:资产负债|财务状况|现金流量|权益变动|损益|全面收益))|母公司|(?:本)?公司|本行|银行|本集团|集团)?"
    r"(?P<both>(?:及|和|与)(?:母)?(?:公司|银行|本行))?的?"
)
_KIND = r"(?P<span>年初[到至]报告期末|本报告期|中期|简要|简明|汇总|比较)?"
_ZH = re.compile(
    rf"(?<!按)(?<!与)(?<!见){_WHOSE}{_KIND}(?P<name>资产负债表|财务状况表|(?:综合)?利润表|损益表"
    r"|(?:利润|损益)及(?:其他)?(?:综合|全面)收益表|(?:综合|全面)收益表|现金流量表|(?:所有者|股东)?权益变动表)"
    r"(?=$|[\s(\[,:;、/]|续|编制|单位|未经|经审计|会[企合证商保]|人民币|金额|截至|[\d一二三四五六七八九十二〇])"
)
_EN = re.compile(
    r"(?P<whose>consolidated|group|company|parent company|parent|bank|separate)?(?:'s)?\s*"
    r"(?:and\s+(?P<both>company|parent company|bank)\s+)?(?:interim\s+|condensed\s+)*"
    r"(?P<name>balance sheets?|statements? of financial position|income statements?"
    r"|statements? of (?:profit or loss and other comprehensive income|profit or loss|income"
    r"|comprehensive income|operations|earnings)|(?:statements? of )?cash flows?(?: statements?)?"
    r"|statements? of changes in (?:shareholders' |owners' |stockholders' )?equity)"
    r"(?:\s+of the (?P<late>company|parent company|bank|group))?"
    r"(?=$|[\s(,:;–-]*(?:\(|$|continued|for the|as at|as of|at |unit|in |prepared|unaudited"
    r"|december|june|march|september|\d))"
)
_NAMES = (
    (
        Statement.BALANCE_SHEET,
        re.compile(r"资产负债表|财务状况表|balance sheet|financial position"),
    ),
    (Statement.CASH_FLOW, re.compile(r"现金流量表|cash flow")),
    (Statement.EQUITY, re.compile(r"权益变动表|changes in")),
    (Statement.INCOME, re.compile(r"利润|损益|收益|income|profit|operations|earnings")),
)
_KEY = re.compile(
    r"净资本(?:(?:及|和|与|等)?(?:相关|有关|各项)?风险控制指标)|风险控制指标(?:监管报表)?(?=$|[\s(:]|单位|情况)|"
    r"(?:分季度)?主要(?:会计|财务)(?:数据|指标)|分季度(?:主要)?(?:数据|指标)|(?:会计|财务)数据[和及与、](?:财务|业务|业绩)?指标|财务指标摘要"
    r"|(?:主要)?财务(?:数据)?(?:摘要|概要|概览|亮点)|利润表及现金流量表相关科目变动分析表"
    r"|(?:\d|[一二三四五])年(?:业绩|财务)(?:概要|摘要|概况)"
    r"|(?:key|major|main|principal|selected)\s+(?:accounting|financial)\s+(?:data|indicators|figures)"
    r"|financial\s+(?:highlights|summary)|(?:five|three)[\s-]year\s+(?:financial\s+)?summary"
)
_OTHER = re.compile(
    r"资产(?:构成|及负债)(?:重大变动|状况)(?:情况)?|(?:^|[\d)、.])(?:费用|现金流|研发投入)(?:情况)?(?=$|[\s:(]|单位|元)"
    r"|研发(?:投入|人员)(?:情况(?:表)?|金额)|员工(?:数量|人数|情况)(?:、?专业构成)?"
    r"|主要(?:销售)?客户(?:和主要供应商)?(?:的)?情况|主要供应商(?:的)?情况"
    r"|公司研发投入|利润分配(?:及|和|或)?(?:资本公积金?转增股本)?(?:预案|情况|方案)|现金流量(?:情况|分析)?(?=$|单位)"
)
_FOREIGN = re.compile(
    r"子公司|联营|合营|参股|被投资|标的|目标公司|同行业|可比公司|境内外会计准则"
    r"|国际(?:财务报告)?会计准则|国际财务报告准则|差异|分部|备考|模拟|预测|承诺|非经常性损益"
    r"|subsidiar|associate|joint venture|segment|pro forma|obligor|guarant|registrant only"
    r"|补充资料|补充信息|非主要财务"
)
_OTHERS = re.compile(
    r"子公司|参股公司|联营企业|合营企业|被投资|标的(?:公司|资产)|可比公司|同行业"
    r"|subsidiar|associates|joint venture|investees?"
)
_GUARANTEED = re.compile(r"guarant(?:ee|or)|obligor group|pro forma|registrant only")
_PARTS = re.compile(r"分部|分行业|分产品|分地区|segment")
_STANDARDS = re.compile(
    r"(?:国际|香港)(?:财务报告|会计)准则|\b(?:hk)?ifrs\b"
    r"|international (?:financial reporting|accounting)"
)
_MENTION_BEFORE = re.compile(
    r"(?:(?:详见|参见|参阅|请见)[^。；;]{0,24}|见|之|“|\"|《|上述|以上|按照|根据|由于|对)$"
)
_MENTION_BEFORE_EN = re.compile(
    r"(?:\b(?:in|on|to|of|from|by|with|within|see|the|our|its|their|these|those|accompanying|for)\s+"
    r"|[“\"'(])(?:(?:un)?audited\s+|interim\s+|condensed\s+|summari[sz]ed\s+)*$"
)
"""A sentence that speaks of a statement: "reported in the consolidated balance sheets:"."""
_MENTION_AFTER = re.compile(r"^(?:之|的|”|\"|》|。|中(?!期)|说明|表明|显示|列示|发生)")
_FURNITURE = re.compile(
    r"""^\(?(?:[□√■☑v\s]|适用|不适用|是|否|单位|币种|人民币|(?:百万|千|万|亿)?元|金额|审计类型|未经审计|经审计
      |编制单位|编制|公司是否|是否|追溯调整|因(?:会计|同一)|会计政策|会计差错|同一控制|其他原因|如无特[别殊]|除特别|以
      |\d{4}年\d{1,2}月\d{1,2}日|\d{4}年(?:度|\d{1,2}[-–—]\d{1,2}月)?|截至|本期|项目|续|（续）|\(续\)
      |法定代表人|公司负责人|主管会计|会计机构|后附|附注|注|unit|rmb|in\ |expressed|all\ amounts
      |for\ the|as\ at|as\ of|\(?continued|prepared|\(?expressed|notes?$|\(?(?:un)?audited
      |(?:year|period|(?:three|six|nine|twelve)\ months)\ ended|[-–—]?\ ?\d{1,4}\ ?[-–—]?$
      |\d{1,2}(?:st|nd|rd|th)?\ (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))""",
    re.VERBOSE,
)
_DAY = re.compile(
    r"\d{1,2}(?:st|nd|rd|th)? "
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (?:19|20)\d\d"
)
_TORN = re.compile(r"(?<=[a-z]{3}) (?=[a-z]$)")
"""A last letter set apart from its word, as some programs write it: "statement of incom e"."""
_WEEKS = re.compile(r"\d{1,2}[ -](?:weeks?|months?|quarters?)\b")
_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节]|[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十\d]{1,3}\)"
    r"|\d{1,2}(?:\.\d{1,2}){0,3}[、.\s)](?!\d)|[①-⑳])"
)


@dataclass(frozen=True, slots=True)
class Section:
    """What a table is: the statement, whose it is if the title says, and the title itself.

    ``mixed`` is a statement with columns for group and company; ``alone`` one of the report's
    quarter alone ("合并本报告期利润表"). ``around`` is the text the title stands in, for dates.
    """

    statement: Statement
    consolidation: Consolidation | None
    title: str
    mixed: bool = False
    alone: bool = False
    around: str = ""

    @property
    def is_statement(self) -> bool:
        """Tell the three statements from tables of indicators."""
        return self.statement in {
            Statement.BALANCE_SHEET,
            Statement.INCOME,
            Statement.CASH_FLOW,
        }


def section_of(texts: Sequence[str]) -> Section | None:
    """Return what the last of some texts say the table below them is; None if they do not say.

    Notes and lines of units between title and table are passed over; a heading of something else
    ends the search.
    """
    below: list[str] = []
    for text in reversed(texts):
        written = plain(text)
        section = _title_in(written) or _title_in(_TORN.sub("", written))
        if section is not None:
            around = " ".join([section.around, *reversed(below)])
            return Section(
                section.statement, section.consolidation, section.title, section.mixed,
                section.alone, around[:400],
            )  # fmt: skip
        if is_heading(written):
            return None
        below.append(written)
    return None


def is_heading(written: str) -> bool:
    """Tell whether a text (in the form of ``plain``) opens something new."""
    dated = (_DAY.match(written) or _WEEKS.match(written)) is not None
    return _NUMBERED.match(written) is not None and len(written) < 400 and not dated


def is_furniture(text: str) -> bool:
    """Tell whether a text is a unit, a date, a signature or the like, and parts nothing."""
    written = plain(text)
    return not written or (len(written) < 120 and _FURNITURE.match(written) is not None)


def speaks_of_others(heading: str) -> bool:
    """Tell whether what stands under a heading is of subsidiaries or other companies."""
    return _OTHERS.search(plain(heading)[:60]) is not None


def names_standards(heading: str) -> bool:
    """Tell whether what stands under a heading follows the standards of another place."""
    return _STANDARDS.search(plain(heading)[:80]) is not None


def is_foreign(title: str) -> bool:
    """Tell whether a running title says that its pages are of guarantors or other companies."""
    return _GUARANTEED.search(plain(title)[:80]) is not None


def speaks_of_parts(heading: str) -> bool:
    """Tell whether what stands under a heading is of parts of the company: segments, products."""
    return _PARTS.search(plain(heading)[:60]) is not None


def _title_in(written: str) -> Section | None:
    """Return the section that the last title in a text names."""
    found: list[tuple[int, Section | None]] = []
    for pattern in (_ZH, _EN):
        found.extend(
            (m.end(), _statement(m, written))
            for m in pattern.finditer(written)
            if _is_title(written, m)
        )
    for pattern, statement in ((_KEY, Statement.KEY_INDICATORS), (_OTHER, Statement.OTHER)):
        for m in pattern.finditer(written):
            if _is_title(written, m):
                around = written[max(0, m.start() - 20) : m.end() + 60]
                alone = written[max(0, m.start() - 8) : m.start()].rstrip("的").endswith("母公司")
                owner = Consolidation.PARENT if alone else Consolidation.CONSOLIDATED
                section = Section(statement, owner, m[0], around=around)
                near = written[max(0, m.start() - 12) : m.end() + 12]
                found.append((m.end(), None if _FOREIGN.search(near) else section))
    if not found:
        return None
    end, last = max(found, key=lambda item: item[0])
    later = written[end:]
    if last is None or len(later) > 260 or _FOREIGN.search(later[:80]):
        return None
    return last if not re.search(r"[)\s。:][一二三四五六七八九十]{1,2}、\S{2,}", later) else None


def _is_title(written: str, m: re.Match[str]) -> bool:
    before, after = written[: m.start()], written[m.end() :]
    if _MENTION_BEFORE.search(before) or _MENTION_AFTER.match(after):
        return False
    if m.re is _EN and _MENTION_BEFORE_EN.search(before):
        return False
    sentence = re.split(r"[。;；]", before)[-1]
    return len(sentence) < 100 or _NUMBERED.search(sentence[-12:]) is not None


def _statement(m: re.Match[str], written: str) -> Section | None:
    name = m["name"]
    statement = next(kind for kind, pattern in _NAMES if pattern.search(name))
    groups = m.groupdict()
    whose = groups.get("whose") or groups.get("late") or ""
    mixed = bool(groups.get("both")) and whose in {
        "合并",
        "consolidated",
        "group",
        "集团",
        "本集团",
    }
    if mixed or not whose:
        consolidation = None
    elif whose in {"合并", "综合", "集团", "本集团", "consolidated", "group"}:
        consolidation = Consolidation.CONSOLIDATED
    else:
        consolidation = Consolidation.PARENT
    around = written[max(0, m.start() - 40) : m.end() + 120]
    if _FOREIGN.search(written[max(0, m.start() - 12) : m.end() + 8]):
        return None
    alone = groups.get("span") == "本报告期"
    return Section(statement, consolidation, m[0].strip(), mixed, alone, around)
