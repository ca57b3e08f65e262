"""Finds the companies of the library that a question names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from yanku.finance.labels import has_han, plain
from yanku.finance.phrases import Phrases, everyday_words
from yanku.finance.script import initials
from yanku.model.finance import Company
from yanku.model.inquiry import Unclear

_LEGAL = re.compile(
    r"(?:集团)?(?:股份有限公司|有限责任公司|有限公司)$"
    r"|,?\s*(?:(?<![a-z])&?\s*co\.?,?\s*)?(?<![a-z])"
    r"(?:ltd|limited|inc|incorporated|corp|corporation|plc|llc|n\.v|s\.a|l\.p|& co)\.?$"
)
_GROUP_EN = re.compile(r"\s+(?:group|holdings?|company|enterprises?|companies|international)$")
_MIXED = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]{2,3}")
"""A short name that no word is: letters with a figure, as 4t of 4T Company."""
_REGION = re.compile(
    r"^(?:中国|北京|上海|天津|重庆|深圳|广州|杭州|南京|苏州|武汉|成都|西安|宁波|青岛|厦门|大连|江苏|浙江|广东|山东|河南|河北"
    r"|湖南|湖北|四川|安徽|福建|江西|山西|陕西|贵州|云南|辽宁|吉林|黑龙江|内蒙古|新疆|西藏|青海|甘肃|宁夏|广西|海南|宜宾)市?"
)
_TYPE = re.compile(
    r"(?:集团|股份|控股|科技|技术|医药|医疗|生物|电子|银行|证券|保险|能源|电力|汽车|新药)$"
)
_GENERIC = frozenset({
    "中国", "国际", "科技", "医药", "银行", "证券", "集团", "生物", "平安", "长江", "招商", "平行",
    "石油", "电力", "能源", "汽车", "建设", "工商", "农业", "交通", "光大", "民生", "人寿", "保险",
})  # fmt: skip
_GENERIC_EN = frozenset(
    {"china", "bank", "shanghai", "beijing", "shenzhen", "hong", "first", "great", "national",
     "industrial", "united", "general", "international", "jiangsu", "zhejiang", "guangdong",
     "american", "british", "european", "asian", "pacific", "atlantic", "global", "standard",
     "north", "south", "east", "west", "northern", "southern", "eastern", "western", "central",
     "advanced", "applied", "allied", "consolidated", "royal", "capital", "federal", "union",
     "continental", "digital", "universal", "world"}
)  # fmt: skip
_GOES_ON = re.compile(r"银行|证券|保险|集团|科技|医药|基金|信托|生物|财险|寿险|健康|资本|期货|租赁")
_BEFORE_STEM = r"(?:(?<=^)|(?<=[^\u4e00-\u9fff])|(?<=[和与跟比、查看问那]))"
_AFTER_STEM = (
    r"(?=$|[^\u4e00-\u9fff]|[呢吗的和与跟比谁有是在哪几卖赚挣欠多每增同涨跌分研账手]"
    r"|去年|今年|前年|最[新近]|近|公司)"
)
"""What may stand around a company's stem; any other Chinese character would go on with a name."""
_INITIALS = re.compile(r"(?<![a-z0-9])[a-z]{3,5}(?![a-z])")
FORMERLY = re.compile(
    r"\((?:formerly|previously|f/k/a|fka|曾用名|原名?|前身为?)(?: known as| called)?"
    r":? ?[^()]{1,60}\)"
)
"""What a company named was called before."""
_BEFORE_CODE = frozenset({"code", "ticker", "stock", "share", "shares", "symbol", "number", "year"})
_LETTERS = re.compile(r"(?<![a-z0-9&'])[a-z][a-z&]{1,4}[a-z](?![a-z0-9&])")
_JOINTS = {"&": ("&", "n", ""), "and": ("&", "n", "a", ""), "of": ("o", ""), "the": ("",)}
"""Words of an English name, and what of them an abbreviation may take: J&J, JnJ."""
_PREFIX = 3
"""Most letters that an abbreviation takes of a word: AMEX of American Express."""
_GLUE = re.compile(r"[\s·・.]+")


@dataclass(frozen=True, slots=True)
class Named:
    """A company named at ``text[start:end]``; ``loose`` if the name is not one of its own."""

    start: int
    end: int
    company: Company
    said: str
    loose: bool = False


