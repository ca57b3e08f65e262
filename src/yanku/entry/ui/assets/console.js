// What the console's pages do in the browser itself.
"use strict";
const yanku = {
  // ── small things ──────────────────────────────────────────────────────────────────────────────
  fields(form) {
    const data = new FormData(form);
    const fields = {};
    for (const name of new Set(data.keys())) {
      const all = data.getAll(name).filter((value) => typeof value === "string");
      const boxes = form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"]`);
      fields[name] = boxes.length ? all : all[0];
    }
    for (const box of form.querySelectorAll("input[type=checkbox]")) fields[box.name] ??= [];
    return fields;
  },
  prefer(cookie, value) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${cookie}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    const typed = document.querySelector(".ask-box textarea")?.value;
    if (typed) yanku.keep("q", typed);
    location.reload();
  },
  shade(cookie) {
    yanku.prefer(cookie, document.body.classList.contains("body--dark") ? "light" : "dark");
  },
  tell(message, kind, close) {
    const line = document.createElement("div");
    line.className = `message ${kind}`;
    if (kind === "bad") line.setAttribute("role", "alert");
    const words = document.createElement("span");
    words.textContent = message;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "icon";
    button.textContent = "×";
    button.setAttribute("aria-label", close);
    button.onclick = () => line.remove();
    line.append(words, button);
    document.getElementById("messages").append(line);
    if (kind !== "bad") setTimeout(() => line.remove(), 6000);
  },
  async copy(button) {
    const done = () => {
      const label = button.textContent;
      button.textContent = button.dataset.done;
      setTimeout(() => (button.textContent = label), 1600);
    };
    try {
      await navigator.clipboard.writeText(button.dataset.text);
      done();
    } catch {
      // Without TLS there is no clipboard to write to; the old way still works.
      const area = document.createElement("textarea");
      area.value = button.dataset.text;
      document.body.append(area);
      area.select();
      if (document.execCommand("copy")) done();
      area.remove();
    }
  },
  // Empties the question box at once: what is typed while the question is on its way is the next.
  asked(form) {
    const fields = yanku.fields(form);
    if (!fields.question.trim()) return null;
    const area = form.elements.question;
    area.value = "";
    yanku.grow(area);
    area.focus();
    return fields;
  },
  // Notes in the address what stands on the page, so that it stands there when it is loaded anew.
  keep(name, value) {
    const url = new URL(location.href);
    url.searchParams.delete("q"); // A question that was asked is no longer to be asked.
    url.searchParams.set(name, value);
    history.replaceState(history.state, "", url);
  },
  grow(area) {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 260)}px`;
  },
  enter(event) {
    // Enter that ends the choice of a Chinese character is not Enter that asks.
    return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
  },

  // ── dialogs and the source panel ──────────────────────────────────────────────────────────────
  open(id) {
    const before = yanku.standing(document.activeElement);
    const shown = document.getElementById(id);
    if (!shown || shown.open) return;
    shown.addEventListener("close", () => yanku.stand(before), { once: true });
    shown.showModal();
  },
  panel(id) {
    const panel = document.getElementById(id);
    yanku.before ??= document.activeElement;
    panel.querySelector(".close")?.focus({ preventScroll: true });
    // On a narrow screen the panel covers the page, which must not be reached behind it.
    const covers = matchMedia("(max-width: 1023px)").matches;
    document.querySelector(".conversation")?.toggleAttribute("inert", covers);
  },
  unpanel() {
    document.querySelector(".conversation")?.removeAttribute("inert");
    if (yanku.before?.isConnected) yanku.before.focus();
    yanku.before = null;
  },
  // Brings the marked place into the middle of whatever scrolls around it.
  reveal(id) {
    const root = document.getElementById(id);
    const marked = root?.querySelector(".marked");
    const scroller = root?.querySelector(".scroller") ?? root;
    if (!marked || !scroller) return;
    const outer = scroller.getBoundingClientRect();
    const inner = marked.getBoundingClientRect();
    scroller.scrollTop += inner.top + inner.height / 2 - (outer.top + outer.height / 2);
    scroller.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
  },
  zoom(button, factor) {
    const root = button.closest(".viewer");
    const paper = root.querySelector(".paper");
    if (!paper) return;
    const now = parseFloat(paper.style.getPropertyValue("--zoom") || "1");
    const next = Math.min(4, Math.max(1, now * factor));
    paper.style.setProperty("--zoom", next);
    yanku.reveal(root.id);
  },

  // ── focus ─────────────────────────────────────────────────────────────────────────────────────
  // What is drawn anew while somebody stands on it is another element; they stand on that one then.
  named(element) {
    const told = ["href", "name", "aria-label", "title"].map((name) => element.getAttribute(name));
    return [element.tagName, element.textContent, ...told].join("\n");
  },
  standing(element) {
    const place = element.closest(".shelf, .releases, #main");
    return { element, place, name: yanku.named(element) };
  },
  stand({ element, place, name }) {
    if (!element.isConnected) {
      const where = place?.isConnected ? place : document.getElementById("main");
      const alike = [...(where?.querySelectorAll("a, button, input, select, textarea") ?? [])];
      element = alike.find((one) => yanku.named(one) === name);
    }
    element?.focus({ preventScroll: true });
  },
  hold() {
    let last = null;
    document.addEventListener("focusin", ({ target }) => (last = yanku.standing(target)));
    document.addEventListener("focusout", ({ target }) => {
      // One that is taken away loses the focus as well, but is gone a moment later.
      setTimeout(() => { if (target.isConnected && last?.element === target) last = null; });
    });
    new MutationObserver(() => {
      if (!last || last.element.isConnected || document.activeElement !== document.body) return;
      const lost = last;
      last = null;
      yanku.stand(lost);
    }).observe(document.documentElement, { childList: true, subtree: true });
  },

  // ── uploads ───────────────────────────────────────────────────────────────────────────────────
  // Listened for on the whole page: a file chosen while the page is still being set up counts.
  uploads() {
    document.addEventListener("change", (event) => {
      const root = event.target.closest?.(".uploads");
      if (!root || event.target.type !== "file") return;
      const files = [...event.target.files];
      event.target.value = "";
      yanku.send(root, files);
    });
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
      document.addEventListener(kind, (event) => {
        const area = event.target.closest?.(".drop");
        if (!area) return;
        event.preventDefault();
        area.classList.toggle("over", kind === "dragenter" || kind === "dragover");
        if (kind === "drop") yanku.send(area.closest(".uploads"), [...event.dataTransfer.files]);
      });
    }
  },
  async send(root, files) {
    const groups = [...root.querySelectorAll("input[name=group]:checked")].map((box) => box.value);
    for (const file of files) await yanku.sendOne(root, file, groups);
  },
  sendOne(root, file, groups) {
    const errors = JSON.parse(root.dataset.errors);
    const line = document.createElement("div");
    line.className = "sending";
    const name = document.createElement("span");
    name.className = "sending-name";
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    line.append(name, bar);
    root.querySelector(".sendings").append(line);
    const fail = (code) => {
      const said = document.createElement("span");
      said.className = "trouble";
      said.setAttribute("role", "alert");
      said.textContent = errors[code] ?? errors.other;
      bar.replaceWith(said);
    };
    return new Promise((resolve) => {
      if (file.size > Number(root.dataset.limit)) {
        fail("source_too_large");
        return resolve();
      }
      const body = new FormData();
      body.append("file", file, file.name);
      for (const group of groups) body.append("group", group);
      const request = new XMLHttpRequest();
      request.open("POST", "/api/v1/documents");
      request.upload.onprogress = (event) => (bar.value = event.loaded / event.total);
      request.onerror = () => { fail("connection"); resolve(); };
      request.onload = () => {
        if (request.status < 300) {
          line.remove();
          root.dispatchEvent(new CustomEvent("uploaded"));
        } else {
          let code = "other";
          try { code = JSON.parse(request.responseText).code; } catch { /* not a problem of ours */ }
          fail(code);
        }
        resolve();
      };
      request.send(body);
    });
  },
};
window.yanku = yanku;
yanku.uploads();
yanku.hold();
