// One photo of an album: its picture, how far it is, its sentence or what is wrong with it.

import { howSure, standing } from "./say.js";
import { Problem } from "./send.js";

function make(tag, className, properties = {}) {
  return Object.assign(document.createElement(tag), { className, ...properties });
}

/** A card; `element` goes into the list. */
export class Card {
  constructor(file, number, { onOpen, onRetry }) {
    this.file = file;
    this.name = `Photo ${number}`;
    this.address = URL.createObjectURL(file);
    this.picture = make("img", "", { alt: this.name, src: this.address });
    this.picture.addEventListener("error", () => this.replace());
    this.picture.addEventListener("click", () => this.said && onOpen());
    this.text = make("p", "text");
    this.more = make("p", "hint");
    this.bar = make("progress", "", { max: 1, ariaLabel: `${this.name}, progress` });
    this.open = this.button("See where it looked", onOpen);
    this.retry = this.button("Try again", () => {
      onRetry();
      this.element.focus(); // the button is gone now
    });
    const frame = make("div", "frame");
    frame.append(this.picture);
    this.element = make("li", "card", { tabIndex: -1 });
    this.element.append(frame, this.text, this.more, this.bar, this.open, this.retry);
    this.wait();
  }

  button(text, onClick) {
    const button = make("button", "button small", { type: "button", textContent: text });
    button.ariaLabel = `${text}, ${this.name.toLowerCase()}`;
    button.addEventListener("click", onClick);
    return button;
  }

  enter(state, text, more = "") {
    this.element.dataset.state = state;
    this.text.textContent = text;
    this.more.textContent = more;
    this.bar.hidden = state === "done" || state === "failed";
    this.open.hidden = state !== "done";
    this.retry.hidden = true;
  }

  get failed() {
    return this.element.dataset.state === "failed";
  }

  /** It has not been sent yet. */
  wait() {
    this.said = null;
    this.enter("waiting", "Waiting to be sent");
    this.bar.value = 0;
  }

  /** A share of it has been sent. */
  progress(share) {
    if (share >= 1) return this.standing({});
    this.enter("busy", "Sending");
    this.bar.value = share;
  }

  /** It was sent, and this is where it stands. */
  standing(state) {
    this.enter("busy", standing(state));
    this.bar.removeAttribute("value");
  }

  present(said) {
    this.said = said;
    this.picture.alt = said.caption;
    this.enter("done", said.caption, said.unsure ? howSure(said) : "");
    if (this.unreadable) this.replace();
  }

  fail(error) {
    if (!(error instanceof Problem)) console.error(error);
    this.enter("failed", error.title ?? "Something went wrong on this page", error.detail ?? "");
    this.retry.hidden = error instanceof Problem && !error.passing;
  }

  /** The browser cannot show the file: show the server's copy, as soon as there is one. */
  replace() {
    this.unreadable = true;
    const copied = this.said !== null && this.picture.src.startsWith("blob:");
    this.picture.classList.toggle("unreadable", !copied);
    if (copied) this.picture.src = this.said.photo;
  }

  remove() {
    URL.revokeObjectURL(this.address);
    this.element.remove();
  }
}
