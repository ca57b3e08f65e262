"""Everything the console says, in Chinese and in English."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]


class _Text:
    """One text in both languages; read from a ``Words`` it is that language's."""

    def __init__(self, zh: str, en: str) -> None:
        self._by_language = {"zh": zh, "en": en}

    def __get__(self, words: Words, _owner: type[Words]) -> str:
        return self._by_language[words.language]


class Words:
    """The console's texts in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    # everywhere
    brand = _Text("研库", "Yanku")
    tagline = _Text("每一个数字，都指向出处", "Every number leads to its source")
    skip = _Text("跳到正文", "Skip to content")
    main_menu = _Text("主菜单", "Main menu")
    other_language = _Text("English", "中文")
    dark = _Text("切换明暗", "Light or dark")
    close = _Text("关闭", "Close")
    cancel = _Text("取消", "Cancel")
    save = _Text("保存", "Save")
    more = _Text("显示更多", "Show more")
    none = _Text("无", "None")
    yes = _Text("是", "Yes")
    no = _Text("否", "No")
    name = _Text("名称", "Name")
    ask = _Text("提问", "Ask")
    library = _Text("文库", "Library")
    history = _Text("记录", "History")
    people = _Text("人员", "People")
    engines = _Text("模型服务", "Engines")
    releases = _Text("模型版本", "Releases")
    account = _Text("账户", "Account")
    sign_out = _Text("退出登录", "Sign out")
    not_found_title = _Text("这里没有内容", "Nothing here")
    not_found = _Text(
        "您要看的内容不存在，或者不对您开放。", "It does not exist, or it is not yours to see."
    )
    back = _Text("回到提问", "Back to questions")

    # signing in
    sign_in = _Text("登录", "Sign in")
    user_name = _Text("用户名", "User name")
    password = _Text("密码", "Password")
    setup_title = _Text("首次使用", "First start")
    setup_text = _Text(
        "请创建管理员。一次性令牌由服务器启动时打印，24 小时内有效。",
        "Create the administrator. The server printed a one-time token when it started; "
        "it holds for 24 hours.",
    )
    setup_token = _Text("一次性令牌", "One-time token")
    set_up = _Text("创建管理员", "Create administrator")
    password_hint = _Text(
        "至少 12 个字符，不含用户名", "At least 12 characters, without the name in it"
    )

    # asking
    ask_title = _Text("想了解什么？", "What would you like to know?")
    ask_text = _Text(
        "答案只来自您有权阅读的文件；没有依据，就不回答。",
        "Answers come only from documents you may read; without evidence there is none.",
    )
    question = _Text("问题", "Question")
    placeholder = _Text(
        "例如：某公司 2024 年的营业收入是多少？", "Such as: what was the revenue in 2024?"
    )
    ask_hint = _Text("Enter 提问，Shift + Enter 换行", "Enter asks, Shift + Enter starts a line")
    stop = _Text("停止", "Stop")
    examples = _Text("可以这样问", "Some things to ask")
    example_amount = _Text(
        "{company}{period}的营业收入是多少？", "What was {company}'s revenue in {period}?"
    )
    example_growth = _Text(
        "{company}{period}归属于上市公司股东的净利润同比增长多少？",
        "How much did {company}'s net profit grow in {period}?",
    )
    example_compare = _Text(
        "{period}{company}和{other}哪家的营业收入更高？",
        "Which had the higher revenue in {period}, {company} or {other}?",
    )
    as_of = _Text("资料截至", "As of")
    as_of_hint = _Text(
        "只用当日文库已有、且已公布的文件回答；留空为现在",
        "Answer from what the library held and what was public by that day; empty is now",
    )
    as_of_by = _Text("按什么计", "Counted by")
    by_held = _Text("已入库且已公布", "held and public")
    by_public = _Text("已公布，不论何时入库", "public, whenever added")
    empty_title = _Text("还没有可以回答问题的文件", "There is nothing to answer from yet")
    empty_text = _Text("先到文库上传文件，读完即可提问。", "Upload documents to the library first.")
    go_library = _Text("打开文库", "Open the library")
    looking = _Text("正在查找依据……", "Looking for evidence…")
    looking_for = _Text("正在查找 {companies} 的依据……", "Looking for evidence on {companies}…")
    reading = _Text("正在阅读依据并核对数字……", "Reading the evidence and checking numbers…")
    declined = _Text("无法回答", "No answer")
    nearest = _Text("最接近的内容", "The nearest there is")
    sources = _Text("出处", "Sources")
    source_n = _Text("出处 {number}：{file}，{place}", "Source {number}: {file}, {place}")
    calculation = _Text("计算", "Calculation")
    result = _Text("结果", "Result")
    assumptions = _Text("前提", "Assumptions")
    withheld = _Text(
        "有 {n} 句话因数字没有依据而未显示。",
        "Withheld, because a number had no support: {n} sentences.",
    )
    copy = _Text("复制答案和出处", "Copy answer with sources")
    copied = _Text("已复制", "Copied")
    receipt = _Text("凭据", "Receipt")
    seconds = _Text("{n} 秒", "{n} s")
    stopped = _Text("已停止。", "Stopped.")
    recent = _Text("最近的问题", "Recent questions")

    # sources
    page_n = _Text("第 {n} 页", "page {n}")
    page_of = _Text("第 {n} 页，共 {all} 页", "Page {n} of {all}")
    sheet_place = _Text("工作表“{sheet}” {cells}", "sheet “{sheet}” {cells}")
    line_n = _Text("第 {n} 行", "line {n}")
    lines_n = _Text("第 {first}–{last} 行", "lines {first}–{last}")
    cited_place = _Text("引用的位置", "The cited place")
    page_picture = _Text("{file} 第 {n} 页的图像", "Picture of page {n} of {file}")
    zoom_in = _Text("放大", "Zoom in")
    zoom_out = _Text("缩小", "Zoom out")
    previous_page = _Text("上一页", "Previous page")
    next_page = _Text("下一页", "Next page")
    to_cited = _Text("回到引用处", "Back to the cited place")
    open_document = _Text("打开文件", "Open the document")
    source_view = _Text("出处查看", "Source viewer")
    what_was_seen = _Text("机器所见", "What the machine saw")
    seen_text = _Text(
        "机器在这份文件里读到的一切，连同没有读懂的地方。",
        "Everything that was read in this document, and what could not be.",
    )
    time_read = _Text("阅读用时", "Reading took")

    # library
    library_text = _Text("您可以阅读的文件。", "The documents you may read.")
    upload = _Text("上传文件", "Upload documents")
    drop_here = _Text("把文件拖到这里，或", "Drop files here, or")
    choose_files = _Text("选择文件", "choose files")
    upload_kinds = _Text(
        "PDF、图片、Excel、CSV、Word、PPT、文本、邮件、ZIP；单个不超过 {mb} MB",
        "PDF, pictures, Excel, CSV, Word, slides, text, mails, ZIP; up to {mb} MB each",
    )
    who_reads = _Text("谁可以阅读", "Who may read")
    only_me = _Text("仅自己", "Only me")
    choose_groups = _Text("不选则仅自己可读", "None chosen: only you")
    no_groups = _Text(
        "您还不在任何组里，上传的文件仅自己可读。", "You are in no group: only you will read it."
    )
    owner_only = _Text("不归您所有", "Not yours to change")
    document = _Text("文件", "Document")
    state = _Text("状态", "State")
    about = _Text("内容", "About")
    added = _Text("加入时间", "Added")
    actions = _Text("操作", "Actions")
    queued = _Text("等待阅读", "Waiting")
    parsing = _Text("正在阅读", "Reading")
    live = _Text("可以提问", "Ready")
    failed = _Text("未能读取", "Could not be read")
    superseded = _Text("已被新版本取代", "Replaced by a newer version")
    pages_progress = _Text("{done} / {all} 页", "{done} of {all} pages")
    rate = _Text("每秒 {n} 页", "{n} pages a second")
    remaining = _Text("约剩 {time}", "about {time} left")
    minutes = _Text("{n} 分钟", "{n} min")
    indexing = _Text("语义索引 {done} / {all}", "Indexing meaning, {done} of {all}")
    flaws = _Text("{n} 条阅读提示", "Notes on reading: {n}")
    pages_all = _Text("{n} 页", "{n} pages")
    rights = _Text("权限", "Readers")
    change_readers = _Text("更改阅读权限", "Change who may read")
    delete = _Text("删除", "Delete")
    files_inside = _Text("其中的文件：{n} 个", "Files inside: {n}")
    came_in = _Text("来自", "Came in")
    locked_title = _Text("这个文件有密码", "This document is protected by a password")
    locked_text = _Text(
        "输入密码后即可阅读。密码只使用一次，不会保存。",
        "Give its password to have it read. The password is used once and kept nowhere.",
    )
    unlock = _Text("解锁", "Unlock")
    delete_title = _Text("删除这个文件？", "Delete this document?")
    delete_text = _Text(
        "“{name}”的所有版本、文字、数据和图像都会立即消失，无法恢复。",
        "Every version of “{name}”, its text, figures and pictures are gone at once, for good.",
    )
    deleted = _Text("已删除“{name}”。", "“{name}” is deleted.")
    saved = _Text("已保存。", "Saved.")
    library_empty = _Text(
        "文库里还没有您能阅读的文件。", "There is nothing here that you may read yet."
    )
    size = _Text("大小", "Size")
    version = _Text("版本", "Version")
    company = _Text("公司", "Company")
    period = _Text("期间", "Period")

    # receipts
    history_text = _Text("您提过的问题和得到的答案。", "What you asked, and what was answered.")
    history_empty = _Text("还没有提过问题。", "No questions yet.")
    when = _Text("时间", "When")
    who = _Text("提问人", "Who")
    answer = _Text("答案", "Answer")
    unfinished = _Text("未完成", "Not finished")
    scope = _Text("当时的阅读范围", "Reading rights at the time")
    evidence = _Text("用到的依据", "Evidence used")
    evidence_n = _Text(
        "{documents} 个文件，{hits} 个片段", "{documents} documents, {hits} passages"
    )
    versions = _Text("参与的版本", "Versions that took part")
    latency = _Text("用时", "Time taken")
    number_of_receipt = _Text("凭据编号", "Receipt number")
    ask_again = _Text("再问一次", "Ask again")
    replay = _Text("按当时重放", "Give this answer again")
    replay_hint = _Text(
        "用当时的权限和文件版本再答一次，并比对结果",
        "Answer again within the rights and from the versions of then, and compare",
    )
    replayed = _Text("重放结果", "The answer given again")
    known_then = _Text("资料截至", "As of")

    # people
    people_text = _Text("人员、组和组内成员。", "People, groups and who is in which.")
    users = _Text("人员", "People")
    groups = _Text("组", "Groups")
    role = _Text("角色", "Role")
    member = _Text("成员", "Member")
    admin = _Text("管理员", "Administrator")
    add_user = _Text("添加人员", "Add a person")
    add_group = _Text("添加组", "Add a group")
    add = _Text("添加", "Add")
    group_name = _Text("组名", "Group name")
    new_password = _Text("新密码", "New password")
    reset_password = _Text("重设密码", "Reset password")
    members_of = _Text("{name}所属的组", "Groups of {name}")
    no_groups_yet = _Text("还没有组。", "There are no groups yet.")
    membership_hint = _Text("勾选即加入，取消即退出。", "Tick to join, untick to leave.")

    # account
    account_text = _Text("您的密码和 API 令牌。", "Your password and API tokens.")
    current_password = _Text("当前密码", "Current password")
    change_password = _Text("更改密码", "Change password")
    change_password_hint = _Text(
        "更改后，所有设备都需要重新登录。", "Afterwards every device has to sign in again."
    )
    tokens = _Text("API 令牌", "API tokens")
    tokens_text = _Text(
        "程序用令牌代表您访问，权限与您相同。",
        "Programs use a token in your name, with your rights.",
    )
    token_name = _Text("用途", "What for")
    token_days = _Text("有效天数（留空则不过期）", "Days it holds (empty: no end)")
    make_token = _Text("创建令牌", "Make a token")
    token_shown = _Text(
        "令牌只显示这一次，请立即保存：", "This is the only time the token is shown; keep it now:"
    )
    expires = _Text("到期", "Expires")
    never = _Text("不过期", "Never")
    revoke = _Text("撤销", "Revoke")
    no_tokens = _Text("还没有令牌。", "There are no tokens.")

    # problems
    problem = _Text("出了问题", "Something is wrong")
    unexpected = _Text(
        "服务器出了意外，编号 {incident}。请把编号告诉管理员。",
        "Something unexpected happened. Tell your administrator its number, {incident}.",
    )
    connection = _Text("与服务器的连接中断了，请重试。", "The connection was lost; try again.")

    def error(self, code: str) -> str:
        """Return a sentence for the code of an error."""
        zh, en = _ERRORS.get(code, _ERRORS["other"])
        return zh if self.language == "zh" else en

    def errors(self) -> dict[str, str]:
        """Return the sentences of all codes, for what runs in the browser."""
        return {code: self.error(code) for code in _ERRORS} | {"connection": self.connection}

    def flaw(self, code: str, detail: str) -> str:
        """Return a sentence for a flaw; one without a translation says what the reader said."""
        # The reader's own words are English, and say more.
        return detail if self.language == "en" else _FLAWS.get(code, detail)

    def flaws_worded(self) -> dict[str, str]:
        """Return the sentences of flaws by code; without one the reader's own words are shown."""
        return {} if self.language == "en" else dict(_FLAWS)


