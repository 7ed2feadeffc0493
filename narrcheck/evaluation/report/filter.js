"use strict";
const bar = document.getElementById("filter");
const entries = [...document.querySelectorAll("article[data-layer]")];
const told = document.getElementById("told");
const choose = () => {
  const wanted = [...bar.querySelectorAll("select")].map((one) => [one.name, one.value]);
  for (const entry of entries) {
    entry.hidden = wanted.some(([name, value]) => value && entry.dataset[name] !== value);
  }
  for (const fold of document.querySelectorAll("details.listed")) {
    fold.open = fold.open || wanted.some(([, value]) => value);
  }
  told.textContent = entries.filter((entry) => !entry.hidden).length + " / " + entries.length;
};
if (bar) {
  bar.hidden = false;
  bar.addEventListener("change", choose);
  choose();
}
