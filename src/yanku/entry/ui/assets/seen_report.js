// The report on reading as pictures: a strip of pages, bars of checks; and a sheet as a grid.
"use strict";
class SeenReport {
  constructor(view) {
    this.view = view;
    this.words = view.words;
    this.report = view.report;
  }

  draw() {
    const { report, words } = this;
    const head = seen.make("div", "seen-head");
    head.append(seen.make("h2", "", words.report));
    if (report.seconds) {
      head.append(seen.make("span", "muted", seen.say(words.took, { n: report.seconds })));
    }
    const parts = [head, this.numbers()];
    if (report.pages.length) parts.push(this.strip());
    parts.push(this.checks(), this.facts(), this.notRead());
    if (report.members.length) parts.push(this.members());
    this.view.side.replaceChildren(...parts);
  }

  section(title) {
    const section = seen.make("section", "seen-section");
    section.append(seen.make("h3", "", title));
    return section;
  }

  numbers() {
    const { report, words } = this;
    const list = seen.make("dl", "seen-numbers");
    const add = (name, number, note = "") => {
      const box = seen.make("div");
      box.append(seen.make("dd", "", number.toLocaleString("en-US")), seen.make("dt", "", name));
      if (note) box.append(seen.make("dd", "note", note));
      list.append(box);
    };
    const n = (number) => number.toLocaleString("en-US");
    if (report.pages.length) add(words.pages, report.pages.length, this.kinds());
    add(words.headings, report.headings);
    add(words.paragraphs, Object.values(report.paragraphs).reduce((a, b) => a + b, 0));
    add(words.tables, report.tables.length,
      report.joined ? seen.say(words.tables_joined, { n: n(report.joined) }) : "");
    add(words.amounts, report.amounts,
      report.without_unit ? seen.say(words.without_unit, { n: n(report.without_unit) }) : "");
    return list;
  }

  kinds() {
    const kinds = ["text_layer", "ocr", "native"];
    const count = (kind) => this.report.pages.filter((page) => page.origin === kind).length;
    return kinds.filter(count).map((kind) => `${count(kind)} ${this.words[kind]}`).join(", ");
  }

  // One bar a page: its colour how it was read, its height how many amounts stand on it.
  strip() {
    const { report, words, view } = this;
    const section = this.section(words.pages);
    const strip = seen.make("div", "seen-strip", "", {
      role: "slider", tabindex: "0", "aria-label": words.strip, title: words.strip,
      "aria-valuemin": report.pages[0].number,
      "aria-valuemax": report.pages[report.pages.length - 1].number,
    });
    const most = Math.max(1, ...report.pages.map((page) => page.amounts));
    const bars = new Map();
    for (const page of report.pages) {
      const bar = seen.make("span", `seen-page ${page.origin}`, "", { "data-page": page.number });
      bar.title = seen.say(words.page_tip, { ...page, n: page.number });
      bar.style.setProperty("--fill", 0.18 + 0.82 * Math.sqrt(page.amounts / most));
      if (page.doubts) bar.classList.add("doubts");
      bars.set(page.number, bar);
      strip.append(bar);
    }
    strip.onclick = (event) => {
      const bar = event.target.closest(".seen-page");
      if (bar) view.page(Number(bar.dataset.page));
    };
    strip.onkeydown = (event) => {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      view.turnBy(by);
    };
    view.onPage = (number) => {
      strip.setAttribute("aria-valuenow", number);
      strip.querySelector(".here")?.classList.remove("here");
      bars.get(number)?.classList.add("here");
    };
    const legend = seen.make("div", "seen-kinds");
    for (const kind of ["text_layer", "ocr", "native"]) {
      if (report.pages.some((page) => page.origin === kind)) {
        legend.append(seen.make("span", `seen-kind ${kind}`, words[kind]));
      }
    }
    if (report.pages.some((page) => page.doubts)) {
      legend.append(seen.make("span", "seen-kind doubts", words.doubt));
    }
    section.append(strip, legend);
    return section;
  }

