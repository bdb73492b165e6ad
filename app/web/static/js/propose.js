// The form of a proposal: only the fields that its kind needs; a new paragraph starts empty, a change from the words there.

const kind = document.getElementById("kind");
const text = document.getElementById("text");
const fresh = new Set(["new_paragraph", "alternative", "placeholder"]);

function show() {
  for (const field of document.querySelectorAll("[data-for]")) {
    field.hidden = !field.dataset.for.split(" ").includes(kind.value);
  }
}

kind?.addEventListener("change", () => {
  show();
  if (!text) return;
  if (fresh.has(kind.value) && kind.value !== "alternative" && text.value === text.dataset.base) text.value = "";
  else if (!fresh.has(kind.value) && text.value.trim() === "") text.value = text.dataset.base;
});
if (kind) show();
