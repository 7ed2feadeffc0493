"use strict";
const bar = document.getElementById("filter");
const told = bar.querySelector("output");
const rows = [...document.querySelectorAll("tbody tr")];
const counts = new Map(rows.map((row) => [row, row.dataset.found.split(" ").map(Number)]));
// Errors weigh more than any number of warnings, and those more than what is for information.
const weigh = (one, other) => counts.get(other).map((count, at) => count - counts.get(one)[at]).find(Boolean) || 0;
const choose = () => {
  const words = bar.elements.words.value.trim().toLowerCase().split(/\s+/);
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    const found = counts.get(row).some(Boolean);
    row.hidden = !words.every((word) => text.includes(word)) || (bar.elements.found.checked && !found);
  }
  const shown = rows.filter((row) => !row.hidden).length;
  told.textContent = told.dataset.told.replace("{shown}", shown).replace("{all}", rows.length);
};
const arrange = () => {
  if (rows.length) rows[0].parentNode.append(...(bar.elements.order.value ? [...rows].sort(weigh) : rows));
};
bar.hidden = rows.length < 2;
bar.addEventListener("input", choose);
bar.elements.order.addEventListener("change", arrange);
bar.addEventListener("submit", (event) => event.preventDefault());
// A browser that comes back to the page fills in what was chosen before.
addEventListener("pageshow", () => {
  choose();
  arrange();
});