  checks() {
    const { report, words } = this;
    const section = this.section(words.checks);
    if (!report.checks.length) {
      section.append(seen.make("p", "muted", words.no_checks));
      return section;
    }
    const sum = seen.make("p", "seen-sum");
    sum.append(
      seen.make("span", "good", `✓ ${report.checks_passed} ${words.passed}`),
      seen.make("span", report.checks_failed ? "warn" : "muted", `✗ ${report.checks_failed} ${words.failed}`),
    );
    section.append(sum, this.bars());
    const failed = report.checks.filter((check) => !check.passed);
    if (failed.length) section.append(this.failures(failed));
    return section;
  }

  bars() {
    const laws = new Map();
    for (const check of this.report.checks) {
      const counts = laws.get(check.name) ?? { passed: 0, failed: 0 };
      counts[check.passed ? "passed" : "failed"] += 1;
      laws.set(check.name, counts);
    }
    const list = seen.make("ul", "seen-bars");
    for (const [name, counts] of laws) {
      const line = seen.make("li");
      const bar = seen.make("span", "seen-bar", "", { role: "img" });
      bar.setAttribute("aria-label",
        `${counts.passed} ${this.words.passed}, ${counts.failed} ${this.words.failed}`);
      for (const kind of ["passed", "failed"]) {
        const piece = seen.make("span", kind);
        piece.style.flexGrow = counts[kind];
        if (counts[kind]) bar.append(piece);
      }
      const holder = seen.make("span", "seen-bar-holder");
      holder.append(bar);
      const total = counts.failed ? `${counts.passed} ✓ ${counts.failed} ✗` : `${counts.passed} ✓`;
      line.append(seen.make("span", "seen-law", this.words[name] ?? name), holder,
        seen.make("span", counts.failed ? "seen-total warn" : "seen-total", total));
      list.append(line);
    }
    return list;
  }

  failures(failed) {
    const { words } = this;
    const list = seen.make("ul", "seen-failures");
    for (const check of failed.slice(0, 30)) {
      const item = seen.make("li");
      const what = [words[check.statement], words[check.consolidation], check.period_end, check.column];
      item.append(seen.make("strong", "warn", words[check.name] ?? check.name),
        seen.make("span", "muted", what.filter(Boolean).join(" · ")));
      for (const figure of check.figures) {
        const line = seen.make("span", "seen-figure");
        line.append(seen.make("span", "", figure.label),
          seen.make("span", "number", `${seen.grouped(figure.value)} ${figure.unit}`));
        line.append(this.way(figure.place));
        item.append(line);
      }
      list.append(item);
    }
    if (failed.length > 30) list.append(seen.make("li", "muted", seen.say(words.more, { n: failed.length - 30 })));
    return list;
  }

  // A place one can go to from here.
  way(place) {
    const { view, words } = this;
    const where = placeWords(place, words);
    if (!place || place.kind === "text") return seen.make("span", "muted", where);
    const way = seen.make("button", "seen-way", where, { type: "button" });
    way.onclick = () => (place.kind === "page" ? view.page(place.page) : view.sheet(place.sheet));
    return way;
  }

  facts() {
    const { report, words } = this;
    const section = this.section(words.facts);
    const list = seen.make("ul", "seen-bars");
    const most = Math.max(1, ...report.facts.map((each) => each.number));
    for (const each of report.facts) {
      const line = seen.make("li");
      const holder = seen.make("span", "seen-bar-holder");
      const bar = seen.make("span", "seen-bar plain");
      bar.style.width = `${(100 * each.number) / most}%`;
      holder.append(bar);
      line.append(seen.make("span", "seen-law", `${words[each.statement]} · ${words[each.consolidation]}`),
        holder, seen.make("span", "seen-total", String(each.number)));
      list.append(line);
    }
    section.append(report.facts.length ? list : seen.make("p", "muted", "0"));
    return section;
  }

  notRead() {
    const { report, words, view } = this;
    const section = this.section(words.not_read);
    if (!report.flaws.length) {
      section.append(seen.make("p", "muted", words.all_read));
      return section;
    }
    const list = seen.make("ul", "seen-failures");
    for (const flaw of report.flaws.slice(0, 60)) {
      const item = seen.make("li");
      item.append(seen.make("span", "", view.flaws[flaw.code] ?? flaw.detail));
      if (flaw.place) item.append(this.way(flaw.place));
      list.append(item);
    }
    if (report.flaws.length > 60) list.append(seen.make("li", "muted", seen.say(words.more, { n: report.flaws.length - 60 })));
    section.append(list);
    return section;
  }

