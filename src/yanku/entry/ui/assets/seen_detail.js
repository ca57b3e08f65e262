// One thing that the machine saw, in words: what it says, what it was taken for, and where it is.
"use strict";
class SeenDetail {
  constructor(words, flaws) {
    this.words = words;
    this.flaws = flaws;
  }

  draw(place, what) {
    const words = this.words;
    const { block, cell, flaw, facts = [] } = what;
    const lines = [];
    const line = (name, value, classes = "") => lines.push([name, value, classes]);
    let title = "", content = "";
    if (flaw) {
      title = words.doubt;
      content = this.flaws[flaw.code] ?? flaw.detail;
    } else if (cell) {
      title = cell.header ? words.header_cell : words.cell;
      content = cell.text;
      if (cell.value !== null) {
        const unit = cell.unit || words.no_unit;
        line(words.value, `${seen.grouped(cell.value)} ${unit}`, cell.unit ? "number" : "number warn");
      }
      if (cell.headers.length) line(words.headers, cell.headers.join(" › "));
      if (cell.formula) line(words.formula, cell.formula);
      if (cell.stored) line(words.stored, cell.stored);
      for (const fact of facts) this.factLines(fact, line);
      if (block.caption) line(words.caption, block.caption);
      if (block.unit) line(words.unit, block.unit);
      if (cell.disputed && cell.value !== null) line(words.checks, words.disputed, "warn");
    } else if (block.kind === "table") {
      title = words.table;
      content = block.caption;
      line(words.size, seen.say(words.rows_columns, block));
      if (block.unit) line(words.unit, block.unit);
      const pages = [...new Set(block.parts.map((part) => part.page).filter(Boolean))];
      if (pages.length > 1) line(words.place, seen.say(words.joined_over, { pages: pages.join("–") }));
    } else {
      title = words[block.role ?? "heading"];
      content = block.text;
      if (block.level) line(words.level, String(block.level));
    }
    const where = placeWords(cell ? cell.place : block ? block.places[0] : flaw.place, words);
    if (where) line(words.place, where);
    place.replaceChildren(seen.make("span", "tag", title), seen.make("p", "seen-said", content));
    const list = seen.make("dl", "seen-lines");
    for (const [name, value, classes] of lines) {
      list.append(seen.make("dt", "", name), seen.make("dd", classes, value));
    }
    place.append(list);
  }

  factLines(fact, line) {
    const words = this.words;
    const stretch = fact.period_start ? `${fact.period_start} – ${fact.period_end}` : fact.period_end;
    const what = [fact.label, words[fact.statement], words[fact.consolidation], stretch];
    line(words.fact, `${what.join(" · ")} (${fact.metric}) · ${words[fact.confidence]}`,
      fact.confidence === "doubtful" ? "warn" : "");
    for (const [name, passed] of Object.entries(fact.checks)) {
      line(passed ? "✓" : "✗", words[name] ?? name, passed ? "" : "warn");
    }
  }
}

function seenClasses(block) {
  if (block.kind === "heading") return "heading";
  return ["header", "footer"].includes(block.role) ? "furniture" : `text ${block.role}`;
}

function cellClasses(cell, facts) {
  const classes = ["cell"];
  if (cell.header) classes.push("header-cell");
  else if (cell.value !== null) classes.push(cell.unit ? "amount" : "bare", "number");
  const doubtful = facts.some((fact) => fact.confidence === "doubtful");
  if (doubtful || (cell.disputed && cell.value !== null)) classes.push("doubt");
  if (facts.length) classes.push("taken");
  return classes.join(" ");
}

function factsAt(facts, place) {
  const key = JSON.stringify(place);
  return facts.filter((fact) => JSON.stringify(fact.place) === key);
}

function sameValue(fact, cell) {
  return cell.value !== null && Number(fact.value) === Number(cell.value);
}

function placeWords(place, words) {
  if (!place) return "";
  if (place.kind === "sheet") return `${place.sheet}!${place.cells}`;
  if (place.kind === "text") return seen.say(words.line_n, { n: place.first_line });
  return place.page ? seen.say(words.page_n, { n: place.page }) : "";
}
