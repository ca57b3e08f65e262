"""The few sentences in which a default or a doubt is told, in both languages."""

from __future__ import annotations

_SENTENCES = {
    "consolidated": ("合并报表口径", "consolidated figures"),
    "continued": ("按上文理解为：{question}", "read with what was asked before: {question}"),
    "as_of": (
        "截至{day}：只用当时文库已有、且当日前已公布的文件；文件未写明公布日的，按法定披露期限或入库日计",
        "as of {day}: only documents that the library held then and that were public by that day; "
        "one that names no day of publication counts from its legal deadline or from when it came",
    ),
    "public_instead": (
        "；要计入后来才入库、但当日前已公布的文件，请改按公布日提问（public-by）",
        "; to count documents that came later and were public by then, ask by the day of "
        "publication instead (public-by)",
    ),
    "held": (
        "截至{day}：只用当时文库已有的文件版本",
        "as of {day}: only the versions of documents that the library held then",
    ),
    "public_by": (
        "只用{day}前已公布的文件，不论何时入库；文件未写明公布日的，按法定披露期限或入库日计",
        "only documents public by {day}, whenever they came into the library; one that names no "
        "day of publication counts from its legal deadline or from when it came",
    ),
    "proposed": (
        "模型建议、规则核对后按“{question}”理解",
        "read as “{question}”, proposed by the model and checked by the rules",
    ),
    "several": ("分别回答：{questions}", "answered one by one: {questions}"),
    "loose": ("“{said}”按{name}理解", "“{said}” read as {name}"),
    "judged": (
        "资料中没有判断“{said}”的标准：此处列出指标，判断由读者作出",
        "no document says what counts as “{said}”: the measures are given, and the judgement is "
        "the reader's",
    ),
    "misspelt": ("“{said}”按“{meant}”理解", "“{said}” read as “{meant}”"),
    "only": ("未指明公司，按{name}理解", "no company named: read as {name}"),
    "quarter": ("第三季度按单季（7—9月）理解", "the third quarter read as July to September alone"),
    "to_date": ("按年初至{end}理解", "read as the year to {end}"),
    "latest": ("未指明期间，取最近的{when}", "no period named: the latest, {when}"),
    "by_sales": ("未指明指标，按收入比较", "no figure named: compared by revenue"),
    "days": ("{count}天", "{count} days"),
    "current": ("本期", "current"),
    "previous": ("上期", "previous"),
    "fiscal_year": ("该公司财政年度为{when}", "the company's fiscal year, {when}"),
    "fiscal_year_unnamed": (
        "该公司财政年度为{when}；文件未写明公司如何称呼该年度，此处按截止年份理解，请核对日期",
        "the company's fiscal year, {when}; the document does not say by which year the company "
        "names it, so it is named here by the year it ends in: check the dates",
    ),
    "comparative": (
        "取自{when}报告的比较数据",
        "from the comparative figures of the report on {when}",
    ),
    "restated_comparative": (
        "取自{when}报告的比较数据（调整后）",
        "from the restated comparative figures of the report on {when}",
    ),
    "later_restated": (
        "{what}：按当期报告披露口径；后续文件（{file}）追溯调整为{value}",
        "{what}: as first reported; later restated to {value} ({file})",
    ),
    "comparable": (
        "按后一期报告的可比口径（上期{value}）计算为{change}",
        "on the later report's comparable basis (previous {value}) it is {change}",
    ),
    "coverage": (
        "{all}家公司中{known}家披露",
        "{known} of {all} companies disclose it",
    ),
    "mixed_units": (
        "{names}以其他单位或币种披露，未参与比较",
        "{names}: disclosed in another unit or currency, left out",
    ),
    "instead": (
        "资料中没有披露{asked}，以下为{told}",
        "{asked} is not disclosed; this is {told}",
    ),
    "instead_among": (
        "披露{told}的公司多于披露{asked}的，按{told}比较",
        "more companies disclose {told} than {asked}: compared by {told}",
    ),
    "of_parent": ("{name}（母公司口径）", "{name} of the parent alone"),
    "yuan": ("元", " CNY"),
    "rounded": (
        "相减的两个数中有一个是约数，结果只精确到{step}",
        "one of the two figures is rounded, and so is the result, to {step}",
    ),
    "nil": (
        "报表未列示、且不计入时合计相符，按零计：{names}",
        "not printed, and the statement adds up without, so counted as nothing: {names}",
    ),
    "run": ("连续{count}期：{start}至{end}", "{count} periods in a row: {start} to {end}"),
    "too_few": (
        "{name}（有数据的公司仅{count}家）",
        "{name} (only {count} companies have it)",
    ),
    "over": ("所据期间：{start}至{end}，共{count}期", "over {count} periods, {start} to {end}"),
    "at_least": (
        "资料中最早的一期（{when}）仍满足，更早的情况未知",
        "the earliest period on record, {when}, still meets it; what was before is not known",
    ),
    "chosen_by": ("所含公司：{names}", "companies: {names}"),
    "left_out": ("不含：{names}", "without: {names}"),
    "median_of": ("{count}个数值的中位数", "median of {count} figures"),
    "trailing": (
        "滚动四个季度：{start}至{end}",
        "the four quarters from {start} to {end}",
    ),
    "mean_of": ("{count}个数值的算术平均", "arithmetic mean of {count} figures"),
    "cagr_years": ("{start}至{end}，共{years}年", "{start} to {end}, {years} years"),
    "gaps_among": ("资料中没有的有：{names}等", "not in the documents, among others: {names}"),
    "gaps": ("资料中没有：{names}", "not in the documents: {names}"),
    "gaps_counted": ("有{count}项资料中没有，表中留空", "{count} figures are not in the documents"),
    "later_differs": (
        "{what}：按当期报告披露口径；后续文件（{file}）的比较数据列示为{value}",
        "{what}: as first reported; a later report ({file}) gives {value} for comparison",
    ),
    "doubtful_reading": (
        "表格读数与页面文字不一致，请核对原文",
        "the table as read and the text of its page differ: see the source",
    ),
    "doubtful_print": (
        "扫描图像中该数有字迹难以辨认，请核对原文",
        "a digit of it is hard to read in the picture of its page: see the source",
    ),
    "doubtful_repeat": (
        "同一文件中另一处披露的数值不同，请核对原文",
        "another place in the same document gives another value: see the source",
    ),
    "doubtful_elsewhere": (
        "另一份同期文件披露的数值不同，请核对原文",
        "another document on the same period gives another value: see the source",
    ),
    "doubtful": (
        "该数所在报表有勾稽关系未通过，请核对原文",
        "a check of the statement it stands in failed: see the source",
    ),
}


def say(key: str, language: str, **values: str) -> str:
    """Return a sentence in ``zh`` or ``en`` with its values."""
    return _SENTENCES[key][1 if language == "en" else 0].format(**values)