def find_companies(text: str, companies: Sequence[Company]) -> tuple[Named, ...]:
    """Return the companies a text (in the form of ``plain``) names, in order, longest names first.

    A company's own names, aliases and code are taken wherever they stand; a part of a name
    ("茅台" of 贵州茅台) only if it fits no other company in the library.
    """
    exact = [(name, company, False) for company in companies for name in _own_names(company)]
    short = [(name, company, True) for name, company in _short_names(companies)]
    taken = [False] * len(text)
    bare = _GLUE.sub("", text)  # Patterns are made only of the few names that can be there.
    found: list[Named] = []
    for name, company, loose in (
        *sorted(exact, key=lambda item: -len(item[0])),
        *sorted(short, key=lambda item: -len(item[0])),
    ):
        if _GLUE.sub("", name) not in bare:
            continue
        for m in _pattern(name).finditer(text):
            if loose and _GOES_ON.match(text, m.end()):
                continue
            if not any(taken[m.start() : m.end()]):
                taken[m.start() : m.end()] = [True] * (m.end() - m.start())
                start = _spoken_before(text, m.start()) if m[0].isdigit() else m.start()
                start = m.start() if any(taken[start : m.start()]) else start
                found.append(Named(start, m.end(), company, m[0], loose))
    return tuple(sorted(found, key=lambda named: named.start))


def _spoken_before(text: str, code: int) -> int:
    """Return where the word begins by which a question calls the company whose code is behind it:
    Yunxiu 998123, in letters that its documents do not have.
    """
    m = re.search(r"(?<![a-z0-9])(?P<word>[a-z]{4,}) ?\(?$", text[:code])
    known = m is None or m["word"] in everyday_words() or m["word"] in _BEFORE_CODE
    return code if known or m is None else m.start()


def find_stems(
    rest: str, companies: Sequence[Company], named: Sequence[Named]
) -> tuple[list[Named], list[tuple[tuple[int, int], Unclear]]]:
    """Return companies called by the first two characters of their name: 北岭 for 北岭机床.

    ``rest`` is the question with what is understood blanked out: a stem must stand apart there, or
    it is the beginning of another name. One that several companies share is returned as unclear.
    """
    owners = stems_of(companies)
    others = "|".join(map(re.escape, owners))
    # All stems are two characters, so that one may stand before or after another.
    before = f"(?:{_BEFORE_STEM}|(?<={others}))" if others else _BEFORE_STEM
    after = f"(?:{_AFTER_STEM}|(?={others}))" if others else _AFTER_STEM
    found: list[Named] = []
    shared: list[tuple[tuple[int, int], Unclear]] = []
    known = {one.company.code for one in named}
    for stem, whose in owners.items():
        if stem not in rest:
            continue
        for m in re.finditer(before + re.escape(stem) + after, rest):
            if known & whose.keys():  # 华宁医药 is named too: then 华宁 is it again.
                code = next(code for code in whose if code in known)
                found.append(Named(m.start(), m.end(), whose[code], stem))
            elif len(whose) > 1:
                names = tuple(company.name for company in whose.values())
                shared.append((m.span(), Unclear(stem, names)))
            else:
                found.append(Named(m.start(), m.end(), next(iter(whose.values())), stem, True))
    if not found and not shared:
        found = _shortened(rest, companies)
    return found, shared


def _shortened(rest: str, companies: Sequence[Company]) -> list[Named]:
    """Return companies called by three characters of their name, in their order and with its
    first: 中石油 for 中国石油天然气. They must stand apart and fit one company alone.
    """
    found: list[Named] = []
    for m in re.finditer(rf"{_BEFORE_STEM}[\u4e00-\u9fff]{{3}}{_AFTER_STEM}", rest):
        fits = [company for company in companies if _shortens(m[0], company)]
        if len(fits) == 1:
            found.append(Named(m.start(), m.end(), fits[0], m[0], True))
    return found


def _shortens(said: str, company: Company) -> bool:
    for name in (company.name, *company.aliases):
        whole = _LEGAL.sub("", plain(name))
        left = iter(whole)
        if has_han(name) and whole[:1] == said[0] and all(sign in left for sign in said):
            return said not in _GENERIC and len(whole) > len(said)
    return False


