// One photo of an album: its picture, how far it is, its sentence or what is wrong with it.

import { languageOf, put } from "./captions.js";
import { howSure, sentence, standing } from "./say.js";
import { Problem, addressOf } from "./send.js";
import { hush, say, tell } from "./texts.js";

function make(tag, className, properties = {}) {
  return Object.assign(document.createElement(tag), { className, ...properties });
}

/** A card; `element` goes into the list. */
export class Card {
  constructor(file, number, { onOpen, onRetry }) {
    Object.assign(this, { file, number });
    this.address = URL.createObjectURL(file);
    this.picture = make("img", "", { src: this.address });
    tell(this.picture, "page-card", { number }, "alt");
    this.picture.addEventListener("error", () => this.replace());
    this.picture.addEventListener("click", () => this.said && onOpen());
    this.text = make("p", "text");
    this.more = make("p", "hint");
    this.fileName = make("p", "hint file", { textContent: file.name, dir: "auto" });
    this.bar = make("progress", "", { max: 1 });
    tell(this.bar, "page-card", { number }, "aria-label");
    this.open = this.button("page-open", "page-open-which", onOpen);
    this.retry = this.button("page-retry", "page-card-retry-which", () => {
      onRetry();
      this.element.focus(); // the button is gone now
    });
    const frame = make("div", "frame");
    frame.append(this.picture);
    this.element = make("li", "card", { tabIndex: -1 });
    this.element.append(
      frame, this.fileName, this.text, this.more, this.bar, this.open, this.retry,
    );
    this.wait();
  }

  /** "Photo 3". */
  get name() {
    return say("page-card", { number: this.number });
  }

  button(text, label, onClick) {
    const button = make("button", "button small", { type: "button" });
    tell(button, text);
    tell(button, label, { number: this.number }, "aria-label");
    button.addEventListener("click", onClick);
    return button;
  }

  enter(state) {
    this.element.dataset.state = state;
    this.text.removeAttribute("lang");
    this.text.removeAttribute("dir");
    hush(this.text);
    hush(this.more);
    this.fileName.hidden = state !== "failed";
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
    this.enter("waiting");
    tell(this.text, "page-card-waiting");
    this.bar.value = 0;
  }

  /** A share of it has been sent. */
  progress(share) {
    if (share >= 1) return this.standing({});
    this.enter("busy");
    tell(this.text, "page-sending");
    this.bar.value = share;
  }

  /** It was sent, and this is where it stands. */
  standing(state) {
    this.enter("busy");
    tell(this.text, ...standing(state));
    this.bar.removeAttribute("value");
  }

  present(said) {
    this.said = said;
    this.picture.removeAttribute("data-text-alt");
    const code = languageOf(said);
    Object.assign(this.picture, { alt: said.caption, lang: code });
    this.enter("done");
    put(this.text, sentence(said), code);
    const [text, label] = said.grid[0] > 0
      ? ["page-card-open", "page-card-open-which"]
      : ["page-open", "page-open-which"];
    tell(this.open, text);
    tell(this.open, label, { number: this.number }, "aria-label");
    if (said.unsure) tell(this.more, howSure(said));
    if (this.unreadable) this.replace();
  }

  fail(error) {
    if (!(error instanceof Problem)) console.error(error);
    this.enter("failed");
    if (error instanceof Problem) {
      this.text.textContent = error.title;
      this.more.textContent = error.detail;
    } else {
      tell(this.text, "page-wrong");
    }
    this.retry.hidden = error instanceof Problem && !error.passing;
  }

  /** The browser cannot show the file: show the server's copy, as soon as there is one. */
  replace() {
    this.unreadable = true;
    const copied = this.said !== null && this.picture.src.startsWith("blob:");
    this.picture.classList.toggle("unreadable", !copied);
    if (copied) this.picture.src = addressOf(this.said, "photo.jpg");
  }

  remove() {
    URL.revokeObjectURL(this.address);
    this.element.remove();
  }
}
