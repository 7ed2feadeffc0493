"use strict";
const bar = document.getElementById("filter");
const rows = [...document.querySelectorAll("tbody tr")];
const told = bar.querySelector("output");
const choose = () => {
  const words = bar.elements.words.value.trim().toLowerCase().split(/\s+/);
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word)) || (bar.elements.found.checked && row.dataset.found === "0");
  }
  const shown = rows.filter((row) => !row.hidden).length;
  told.textContent = told.dataset.told.replace("{shown}", shown).replace("{all}", rows.length);
};
bar.hidden = rows.length < 2;
bar.addEventListener("input", choose);
bar.addEventListener("submit", (event) => event.preventDefault());
choose();
