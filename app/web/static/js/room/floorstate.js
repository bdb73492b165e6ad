// The speakers' list as the events of the record make it. Places stand in the events: nothing is decided here.

/** `floor` as the server wrote it: {channel, seq, list, speaking, interrupted, waiting}. */
export class FloorState {
  constructor(floor) {
    Object.assign(this, floor);
  }

  /** Take an event. False when it is none of this list, or was in what the server wrote already. */
  apply({ channel, seq, type, at, data }) {
    if (channel !== this.channel || seq <= this.seq) return false;
    if (!(type in FOLDS)) return false;
    this.seq = seq;
    FOLDS[type](this, data, at);
    return true;
  }

  /** Whose turn the clock shows. */
  get turn() {
    return this.speaking ?? this.interrupted;
  }

  take(request) {
    const place = this.waiting.findIndex((entry) => entry.request === request);
    return place < 0 ? null : this.waiting.splice(place, 1)[0];
  }

  put(data, change) {
    const entry = this.take(data.request);
    if (entry) this.waiting.splice(data.to, 0, { ...entry, ...change });
  }
}

const FOLDS = {
  "floor.requested": (floor, data) => floor.waiting.splice(data.place, 0, { ...data, absent: false }),
  "floor.withdrawn": (floor, data) => floor.take(data.request),
  "floor.moved": (floor, data) => floor.put(data, { absent: false }),
  "floor.absent": (floor, data) => floor.put(data, { absent: true }),
  "floor.swapped": (floor, data) => {
    const places = [data.request, data.other].map((id) => floor.waiting.findIndex(({ request }) => request === id));
    if (places.includes(-1)) return;
    const [one, other] = places;
    [floor.waiting[one], floor.waiting[other]] = [floor.waiting[other], floor.waiting[one]];
  },
  "floor.given": (floor, data, at) => {
    floor.take(data.request);
    floor.speaking = { ...data, since: at, began: at, used: 0 };
  },
  "floor.interrupted": (floor, data) => {
    floor.interrupted = { ...floor.speaking, since: null, used: data.used };
    floor.speaking = null;
  },
  "floor.resumed": (floor, data, at) => {
    floor.speaking = { ...floor.interrupted, since: at };
    floor.interrupted = null;
  },
  "floor.ended": (floor, data) => {
    if (floor.speaking?.request === data.request) floor.speaking = null;
    else floor.interrupted = null;
  },
  "list.closing_announced": (floor) => (floor.list = "closing"),
  "list.closed": (floor) => (floor.list = "closed"),
  "list.opened": (floor) => (floor.list = "open"),
};