  members() {
    const section = this.section(this.words.inside);
    const list = seen.make("ul", "seen-failures");
    for (const member of this.report.members.slice(0, 60)) list.append(seen.make("li", "", member.name));
    section.append(list);
    return section;
  }
}

// A sheet with letters and numbers around it, and a frame around every table found on it.
class SeenSheet {
  constructor(view, sight, name) {
    this.view = view;
    this.name = name;
    this.cells = new Map();
    this.regions = [];
    for (const block of sight.blocks) {
      if (block.kind !== "table") {
        this.line(block);
        continue;
      }
      for (const place of block.places) {
        const area = seen.area(place.cells);
        if (area) this.regions.push({ area, block });
      }
      for (const cell of block.cells) {
        const area = seen.area(cell.place.cells);
        const facts = factsAt(sight.facts, cell.place);
        if (area) this.cells.set(`${area.left}:${area.top}`, { cell, block, facts, area });
      }
    }
    const areas = [...this.regions, ...this.cells.values()].map((each) => each.area);
    const edge = (name) => areas.reduce((most, area) => Math.max(most, area[name]), 1);
    this.width = Math.min(edge("right"), COLUMNS_AT_MOST);
    this.height = edge("bottom");
  }

  // A line of text in a cell of its own. A heading over the whole sheet is the sheet's name.
  line(block) {
    const area = seen.area(block.places[0].cells);
    if (area && area.left === area.right && area.top === area.bottom) {
      this.cells.set(`${area.left}:${area.top}`, { block, area, text: block.text });
    }
  }

  draw(first) {
    const last = Math.min(this.height, first + ROWS_AT_ONCE - 1);
    this.view.clear();
    const table = seen.make("table", "grid seen-grid seen-sheet");
    const head = seen.make("tr");
    head.append(seen.make("th"));
    for (let x = 1; x <= this.width; x += 1) head.append(seen.make("th", "", seen.letters(x)));
    const top = seen.make("thead");
    top.append(head);
    const body = seen.make("tbody");
    this.covered = new Set();
    this.last = last;
    for (let y = first; y <= last; y += 1) {
      const row = seen.make("tr");
      row.append(seen.make("th", "", String(y)));
      for (let x = 1; x <= this.width; x += 1) {
        if (!this.covered.has(`${x}:${y}`)) row.append(this.cell(x, y));
      }
      body.append(row);
    }
    table.append(top, body);
    this.view.scroller.replaceChildren(table);
    if (this.height > ROWS_AT_ONCE) this.view.scroller.append(this.turner(first, last));
  }

  cell(x, y) {
    const found = this.cells.get(`${x}:${y}`);
    const right = Math.min(found?.area.right ?? x, this.width);
    const bottom = Math.min(found?.area.bottom ?? y, this.last);
    const edges = [];
    for (const { area } of this.regions) {
      if (x < area.left || x > area.right || y < area.top || y > area.bottom) continue;
      edges.push("inside");
      for (const [edge, at] of [["left", x], ["right", right], ["top", y], ["bottom", bottom]]) {
        if (area[edge] === at) edges.push(`edge-${edge}`);
      }
    }
    const classes = !found ? "" : found.cell ? cellClasses(found.cell, found.facts) : seenClasses(found.block);
    const said = found?.cell?.text ?? found?.text ?? "";
    const made = seen.make("td", `${classes} ${edges.join(" ")}`, said);
    made.colSpan = right - x + 1;
    made.rowSpan = bottom - y + 1;
    for (let down = y; down <= bottom; down += 1) {
      for (let along = x; along <= right; along += 1) this.covered.add(`${along}:${down}`);
    }
    return found ? this.view.item(made, found) : made;
  }

  turner(first, last) {
    const { words } = this.view;
    const line = seen.make("div", "tools");
    const button = (sign, label, to, possible) => {
      const made = seen.make("button", "button quiet icon", sign, { type: "button", "aria-label": label });
      made.disabled = !possible;
      made.onclick = () => this.view.sheet(this.name, to);
      return made;
    };
    line.append(
      button("‹", words.previous, first - ROWS_AT_ONCE, first > 1),
      seen.make("span", "page-number", seen.say(words.rows_of, { first, last, all: this.height })),
      button("›", words.next, last + 1, last < this.height),
    );
    return line;
  }
}
