"use strict";
// Comfort only: filter by text, open the cell a link leads to, copy a command.
const search = document.getElementById("search");
const boxes = [...document.querySelectorAll(".filters input[type=checkbox]")];
const filtered = [...document.querySelectorAll("[data-text]")];
const rows = [...document.querySelectorAll(".matrix tbody tr:not(.scenario)")];
const headings = [...document.querySelectorAll(".matrix tr.scenario")];

function isVisible(element) {
  return getComputedStyle(element).display !== "none";
}

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const element of filtered) {
    const text = element.dataset.text.toLowerCase();
    element.classList.toggle("out", !words.every((word) => text.includes(word)));
  }
  for (const row of rows) row.hidden = false;
  for (const row of rows) row.hidden = ![...row.querySelectorAll(".mark")].some(isVisible);
  for (const heading of headings) {
    const group = [...heading.parentElement.querySelectorAll("tr:not(.scenario)")];
    heading.hidden = group.every((row) => row.hidden);
  }
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const cell = target?.closest("details");
  if (!cell) return;
  cell.open = true;
  cell.scrollIntoView();
}

if (search) {
  search.hidden = false;
  search.addEventListener("input", filter);
  for (const box of boxes) box.addEventListener("change", filter);
}
addEventListener("hashchange", openTarget);
openTarget();

for (const command of document.querySelectorAll(".command")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "copy";
  button.addEventListener("click", () => {
    const code = command.querySelector("code");
    // Pages from files may have no clipboard; the selected text can be copied by hand.
    getSelection().selectAllChildren(code);
    navigator.clipboard?.writeText(code.textContent).then(
      () => (button.textContent = "copied"),
      () => {},
    );
  });
  command.append(button);
}
