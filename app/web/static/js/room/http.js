// The room's log and its comments over plain HTTP, answered as the socket's acks are.

export class Http {
  constructor(urls) {
    this.urls = urls;
  }

  /** Throws TypeError when nobody answers. */
  async events(after, segment = "") {
    const answer = await fetch(`${this.urls.events_api}?after=${after}&segment=${segment}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return { ok: false, error: await problem(answer) };
    const page = await answer.json();
    return { ok: true, events: page.items, more: Boolean(page.next) };
  }

  /** The session as the API tells it, or null where it is not open to us. */
  async session() {
    const answer = await fetch(this.urls.session_api, { headers: { Accept: "application/json" } });
    return answer.ok ? answer.json() : null;
  }

  async comment(body, csrf) {
    const answer = await fetch(this.urls.comments_api, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(body),
    });
    return answer.ok ? { ok: true, ...(await answer.json()) } : { ok: false, error: await problem(answer) };
  }

  /** The CSRF token that the server would give a fresh page, or null. */
  async token() {
    const page = await (await fetch(this.urls.room)).text();
    const read = new DOMParser().parseFromString(page, "text/html");
    return read.querySelector('meta[name="csrf-token"]')?.content ?? null;
  }
}

/** An RFC 9457 problem as the acks say errors. What is no problem document came from something between. */
async function problem(answer) {
  const said = await answer.json().catch(() => ({}));
  return { ...said, code: said.code ?? "unavailable", message: said.detail ?? said.title ?? String(answer.status) };
}