def find_initials(rest: str, companies: Sequence[Company], words: frozenset[str]) -> list[Named]:
    """Return companies called by the first letters of their name, dhsw for 东海水务, if only one
    can be meant. ``rest`` is the question with what is understood blanked out; letters that are
    one of the ``words`` of a language are no name.
    """
    found: list[Named] = []
    for m in _INITIALS.finditer(rest):
        if m[0] in words:
            continue
        fits = [company for company in companies if m[0] in _initials_of(company)]
        if len(fits) == 1:
            found.append(Named(m.start(), m.end(), fits[0], m[0], True))
    return found


def _initials_of(company: Company) -> frozenset[str]:
    names = (plain(name) for name in (company.name, *company.aliases))
    short = (name for name in names if has_han(name) and 3 <= len(name) <= 5)
    return frozenset().union(*(initials(name) for name in short))


def find_abbreviations(
    rest: str, companies: Sequence[Company], phrases: Phrases, typed: str
) -> list[Named]:
    """Return companies called by letters of the words of their English names: AMD, J&J, AMEX.

    A first word of three letters is one too: MGM. Letters that several companies could be called
    by, or that are an everyday word or one of the trade (EPS), are no name; nor are those that a
    question ``typed`` with capitals elsewhere has in lower case.
    """
    words = phrases.everyday | phrases.filler | phrases.shouted
    found: list[Named] = []
    for m in _LETTERS.finditer(rest):
        small = re.search(rf"(?<![A-Za-z]){re.escape(m[0])}(?![A-Za-z])", typed) is not None
        if m[0] in words or (small and typed != typed.lower()):
            continue
        fits = [company for company in companies if _abbreviates(m[0], company)]
        if len(fits) == 1:
            found.append(Named(m.start(), m.end(), fits[0], m[0], True))
    return found


def _abbreviates(letters: str, company: Company) -> bool:
    for name in (company.name, *company.aliases):
        words = _LEGAL.sub("", plain(name)).strip(" ,").removeprefix("the ").split()
        if len(words) < 2 or has_han(name):
            continue
        if (letters == words[0] and len(letters) == 3) or any(
            _spells(letters, words[:end]) for end in range(2, len(words) + 1)
        ):
            return True
    return False


def _spells(letters: str, words: Sequence[str]) -> bool:
    """Tell whether letters are the beginnings of all of some words, in their order."""
    if not words:
        return not letters
    first, rest = words[0], words[1:]
    heads = _JOINTS.get(first) or tuple(first[:end] for end in range(1, _PREFIX + 1))
    return any(
        letters.startswith(head) and _spells(letters[len(head) :], rest)
        for head in dict.fromkeys(heads)
    )


def stems_of(companies: Sequence[Company]) -> dict[str, dict[str, Company]]:
    """Return the first two characters of names, and by code whose they are."""
    owners: dict[str, dict[str, Company]] = defaultdict(dict)
    for company in companies:
        for name in (company.name, *company.aliases):
            stem = _REGION.sub("", plain(name))[:2]
            if len(plain(name)) > 2 and has_han(stem) and stem not in _GENERIC and len(stem) == 2:
                owners[stem][company.code] = company
    return owners


def full_names(company: Company) -> tuple[str, ...]:
    """Return the names of a company that may be misspelt: not its code."""
    return tuple(name for name in _own_names(company) if not name.isdigit())


def called_in_texts(company: Company) -> frozenset[str]:
    """Return what its own reports may call a company: its names, and the first word of one."""
    names = frozenset(full_names(company))
    firsts = {name.split()[0].strip(",.") for name in names if not has_han(name)}
    own = {word for word in firsts if len(word) > 3 and word not in _GENERIC_EN | everyday_words()}
    return names | own


def known_as(company: Company) -> frozenset[str]:
    """Return every code and name that documents may know a company by."""
    return frozenset((company.code, company.name, *company.aliases))


def is_known_as(company: Company | None, names: Collection[str]) -> bool:
    """Tell whether a document's company goes by one of the codes and names of ``known_as``."""
    return company is not None and (company.code in names or company.name in names)


def merged(companies: Sequence[Company]) -> tuple[Company, ...]:
    """Return each company once, where some documents know it by its code and others by a name.

    Entries that share a code or a full name are one company; it keeps the shortest code and has
    the codes and names of all as aliases. A name without a code, as in a list of peers, is that of
    the one company with a code that goes by it.
    """
    groups: dict[int, list[Company]] = {}
    owner: dict[str, int] = {}
    bare = _without_code(companies)
    for at, company in enumerate(companies):
        names = _identity(company) | (_plain_names(company) & bare)
        same = sorted({owner[name] for name in names if name in owner})
        groups[at] = [*(member for key in same for member in groups.pop(key)), company]
        owner |= dict.fromkeys(names, at)
        owner |= {name: at for name, key in owner.items() if key in same} if same else {}
    return tuple(_one(group) for group in groups.values())


