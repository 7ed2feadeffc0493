"use strict";
(() => {
  const tools = document.getElementById("tools");
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const cards = all("article.finding");
  const filings = all(".filing");
  const wide = matchMedia("(min-width: 1200px)");
  let current = null;
  let origin = null;
  let next = 0;

  const filing = (element) => element.closest(".filing");
  const unmark = () => all(".on").forEach((one) => one.classList.remove("on"));
  const quiet = (query) => all(query, filing(current)).filter((one) => !one.hidden);
  const places = () => quiet(`.ref[data-f="${current.dataset.n}"]`);

  // Scrolls the pane, or the page where panes do not scroll, so that the element stands in its upper half.
  const reveal = (element) => {
    const pane = element.closest(".pane");
    if (!wide.matches) {
      element.scrollIntoView({ block: "center" });
      return;
    }
    if (!pane) return;
    const box = pane.getBoundingClientRect();
    const own = element.getBoundingClientRect();
    const head = 56;
    if (own.top < box.top + head || own.bottom > box.bottom - head) {
      pane.scrollTop += own.top - box.top - Math.max(head, (box.height - own.height) / 3);
    }
  };
  const settle = (element) => {
    const panes = wide.matches && element.closest(".panes");
    if (panes) panes.scrollIntoView({ block: "nearest" });
  };

  const clear = () => {
    unmark();
    if (current) current.removeAttribute("aria-current");
    origin = current || origin;
    current = null;
  };
  const select = (card, inView = true) => {
    if (card !== current) next = 0;
    clear();
    current = card;
    card.classList.add("on");
    card.setAttribute("aria-current", "true");
    const marked = all(`mark[data-f~="${card.dataset.n}"], .ref[data-f="${card.dataset.n}"]`, filing(card));
    for (const one of marked) one.classList.add("on");
    if (!wide.matches || !inView) return;
    settle(card);
    for (const pane of all(".pane.form", filing(card))) {
      const first = marked.find((one) => pane.contains(one));
      if (first) reveal(first);
    }
  };
  const visit = (card) => {
    card.focus({ preventScroll: true });
    select(card);
    if (wide.matches) reveal(card);
    else card.scrollIntoView({ block: "nearest" });
  };
  const toPlace = () => {
    const found = places();
    if (!found.length) return;
    const place = found[next % found.length];
    next += 1;
    place.focus({ preventScroll: true });
    settle(place);
    reveal(place);
  };
  const cardOf = (element) => {
    const number = element.dataset.f.split(" ").find((one) => !card(one, element).hidden);
    return number && card(number, element);
  };
  const card = (number, element) => document.getElementById(`f${filing(element).id.slice(1)}-${number}`);

  // The next finding after the chosen one; where none is, after the last that was, or from the filing in sight.
  const move = (step) => {
    const shown = cards.filter((one) => !one.hidden);
    if (!shown.length) return;
    const from = current || origin || filings.find((one) => one.getBoundingClientRect().bottom > innerHeight / 3);
    const after = from ? shown.findIndex((one) => from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) : 0;
    const ahead = after < 0 ? shown.length : after;
    const to = step > 0 ? ahead : ahead - (current ? 2 : 1);
    visit(shown[Math.min(Math.max(to, 0), shown.length - 1)]);
  };

  // A claim and the row it is linked to.
  const relate = (element) => {
    const rows = element.dataset.row ? [element.dataset.row] : element.dataset.r.split(" ");
    const within = filing(element);
    clear();
    const claims = rows.flatMap((row) => all(`[data-r~="${row}"]`, within));
    const lines = rows.flatMap((row) => all(`tr[data-row="${row}"]`, within));
    for (const one of [...claims, ...lines]) one.classList.add("on");
    const other = element.dataset.row ? claims : lines;
    if (wide.matches && other.length) reveal(other[0]);
  };

  document.addEventListener("click", (event) => {
    const target = event.target;
    const link = target.closest("a");
    if (link) {
      if (link.matches(".to")) {
        select(link.closest("article"));
      } else if (link.matches(".ref")) {
        event.preventDefault();
        visit(card(link.dataset.f, link));
      } else if (link.hash && link.hash === location.hash) {
        follow();
      }
      return;
    }
    if (!getSelection().isCollapsed) return;
    const mark = target.closest("mark[data-f]");
    const found = mark && cardOf(mark);
    if (found) visit(found);
    else if (target.closest("article.finding")) visit(target.closest("article.finding"));
    else if (target.closest("[data-r]")) relate(target.closest("[data-r]"));
    else if (target.closest("tr[data-row]")) relate(target.closest("tr[data-row]"));
  });

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (tools && !tools.elements.keys.checked) return;
    if (target.closest("select, textarea, button, summary, input:not([type=checkbox]), [contenteditable]")) return;
    if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
    else if (event.key === "Enter" && target.matches("article.finding")) toPlace();
    else if (event.key === "Escape") clear();
    else return;
    event.preventDefault();
  });

  // Back and forward, and an address with a place in it.
  const follow = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || target.hidden) return;
    if (target.matches("article.finding")) select(target, false);
    else if (target.matches(".ref")) select(card(target.dataset.f, target), false);
    else if (target.matches(".filing")) {
      clear();
      origin = target;
    }
  };
  addEventListener("hashchange", follow);
  follow();

  const filter = () => {
    const wanted = new Set(all("[name=severity]:checked", tools).map((one) => one.value));
    const rule = tools.elements.rule.value;
    const state = tools.elements.state ? tools.elements.state.value : "";
    let shown = 0;
    for (const one of cards) {
      const facts = one.dataset;
      one.hidden = !(wanted.has(facts.severity) && (!rule || facts.rule === rule) && (!state || facts.state === state));
      shown += one.hidden ? 0 : 1;
    }
    for (const one of all(".filtered")) one.hidden = all("article.finding", filing(one)).some((card) => !card.hidden);
    for (const one of all("a.ref")) one.hidden = card(one.dataset.f, one).hidden;
    for (const one of all("mark[data-f]")) one.classList.toggle("off", !cardOf(one));
    if (current && current.hidden) clear();
    const told = document.getElementById("told");
    told.textContent = told.dataset.text.replace("{shown}", shown).replace("{all}", cards.length);
  };
  if (tools) {
    tools.hidden = false;
    const measure = () => {
      const height = getComputedStyle(tools).position === "sticky" ? tools.offsetHeight : 0;
      document.documentElement.style.setProperty("--bar", `${height}px`);
    };
    new ResizeObserver(measure).observe(tools);
    measure();
    tools.addEventListener("submit", (event) => event.preventDefault());
    tools.addEventListener("change", (event) => {
      if (event.target.name === "keys") document.getElementById("keys").hidden = !event.target.checked;
      else filter();
    });
    filter();
  }

  // Paper shows what is folded on the screen.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
  });
})();
