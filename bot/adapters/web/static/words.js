// The sentence as a row of buttons: pointing at, focusing or pressing a word shows its attention.

import { reading } from "./say.js";
import { directionOf, tell } from "./texts.js";

const BETWEEN = 170; // milliseconds from word to word as they appear
const PLAYED = 800; // milliseconds for each word while playing

/** A toolbar with one word in the tab order; arrow keys move. Calls `onShow(index or null)`. */
export class Words {
  constructor(row, { onShow, onPlaying, still }) {
    Object.assign(this, { row, onShow, onPlaying, still, buttons: [] });
    this.reset();
    row.addEventListener("keydown", (event) => this.key(event));
    row.addEventListener("focusout", () => this.choose(null));
  }

  /** No words. */
  reset() {
    clearTimeout(this.timer);
    this.row.replaceChildren();
    this.buttons = [];
    this.chosen = this.pointed = this.played = null;
    this.onPlaying(false);
  }

  /** Let the words of a caption in a language appear, one after the other. */
  appear(words, grid, code, { atOnce = false } = {}) {
    this.reset();
    Object.assign(this.row, { dir: directionOf(code) });
    this.row.dataset.language = code;
    this.buttons = words.map((word, i) => this.button(word, i, grid, code));
    this.row.replaceChildren(...this.buttons.flatMap((button) => [button, " "]));
    if (atOnce || this.still()) return this.update();
    this.buttons.forEach((button) => button.classList.add("to-come"));
    this.run(0, BETWEEN);
  }

  get playing() {
    return this.played !== null;
  }

  /** Go through all words, or stop doing so. */
  play() {
    if (this.playing) this.stop();
    else this.run(0, PLAYED);
  }

  stop() {
    clearTimeout(this.timer);
    this.buttons.forEach((button) => button.classList.remove("to-come"));
    this.played = null;
    this.onPlaying(false);
    this.update();
  }

  run(index, pause) {
    if (index >= this.buttons.length) return this.stop();
    this.played = index;
    this.onPlaying(pause === PLAYED);
    this.buttons[index].classList.remove("to-come");
    this.update();
    this.timer = setTimeout(() => this.run(index + 1, pause), pause);
  }

  button(word, i, grid, code) {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = i === 0 ? 0 : -1;
    const text = Object.assign(document.createElement("span"), { textContent: word.word });
    text.lang = code; // what is said of it is in the page's language
    button.append(text);
    tell(button, "page-word", reading(word, grid), "aria-label");
    button.addEventListener("pointerenter", () => this.point(i));
    button.addEventListener("pointerleave", () => this.point(null));
    button.addEventListener("focus", () => this.choose(i));
    button.addEventListener("click", () => button.focus()); // not every browser does so
    return button;
  }

  point(index) {
    this.pointed = index;
    this.update();
  }

  choose(index) {
    if (index !== null && this.playing) this.stop();
    this.chosen = index;
    if (index !== null) this.buttons.forEach((button, i) => (button.tabIndex = i === index ? 0 : -1));
    this.update();
  }

  key(event) {
    const at = this.buttons.indexOf(document.activeElement);
    const last = this.buttons.length - 1;
    const [next, before] = [Math.min(at + 1, last), Math.max(at - 1, 0)];
    const runsLeft = this.row.dir === "rtl";
    const to = {
      ArrowRight: runsLeft ? before : next,
      ArrowDown: next,
      ArrowLeft: runsLeft ? next : before,
      ArrowUp: before,
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === "Escape") this.choose(null);
    if (to === undefined || at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.buttons[to].focus();
  }

  update() {
    const shown = this.pointed ?? this.played ?? this.chosen;
    this.buttons.forEach((button, i) => button.classList.toggle("lit", i === shown));
    this.onShow(shown);
  }
}
