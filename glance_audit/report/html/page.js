// Filters the findings by severity, file and words. Without it the page shows all of them.
// The address can say what to show: report.html?severity=error&file=…&words=…
"use strict";
(() => {
  const form = document.getElementById("filter");
  const cards = [...document.querySelectorAll("article.finding")];
  const count = document.getElementById("count");
  const labels = [...document.querySelectorAll("a.label")];

  function apply() {
    const severities = new Set(
      [...form.querySelectorAll("input[name=severity]:checked")].map((box) => box.value));
    const file = form.elements.file.value;
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    const hidden = new Set();
    for (const card of cards) {
      const text = card.textContent.toLowerCase();
      const fits = card.dataset.severities.split(" ").some((one) => severities.has(one))
        && (!file || card.dataset.files.split("\n").includes(file))
        && words.every((word) => text.includes(word));
      card.hidden = !fits;
      if (fits) shown += 1; else hidden.add(card.id);
    }
    for (const label of labels) {
      label.classList.toggle("faint", hidden.has(label.dataset.card));
    }
    count.textContent = `${shown} of ${cards.length} shown`;
  }

  function asked() {
    const query = new URLSearchParams(location.search);
    if (query.has("severity")) {
      const wanted = query.getAll("severity");
      for (const box of form.querySelectorAll("input[name=severity]")) {
        box.checked = wanted.includes(box.value);
      }
    }
    const files = [...form.elements.file.options].map((option) => option.value);
    if (files.includes(query.get("file"))) form.elements.file.value = query.get("file");
    form.elements.words.value = query.get("words") || "";
  }

  if (!form) return; // nothing was found
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  // A label of the picture leads to its finding, also when a filter hides it.
  for (const label of labels) {
    label.addEventListener("click", () => {
      const card = document.getElementById(label.dataset.card);
      if (card && card.hidden) { form.reset(); apply(); }
      if (card) card.focus({ preventScroll: true });
    });
  }
  form.hidden = false;
  asked();
  apply();
})();
