// The countdown to a deadline, by the server's clock: the page's own may be wrong. Now and then it asks for news.

const ASK_EVERY = 20_000;
const SETTLED = 2_500; // the server ends a procedure two seconds after its deadline
const HOUR = 3_600_000;

class Countdown {
  constructor(place) {
    this.place = place;
    this.deadline = Date.parse(place.dataset.deadline);
    this.ahead = Date.parse(place.dataset.now) - Date.now();
    this.show();
    setInterval(() => this.show(), 250);
    setInterval(() => this.ask(), ASK_EVERY);
    document.addEventListener("visibilitychange", () => document.hidden || this.ask());
    this.ask();
  }

  left() {
    return this.deadline - (Date.now() + this.ahead);
  }

  show() {
    const left = this.left();
    const text = left > 0 ? this.words(left) : this.place.dataset.over;
    if (this.place.textContent !== text) this.place.textContent = text;
    this.place.classList.toggle("near", left < HOUR);
    if (left < -SETTLED && !this.asked) {
      this.asked = true;
      this.ask();
    }
  }

  words(left) {
    const seconds = Math.ceil(left / 1000);
    const parts = {
      days: Math.floor(seconds / 86_400),
      hours: Math.floor(seconds / 3600) % 24,
      minutes: Math.floor(seconds / 60) % 60,
      seconds: seconds % 60,
    };
    if (parts.days) return fill(this.place.dataset.days, parts);
    const two = (number) => String(number).padStart(2, "0");
    return fill(this.place.dataset.clock, { ...parts, minutes: two(parts.minutes), seconds: two(parts.seconds) });
  }

  /** Ask the server what time it is, and whether something happened. */
  async ask() {
    const sent = Date.now();
    let said;
    try {
      const answer = await fetch(this.place.dataset.ask, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      said = await answer.json();
    } catch {
      return; // no line: the countdown goes on by what it knows
    }
    this.ahead = Date.parse(said.now) - (sent + Date.now()) / 2;
    const news = said.state !== this.place.dataset.state || Date.parse(said.deadline) !== this.deadline;
    if (news && "reload" in this.place.dataset) location.reload();
    else if (Date.parse(said.deadline) !== this.deadline) {
      this.deadline = Date.parse(said.deadline); // on a form nothing is reloaded: what is typed stays
      this.asked = false;
    }
  }
}

function fill(pattern, parts) {
  return pattern.replace(/\{(\w+)\}/g, (_whole, name) => parts[name]);
}

for (const place of document.querySelectorAll("[data-deadline]")) new Countdown(place);
