// Small comforts of the pages; everything works without them.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  // A choice in a list is a decision: no button needed.
  for (const form of document.querySelectorAll("form[data-submit-on-choice]")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select")) form.requestSubmit();
    });
    // Fields left empty stay out of the URL, so that it can be read and shared.
    form.addEventListener("submit", () => {
      for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    });
  }
  // Coming back, the browser may show the page as it was left, with fields switched off.
  addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form [name]:disabled")) field.disabled = false;
  });
  // A list in a form gets another empty row; empty ones are not kept.
  for (const list of document.querySelectorAll("[data-rows]")) {
    const button = list.querySelector("[data-add-row]");
    button.hidden = false;
    button.addEventListener("click", () => {
      const row = list.querySelector("[data-row]").cloneNode(true);
      for (const input of row.querySelectorAll("input")) input.value = "";
      button.before(row);
      row.querySelector("input").focus();
    });
  }
  // A menu closes when the reader looks elsewhere.
  for (const menu of document.querySelectorAll("details.menu")) {
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  }
});
