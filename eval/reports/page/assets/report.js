// Filters the list of cases; without it the page is a plain list.
"use strict";
{
  const form = document.getElementById("filters");
  const cases = Array.from(document.querySelectorAll(".case"), (box) => ({
    box,
    groups: new Set(["all", ...box.dataset.groups.split(" ")]),
    tags: new Set(box.dataset.tags.split(" ")),
    text: null, // read when it is first searched
  }));

  const holds = (one, sought) => {
    one.text ??= one.box.textContent.toLowerCase();
    return one.text.includes(sought);
  };

  const filter = () => {
    const group = form.elements.group.value;
    const tag = form.elements.tag.value;
    const sought = form.elements.sought.value.trim().toLowerCase();
    let shown = 0;
    for (const one of cases) {
      const fits = one.groups.has(group) && (tag === "" || one.tags.has(tag)) && (sought === "" || holds(one, sought));
      one.box.hidden = !fits;
      shown += fits;
    }
    form.elements.shown.value = `${shown} of ${cases.length} shown`;
  };

  const openLinked = () => {
    const box = document.getElementById(location.hash.slice(1));
    if (!box || !box.classList.contains("case")) return;
    if (box.hidden) {
      form.reset();
      filter();
    }
    box.open = true;
    box.scrollIntoView();
  };

  const setOpen = (open) => {
    for (const { box } of cases) if (!box.hidden || !open) box.open = open;
  };

  if (form) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", filter);
    form.elements.open.addEventListener("click", () => setOpen(true));
    form.elements.close.addEventListener("click", () => setOpen(false));
    window.addEventListener("hashchange", openLinked);
    filter();
    openLinked();
  }
}