_ERRORS: dict[str, tuple[str, str]] = {
    "other": ("没有成功，请稍后再试。", "That did not work; try again later."),
    "empty_source": ("这个文件是空的。", "The file is empty."),
    "unsupported_source": ("无法读取这种文件。", "There is no reader for this kind of file."),
    "mismatched_source": (
        "文件内容与扩展名不符；请核对文件。",
        "The file is not what its name says; check it.",
    ),
    "encrypted_source": (
        "文件有密码；请打开文件页输入密码。",
        "The file needs a password; open its page and give it.",
    ),
    "wrong_password": ("密码不对；请核对后再试。", "This is not the password; check it."),
    "broken_source": (
        "文件已损坏；请重新导出后再上传。",
        "The file is damaged; export it again and upload it.",
    ),
    "source_too_large": (
        "文件超出了允许的大小、页数或格数；请拆分。",
        "The file is too large, in bytes, pages or cells; split it.",
    ),
    "reader_died": (
        "阅读这个文件用尽了内存或时间；请拆分。",
        "Reading the file took too much memory or time; split it.",
    ),
    "not_found": ("内容不存在，或者不对您开放。", "It does not exist, or it is not yours to see."),
    "not_allowed": ("您的角色或身份不能这样做。", "You may not do this."),
    "not_signed_in": (
        "用户名或密码不对，或登录已过期。",
        "Wrong name or password, or you were signed out.",
    ),
    "invalid_request": (
        "填写的内容不对；请检查后再试。",
        "Something you entered is not right; check it.",
    ),
    "conflict": ("已经存在，或刚被别人更改。", "It exists already, or somebody just changed it."),
    "model_missing": (
        "模型还没有安装；请管理员运行 yanku models pull。",
        "The model is not installed; an administrator can run: yanku models pull.",
    ),
    "model_corrupt": (
        "模型文件校验不符，已停用。",
        "The model's files do not match their digests.",
    ),
    "model_unavailable": (
        "模型没有回应；请稍后再试。",
        "The model does not answer; try again later.",
    ),
    "answer_broke_off": (
        "模型在回答中途断开，未能续写；请再问一次。",
        "The model went in the middle of the answer, which could not be gone on with; ask again.",
    ),
    "model_refused": (
        "模型服务拒绝了这个请求；请管理员查看日志。",
        "The model's server refuses the request; an administrator can look at the log.",
    ),
    "prompt_too_long": ("问题太长；请缩短。", "The question is too long; shorten it."),
    "database_unavailable": (
        "数据库没有回应；请稍后再试。",
        "The database does not answer; try later.",
    ),
    "index_unavailable": (
        "检索服务没有回应；请稍后再试。",
        "Search does not answer; try again later.",
    ),
    "overloaded": ("请求太多；请稍等再试。", "Too much at once; wait a moment and try again."),
}

