// What the machine saw: draws the blocks of one page, sheet or text, and the report beside them.
"use strict";
const seen = {
  // ── small things ──────────────────────────────────────────────────────────────────────────────
  make(tag, classes = "", content = "", attributes = {}) {
    const made = document.createElement(tag);
    if (classes) made.className = classes;
    if (content !== "") made.textContent = content;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  },
  say(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  },
  // Digits in groups of three, exact to the last: the value comes as text and stays text.
  grouped(value) {
    const [whole, rest] = value.split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? `.${rest}` : "");
  },
  start(id) {
    const root = document.getElementById(id);
    if (root && !root.dataset.started) {
      root.dataset.started = "yes";
      new SeenView(root).open();
    }
  },
  column(letters) {
    return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  },
  letters(number) {
    let name = "";
    for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26)) {
      name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
    }
    return name;
  },
  area(cells) {
    const corners = cells.split(":").map((part) => /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(part));
    if (corners.some((corner) => !corner)) return null;
    const first = corners[0], last = corners[corners.length - 1];
    return {
      left: seen.column(first[1]), top: Number(first[2]),
      right: seen.column(last[1]), bottom: Number(last[2]),
    };
  },
};
window.seen = seen;

const ROWS_AT_ONCE = 200;
const COLUMNS_AT_MOST = 60;
const LAYERS = ["heading", "text", "furniture", "table", "cell", "amount", "bare", "doubt"];

class SeenView {
  constructor(root) {
    this.root = root;
    this.words = JSON.parse(root.dataset.words);
    this.errors = JSON.parse(root.dataset.errors);
    this.flaws = JSON.parse(root.dataset.flaws);
    this.address = `/api/v1/documents/${encodeURIComponent(root.dataset.document)}`;
    this.turn = 0;
    this.items = [];
    this.at = -1;
  }

  // ── opening ───────────────────────────────────────────────────────────────────────────────────
  async open() {
    this.main = seen.make("div", "seen-main");
    this.side = seen.make("aside", "seen-side", "", { "aria-label": this.words.report });
    this.root.append(this.main, this.side);
    this.main.append(seen.make("p", "working", this.words.loading));
    this.report = await this.get("/report", this.main);
    if (!this.report) return;
    this.main.replaceChildren();
    this.frame();
    new SeenReport(this).draw();
    document.addEventListener("keydown", (event) => this.key(event));
    const query = new URLSearchParams(location.search);
    if (this.report.pages.length) {
      const numbers = this.report.pages.map((page) => page.number);
      const wanted = Number(query.get("page"));
      await this.page(numbers.includes(wanted) ? wanted : numbers[0]);
    } else if (this.report.sheets.length) {
      const wanted = query.get("sheet");
      await this.sheet(this.report.sheets.includes(wanted) ? wanted : this.report.sheets[0]);
    } else {
      await this.lines();
    }
  }

  async get(path, place) {
    let code = "connection";
    try {
      const response = await fetch(this.address + path, { headers: { Accept: "application/json" } });
      if (response.ok) return await response.json();
      if (response.status === 401) location.assign("/sign-in");
      code = (await response.json()).code ?? "other";
    } catch { /* no answer, or none of ours: said below */ }
    const said = seen.make("p", "trouble", this.errors[code] ?? this.errors.other);
    said.setAttribute("role", "alert");
    place.replaceChildren(said);
    return null;
  }

  frame() {
    this.tools = seen.make("div", "tools seen-tools");
    this.legend = this.drawLegend();
    this.scroller = seen.make("div", "scroller seen-scroller", "", { tabindex: "0" });
    this.scroller.setAttribute("aria-label", this.words.overlay);
    this.detail = seen.make("div", "seen-detail", "", { "aria-live": "polite" });
    this.viewer = seen.make("div", "viewer seen-viewer");
    this.viewer.id = `${this.root.id}-viewer`;
    this.viewer.append(this.tools, this.legend, this.scroller, this.detail);
    this.main.append(this.viewer);
    this.describe(null);
  }

