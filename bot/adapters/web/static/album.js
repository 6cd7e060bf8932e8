// Several photos at once: a few are on their way at a time, each has its own card.

import { ask } from "./ask.js";
import { Card } from "./card.js";
import { photos } from "./say.js";

const $ = (id) => document.getElementById(id);
const AT_ONCE = 3; // the server takes more from one sender, but other senders wait, too

/** The album; there is one on the page.
 *
 * `onSaid(card, said)` is called for each caption, `onOpen(card)` when one is to be looked at.
 */
export class Album {
  constructor({ onSaid, onOpen }) {
    Object.assign(this, { onSaid, onOpen });
    this.cards = [];
    this.clear();
  }

  get size() {
    return this.cards.length;
  }

  /** The cards with a caption. */
  get captioned() {
    return this.cards.filter((card) => card.said !== null);
  }

  /** Give up what is under way and forget all. */
  clear() {
    this.giveUp?.abort();
    this.giveUp = new AbortController();
    this.waiting = [];
    this.running = 0;
    this.cards.forEach((card) => card.remove());
    this.cards = [];
    $("told").replaceChildren();
  }

  /** More photos. */
  add(files) {
    for (const file of files) {
      const card = new Card(file, this.cards.length + 1, {
        onOpen: () => this.onOpen(card),
        onRetry: () => this.send(card),
      });
      this.cards.push(card);
      $("cards").append(card.element);
      this.waiting.push(card);
    }
    this.tell(`${photos(files.length)} to caption.`);
    this.next();
  }

  send(card) {
    card.wait();
    this.waiting.push(card);
    this.next();
  }

  next() {
    while (this.running < AT_ONCE && this.waiting.length > 0) this.run(this.waiting.shift());
    this.count();
  }

  async run(card) {
    const { signal } = this.giveUp;
    this.running += 1;
    try {
      const said = await ask(card.file, {
        onProgress: (share) => card.progress(share),
        onWaiting: (state) => card.standing(state),
        signal,
        patient: true,
      });
      if (signal.aborted) return;
      card.present(said);
      this.tell(`${card.name}: ${said.caption}.`);
      this.onSaid(card, said);
    } catch (error) {
      if (signal.aborted) return;
      card.fail(error);
      this.tell(`${card.name}: ${error.title ?? "Something went wrong"}.`);
    }
    this.running -= 1;
    this.next();
  }

  count() {
    const failed = this.cards.filter((card) => card.failed).length;
    const captioned = this.captioned.length;
    const left = this.size - captioned - failed;
    const state = [`${captioned} captioned`];
    if (failed > 0) state.push(`${failed} not captioned`);
    if (left > 0) state.push(`${left} to come`);
    $("album-title").textContent = photos(this.size);
    $("album-state").textContent = `${state.join(", ")}.`;
    $("album-read").disabled = $("album-copy").disabled = captioned === 0;
    if (left === 0 && this.size > 0) this.tell(`All done: ${$("album-state").textContent}`);
  }

  /** Say it to screen readers, behind what was said already. */
  tell(text) {
    const line = document.createElement("p");
    line.textContent = text;
    $("told").append(line);
  }
}