_FLAWS: dict[str, str] = {
    "active_content": "文件含有脚本或自动动作，未运行。",
    "broken_encoding": "邮件有一部分在传输中损坏。",
    "broken_page": "有一页未能读取。",
    "charts": "图表本身未读；单元格里的数据已读。",
    "comments": "批注未读。",
    "embedded_files": "嵌入的文件未打开。",
    "encrypted_mail": "邮件已加密，正文未读。",
    "external_links": "未访问外部链接。",
    "formula_without_value": "有公式没有保存结果。",
    "hidden_columns": "有隐藏的列。",
    "hidden_rows": "有隐藏的行。",
    "hidden_sheet": "隐藏的工作表未读。",
    "hidden_slide": "隐藏的幻灯片未读。",
    "hidden_text": "隐藏的文字未读。",
    "inline_pictures": "正文里的小图片未读。",
    "link_member": "压缩包里的链接未跟随。",
    "macros": "文件含有宏，未运行。",
    "nested_too_deep": "压缩包嵌套太深，里面的文件未读。",
    "number_formats": "有些数字的显示格式无法识别。",
    "pictures": "图片未读。",
    "rich_text_body": "邮件正文只有 RTF 格式，未读。",
    "sheet_without_cells": "有工作表没有单元格。",
    "tracked_changes": "修订按已接受读取。",
    "undecodable_bytes": "有些字符无法解码。",
    "unread_member": "有文件无法读取。",
    "unsafe_names": "指向压缩包之外的文件名已缩短。",
    "winmail_dat": "附件在 winmail.dat 中，只有 Outlook 能打开。",
    "xfa_form": "表单是动态的（XFA），内容未读。",
}