  drawLegend() {
    const legend = seen.make("div", "seen-legend", "", { role: "group" });
    legend.setAttribute("aria-label", this.words.layers);
    legend.title = this.words.layers;
    for (const layer of LAYERS) {
      const button = seen.make("button", `seen-key ${layer}`, this.words[layer], {
        type: "button", "aria-pressed": "true",
      });
      button.onclick = () => {
        const shown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(shown));
        this.root.classList.toggle(`without-${layer}`, !shown);
      };
      legend.append(button);
    }
    legend.append(seen.make("span", "seen-hint", this.words.keys));
    return legend;
  }

  remember(name, value) {
    history.replaceState(history.state, "", `?${new URLSearchParams({ [name]: value })}`);
  }

  // ── pages ─────────────────────────────────────────────────────────────────────────────────────
  async page(number) {
    const turn = ++this.turn;
    this.number = number;
    this.remember("page", number);
    this.pageTools();
    this.onPage?.(number);
    this.scroller.setAttribute("aria-busy", "true");
    const sight = await this.get(`/pages/${number}/blocks`, this.scroller);
    if (turn !== this.turn) return;
    this.scroller.removeAttribute("aria-busy");
    if (!sight?.page) return;
    const paper = seen.make("div", "paper seen-paper");
    paper.style.aspectRatio = `${sight.page.width} / ${sight.page.height}`;
    if (this.zoomed) paper.style.setProperty("--zoom", this.zoomed);
    paper.append(seen.make("img", "", "", {
      src: `${this.address}/pages/${number}.png`,
      alt: seen.say(this.words.picture, { n: number }),
    }));
    this.clear();
    this.overlay(paper, sight);
    this.scroller.replaceChildren(paper);
    this.scroller.scrollTop = 0;
    this.root.dataset.shown = number;
  }

  pageTools() {
    const numbers = this.report.pages.map((page) => page.number);
    const here = numbers.indexOf(this.number);
    const last = numbers[numbers.length - 1];
    const turner = (sign, label, to) => {
      const button = seen.make("button", "button quiet icon", sign, {
        type: "button", "aria-label": label, title: label,
      });
      button.disabled = to === undefined;
      button.onclick = () => this.page(to);
      return button;
    };
    const field = seen.make("input", "seen-number", "", {
      type: "number", min: numbers[0], max: last, value: this.number, "aria-label": this.words.page,
    });
    field.onchange = () => {
      if (numbers.includes(Number(field.value))) this.page(Number(field.value));
      else field.value = this.number;
    };
    const zoomer = (sign, label, factor) => {
      const button = seen.make("button", "button quiet icon", sign, {
        type: "button", "aria-label": label, title: label,
      });
      button.onclick = () => this.zoom(factor);
      return button;
    };
    this.tools.replaceChildren(
      turner("‹", this.words.previous, numbers[here - 1]),
      field,
      seen.make("span", "page-number", seen.say(this.words.of, { n: last })),
      turner("›", this.words.next, numbers[here + 1]),
      seen.make("span", "gap"),
      zoomer("−", this.words.zoom_out, 0.8),
      zoomer("+", this.words.zoom_in, 1.25),
    );
  }

  zoom(factor) {
    this.zoomed = Math.min(4, Math.max(1, (this.zoomed ?? 1) * factor));
    this.scroller.querySelector(".paper")?.style.setProperty("--zoom", this.zoomed);
  }

  overlay(paper, sight) {
    const page = sight.page;
    const lay = (place, classes, item) => {
      if (!place?.box) return;
      const [x0, y0, x1, y1] = place.box;
      const box = this.item(seen.make("button", `seen-box ${classes}`, "", {
        type: "button", tabindex: "-1",
      }), item);
      box.style.left = `${(100 * x0) / page.width}%`;
      box.style.top = `${(100 * y0) / page.height}%`;
      box.style.width = `${(100 * Math.max(0, x1 - x0)) / page.width}%`;
      box.style.height = `${(100 * Math.max(0, y1 - y0)) / page.height}%`;
      paper.append(box);
    };
    for (const block of sight.blocks) {
      if (block.kind !== "table") {
        lay(block.places[0], seenClasses(block), { block });
        continue;
      }
      for (const place of block.places) lay(place, "table", { block, place });
      for (const cell of block.cells) {
        const facts = factsAt(sight.facts, cell.place);
        lay(cell.place, cellClasses(cell, facts), { cell, block, facts });
      }
    }
    for (const flaw of sight.flaws) {
      const place = flaw.place.box ? flaw.place : { box: [0, 0, page.width, page.height] };
      lay(place, flaw.place.box ? "doubt" : "doubt whole", { flaw });
    }
    if (!sight.blocks.length && !sight.flaws.length) {
      paper.append(seen.make("p", "seen-nothing", this.words.empty_page));
    }
  }

  // ── sheets and texts ──────────────────────────────────────────────────────────────────────────
  async sheet(name, first = 1) {
    const turn = ++this.turn;
    this.remember("sheet", name);
    this.sheetTabs(name);
    this.scroller.setAttribute("aria-busy", "true");
    const path = `/sheets/${encodeURIComponent(name)}/blocks?top=${first}&rows=${ROWS_AT_ONCE}`;
    const sight = await this.get(path, this.scroller);
    if (turn !== this.turn) return;
    this.scroller.removeAttribute("aria-busy");
    if (!sight) return;
    new SeenSheet(this, sight, name).draw(first);
    this.scroller.scrollTop = 0;
    this.root.dataset.shown = name;
  }

  sheetTabs(here) {
    const tabs = this.report.sheets.map((name) => {
      const tab = seen.make("button", "button quiet", name, { type: "button" });
      if (name === here) tab.setAttribute("aria-current", "true");
      tab.onclick = () => this.sheet(name);
      return tab;
    });
    this.tools.classList.add("tabs");
    this.tools.replaceChildren(...tabs);
  }

  async lines() {
    const sight = await this.get("/blocks", this.scroller);
    if (!sight) return;
    this.clear();
    const text = seen.make("div", "seen-text");
    for (const block of sight.blocks) {
      if (block.kind === "table") text.append(this.textTable(block, sight.facts));
      else text.append(this.item(seen.make("p", `seen-line ${seenClasses(block)}`, block.text), { block }));
    }
    if (!sight.blocks.length) text.append(seen.make("p", "muted", this.words.empty_page));
    this.scroller.replaceChildren(text);
    this.root.dataset.shown = "text";
  }

  textTable(block, facts) {
    const table = seen.make("table", "grid seen-grid");
    const rows = Array.from({ length: block.rows }, () => seen.make("tr"));
    for (const cell of block.cells) {
      const taken = factsAt(facts, cell.place).filter((fact) => sameValue(fact, cell));
      const made = seen.make("td", cellClasses(cell, taken), cell.text, {
        rowspan: cell.row_span, colspan: cell.column_span,
      });
      rows[cell.row].append(this.item(made, { cell, block, facts: taken }));
    }
    table.append(...rows);
    return table;
  }

  // ── one thing at a time ───────────────────────────────────────────────────────────────────────
  clear() {
    this.items = [];
    this.at = -1;
    this.pinned = null;
    this.describe(null);
  }

  item(element, what) {
    const number = this.items.push({ element, what }) - 1;
    element.addEventListener("mouseenter", () => this.pinned ?? this.describe(what));
    element.addEventListener("focus", () => { this.at = number; this.describe(what); });
    element.addEventListener("click", () => this.pin(number));
    return element;
  }

  pin(number) {
    this.pinned?.classList.remove("marked");
    const { element, what } = this.items[number];
    this.pinned = this.pinned === element ? null : element;
    this.pinned?.classList.add("marked");
    this.at = number;
    this.describe(what);
  }

  step(by) {
    const shown = (element) => element.getClientRects().length > 0;
    for (let n = this.at + by; n >= 0 && n < this.items.length; n += by) {
      if (!shown(this.items[n].element)) continue;
      if (this.pinned !== this.items[n].element) this.pin(n);
      this.items[n].element.scrollIntoView({ block: "nearest", inline: "nearest" });
      return;
    }
  }

  key(event) {
    if (!this.root.isConnected || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest?.("input, textarea, select, dialog, [role=slider]")) return;
    if (event.key === "j" || event.key === "J") this.step(1);
    else if (event.key === "k" || event.key === "K") this.step(-1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      // On a picture wider than its frame the arrows move the picture.
      const wide = this.scroller.scrollWidth > this.scroller.clientWidth + 1;
      if (wide && this.scroller.contains(event.target)) return;
      this.turnBy(event.key === "ArrowLeft" ? -1 : 1);
    } else return;
    event.preventDefault();
  }

  turnBy(by) {
    const numbers = this.report.pages.map((page) => page.number);
    const next = numbers[numbers.indexOf(this.number) + by];
    if (next !== undefined) this.page(next);
  }

  describe(what) {
    if (what) new SeenDetail(this.words, this.flaws).draw(this.detail, what);
    else this.detail.replaceChildren(seen.make("p", "muted", this.words.point));
  }
}
