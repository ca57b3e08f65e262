"""Finds whose figures a sheet of a workbook holds, by its titles, its lines and the file's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from yanku.finance.labels import HAN, plain
from yanku.finance.rows import Row
from yanku.finance.selfnaming import A_SHARE
from yanku.model.document import Document, Table
from yanku.model.finance import Company, Profile
from yanku.model.place import InSheet

_FULL = re.compile(
    rf"(?<![{HAN}])(?P<v>[{HAN}][{HAN}()（）·]{{2,30}}?(?:股份有限公司|集团有限公司|有限责任公司|有限公司))"
)
_LATIN = re.compile(
    r"(?P<v>[A-Z][A-Za-z0-9 .,&'()\-]{1,60}?(?:Co\.?,? ?Ltd\.?|Company Limited|Limited|Corporation"
    r"|Corp\.?|Inc\.?|PLC|N\.V\.|S\.A\.|AG|SE))(?![A-Za-z])"
)
_COMPANY = re.compile(
    r"(?:公司|企业|上市公司|可比公司|标的|证券|股票)(?:名称|简称|中文名称|名)?|简称|名称|机构"
    r"|company(?: name)?|name|issuer"
)
_CODE = re.compile(r"(?:证券|股票|公司)?(?:代码|代号)|code|ticker|symbol")
_NAME = re.compile(rf"[*A-Za-z]{{0,4}}[{HAN}]{{2,8}}[A-Za-z]?(?:-[A-Z]{{1,2}})?|{_LATIN.pattern}")
_NO_NAME = re.compile(
    r"合计|小计|总计|平均|均值|中位|行业|最[大小高低]|同比|环比|增[速长]|占比|变动|差异|序号|备注|说明|单位|来源|注[:：]"
    r"|资产|负债|利润|收入|成本|费用|现金|报表|指标|项目|科目|本期|上期|期[初末]|预算|实际|年|季|月|率|权益|商誉|存货|股本|销量|产量|人数|每股"
)
_OF_FILE = re.compile(
    r"(?:公司)?(?:财务|盈利|估值|季度|年度|分季度|历史|核心|主要|关键|业绩|合并|单季|经营|利润|现金流|资产负债|三大|三张)*"
    r"(?:模型|数据|报表|预测|底稿|摘要|指标|分析|测算|拆分|明细|汇总|表)+.*$"
)


def is_workbook(document: Document) -> bool:
    """Tell whether all that a document holds stands in cells of sheets."""
    tables = [block for block in document.body if isinstance(block, Table)]
    return bool(tables) and all(isinstance(p, InSheet) for t in tables for p in t.places)


def owner_of(document: Document, profile: Profile, texts: Sequence[str]) -> Company | None:
    """Return the company that a workbook is about: as it calls itself, else as its file does.

    The name in a file's name counts where a title in the workbook begins with it.
    """
    if profile.company is not None:
        return profile.company
    if (found := called(texts, None)) is not None:
        return found
    stem = re.sub(r"\.\w{1,5}$", "", document.name)
    name = _OF_FILE.sub("", re.split(r"[\s_＿:：,，()（）\-]+", stem)[0])
    begun = any(re.sub(r"\s+", "", text).startswith(name) for text in texts)
    return _company(name) if begun and _is_name(name) else None


def called(texts: Sequence[str], otherwise: Company | None) -> Company | None:
    """Return the one company that titles name in full, or else the one known otherwise."""
    for pattern in (_FULL, _LATIN):
        names = {m["v"].strip() for text in texts for m in pattern.finditer(text)}
        if len(names) == 1:
            name = names.pop()
            known = otherwise is not None and name in (otherwise.name, *otherwise.aliases)
            return otherwise if known else _company(name)
    return otherwise


def listed(
    titles: Mapping[int, str], body: Sequence[Row], *, across: bool = False
) -> dict[int, Company]:
    """Return the companies of lines by the line's number, where a column says that it has them.

    With ``across`` the titles themselves are names: all of several must look like one.
    """
    if across:
        names = {n: text.strip() for n, text in titles.items()}
        found = {n: _company(name) for n, name in names.items() if _is_name(name)}
        return found if len(found) > 1 and len(found) == len(names) else {}
    column = next((n for n, t in sorted(titles.items()) if _COMPANY.fullmatch(plain(t))), None)
    coded = next((n for n, t in sorted(titles.items()) if _CODE.fullmatch(plain(t))), None)
    whose: dict[int, Company] = {}
    last: Company | None = None
    for row in body if column is not None else ():
        cells = {cell.column: cell.text.strip() for cell in row.cells}
        name = cells.get(column or 0, "")
        if name:
            code = A_SHARE.match(cells.get(coded, "")) if coded is not None else None
            last = (
                _company(name, code[0] if code else cells.get(coded or -1, ""))
                if (_is_name(name))
                else None
            )
        if last is not None:  # A name may stand once over several lines.
            whose[row.number] = last
    return whose


def _company(name: str, code: str = "") -> Company:
    digits = code if re.fullmatch(r"\d{4,6}", code) else ""
    return Company(digits or name, name)


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and _NO_NAME.search(text) is None
