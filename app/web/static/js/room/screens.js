// How the chair steers the displays of the room: forms that work by themselves, commands where the line is live.

import { say } from "./data.js";
import { hub } from "./hub.js";
import { newId } from "./ids.js";
import { LineDown } from "./line.js";

const menu = document.querySelector(".chair-bar .displays");

if (menu) menu.addEventListener("submit", (event) => steer(event));

async function steer(event) {
  const form = event.target;
  if (!form.dataset.steer || hub.line.status === "polling") return;
  event.preventDefault();
  const said = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "csrf_token"));
  complain("");
  try {
    const answer = await hub.line.send(form.dataset.steer, { id: newId(), ...said });
    if (!answer.ok) complain(answer.error.message);
  } catch (error) {
    if (!(error instanceof LineDown)) throw error;
    complain(say("actNotSent"));
  }
}

function complain(words) {
  const problem = menu.querySelector(".problem");
  problem.textContent = words;
  problem.hidden = !words;
}