def _without_code(companies: Sequence[Company]) -> frozenset[str]:
    """Return the names that stand without a code somewhere, and with one code at most."""
    codes: dict[str, set[str]] = defaultdict(set)
    bare: set[str] = set()
    for company in companies:
        if company.code == company.name:
            bare.add(plain(company.name))
            continue
        for name in _plain_names(company):
            codes[name].add(company.code)
    return frozenset(name for name in bare if len(codes[name]) < 2)


def _plain_names(company: Company) -> set[str]:
    return {plain(name) for name in (company.name, *company.aliases)}


def _identity(company: Company) -> set[str]:
    """Return what tells a company from every other: code, and names long enough to be its own."""
    names = _plain_names(company)
    return {company.code, *(name for name in names if _LEGAL.search(name))}


def _one(group: Sequence[Company]) -> Company:
    if len(group) == 1:
        return group[0]
    first = min(group, key=lambda company: (len(company.code), company.code))
    names = dict.fromkeys(
        name for company in group for name in (company.code, company.name, *company.aliases)
    )
    for own in (first.code, first.name):
        names.pop(own, None)
    return Company(first.code, first.name, tuple(names))


def said_in(company: Company, question: str) -> str:
    """Return the name by which a question calls a company, else the company's own."""
    for named in find_companies(plain(question), [company]):
        return named.said if has_han(named.said) else company.called(question)
    return company.called(question)


def _own_names(company: Company) -> tuple[str, ...]:
    names = (company.name, *company.aliases, company.code)
    whole = dict.fromkeys(plain(name) for name in names if len(name.strip()) >= 2)
    for name in list(whole):
        stem = re.sub(r"\s*\([^()]*\)\s*$", "", _LEGAL.sub("", name).strip(" ,"))
        stem = re.sub(r"\.com$", "", stem.removeprefix("the "))
        if len(stem) >= (3 if has_han(stem) else 4):
            whole.setdefault(stem)
        plainer = _GROUP_EN.sub("", stem)
        if len(plainer.split()) > 1 or (plainer != stem and _MIXED.fullmatch(plainer)):
            whole.setdefault(plainer)
    return tuple(whole)


def _short_names(companies: Sequence[Company]) -> list[tuple[str, Company]]:
    """Return parts of short names that belong to one company only."""
    owners: dict[str, set[str]] = defaultdict(set)
    by_code = {company.code: company for company in companies}
    for company in companies:
        for name in (company.name, *company.aliases):
            words = plain(name).removeprefix("the ").split()
            if not has_han(name) and len(words) > 1 and len(words[0]) >= 4:
                owners[words[0]].add(company.code)
        name = plain(company.name)
        if not has_han(name) or len(name) < 4:
            continue
        parts = {_REGION.sub("", name), _TYPE.sub("", name), _TYPE.sub("", _REGION.sub("", name))}
        if name.endswith("银行"):
            stem = _REGION.sub("", name).removesuffix("银行")
            parts.add((stem[:1] or name[:1]) + "行")
        for part in parts - {name}:
            if len(part) >= 2 and part not in _GENERIC:
                owners[part].add(company.code)
    whole = {plain(name) for c in companies for name in (c.name, *c.aliases)}
    return [
        (part, by_code[next(iter(codes))])
        for part, codes in owners.items()
        if len(codes) == 1 and part not in whole and part not in _GENERIC_EN | everyday_words()
    ]


def _pattern(name: str) -> re.Pattern[str]:
    """Match a name with any spaces in it; Latin names and codes only as whole words."""
    if has_han(name):
        return re.compile(r"\s*".join(re.escape(c) for c in _GLUE.sub("", name)))
    words = r"\s*".join(re.escape(c) for c in name.split())
    # "6001232024年": a code, and a year typed right after it.
    end = r"(?:(?![a-z0-9])|(?=(?:19|20)\d\d(?!\d)))" if name.isdigit() else r"(?![a-z0-9])"
    return re.compile(rf"(?<![a-z0-9]){words}{end}")
