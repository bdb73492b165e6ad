// The table of fates when a version is issued: what is chosen shows at once, the counts follow, and a whole paragraph is
// confirmed without leaving the page. Without scripts the same buttons send the form, and it comes back as it was.

const form = document.querySelector(".issue-form");
const lines = [...form.querySelectorAll("details.fate")];
const chosen = (line) => line.querySelector("input[type=radio]:checked");
const lacks = (line) => chosen(line).value === "not_reflected" && !line.querySelector("textarea").value.trim();

function mark(line, said) {
  const choice = chosen(line);
  const name = choice.name.replace("fate-", "said-");
  if (said && !form.elements[name]) {
    const hidden = Object.assign(document.createElement("input"), { type: "hidden", name, value: "1" });
    line.querySelector(".fate-body").append(hidden);
  }
  line.classList.toggle("decided", Boolean(form.elements[name]) && !lacks(line));
  const pill = line.querySelector("[data-slot=fate]");
  pill.textContent = choice.nextElementSibling.firstChild.textContent.trim();
  pill.className = `pill ${choice.dataset.tone}`;
}

function count() {
  const decided = lines.filter((line) => line.classList.contains("decided")).length;
  form.querySelector("[data-slot=decided]").textContent = decided;
  form.querySelector("[data-slot=undecided]").textContent = lines.length - decided;
  for (const group of form.querySelectorAll(".fate-group")) {
    group.querySelector("button[name=keep]").disabled = !group.querySelector("details.fate:not(.decided)");
  }
}

form.addEventListener("input", (event) => {
  const line = event.target.closest("details.fate");
  if (!line) return;
  mark(line, event.target.type === "radio");
  count();
  if (event.target.type === "radio" && lacks(line)) line.querySelector("textarea").focus();
});

form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (button?.name !== "keep" || button.dataset.failed) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(window.location.href, { method: "POST", body }).catch(() => null);
  if (!answer?.ok) {
    // As without scripts: the page that comes says what is wrong, with all that was typed.
    button.dataset.failed = "1";
    form.requestSubmit(button);
    return;
  }
  for (const line of button.value === "all" ? lines : button.closest(".fate-group").querySelectorAll("details.fate")) {
    if (lacks(line)) continue;
    mark(line, true);
    line.open = false;
  }
  count();
  form.querySelector("details.fate[open] summary, .issue-bar .primary")?.focus();
});
