// Several photos at once: a few are on their way at a time, each has its own card.

import { ask } from "./ask.js";
import { Card } from "./card.js";
import { sentence } from "./say.js";
import { list, say, tell, whenTranslated } from "./texts.js";

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
    whenTranslated(() => this.count());
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
    this.tell(say("page-album-new", { count: files.length }));
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
    const { failed, captioned } = this.counts();
    if (this.size > 0 && failed + captioned === this.size) {
      this.tell(say("page-album-done", { state: $("album-state").textContent }));
    }
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
      this.tell(`${card.name}: ${sentence(said)}`);
      this.onSaid(card, said);
    } catch (error) {
      if (signal.aborted) return;
      card.fail(error);
      this.tell(`${card.name}: ${error.title ?? say("page-wrong")}`);
    }
    this.running -= 1;
    this.next();
  }

  counts() {
    const failed = this.cards.filter((card) => card.failed).length;
    return { failed, captioned: this.captioned.length };
  }

  /** Say how many there are, and how far they are. */
  count() {
    const { failed, captioned } = this.counts();
    const left = this.size - captioned - failed;
    const state = [say("page-album-captioned", { count: captioned })];
    if (failed > 0) state.push(say("page-album-failed", { count: failed }));
    if (left > 0) state.push(say("page-album-left", { count: left }));
    tell($("album-title"), "page-photos", { count: this.size });
    $("album-state").textContent = list(state);
    $("album-read").disabled = $("album-copy").disabled = captioned === 0;
  }

  /** Say it to screen readers, behind what was said already. */
  tell(text) {
    const line = document.createElement("p");
    line.textContent = text;
    $("told").append(line);
  }
}
