// One photo with its sentence: where the model looked, the other sentences, what to keep.

import { Heatmap } from "./heatmap.js";
import { compared, howSure, reading } from "./say.js";
import { fetchFile } from "./send.js";
import { Words } from "./words.js";

const $ = (id) => document.getElementById(id);
const motion = matchMedia("(prefers-reduced-motion: reduce)");
const still = () => motion.matches;
const POINT = matchMedia("(hover: hover)").matches ? "Point at" : "Touch";
const INVITATION = `${POINT} a word to see where it looked.`;
const MOVING = new Set(["image/gif", "image/webp"]); // the model sees a still: show what it saw

/** The view of a result; there is one on the page. */
export class Result {
  constructor() {
    this.said = null;
    this.heat = new Heatmap($("heat"), { still });
    this.words = new Words($("words"), {
      still,
      onShow: (index) => this.light(index),
      onPlaying: (playing) => {
        $("play").classList.toggle("playing", playing);
        $("play-text").textContent = playing ? "Stop" : "Play where it looked";
      },
    });
    $("photo").addEventListener("load", ({ target }) => {
      target.parentElement.style.setProperty("--ratio", target.naturalWidth / target.naturalHeight);
    });
    $("photo").addEventListener("error", () => {
      if ($("photo").hasAttribute("src")) $("photo").classList.add("unreadable");
      if (this.said && $("photo").src.startsWith("blob:")) this.display(this.said.photo);
    });
    $("play").addEventListener("click", () => this.words.play());
    $("gif").addEventListener("click", (event) => this.keep(event));
    $("sheet").addEventListener("click", (event) => this.keep(event));
    $("copy").hidden = !navigator.clipboard;
    $("copy").addEventListener("click", () => copy($("copy"), this.said.caption));
  }

  light(index) {
    const word = index === null ? null : this.said?.words[index];
    this.heat.show(word?.attention ?? null);
    $("reading").textContent = word
      ? `“${word.word}”: ${reading(word, this.said.grid)}`
      : INVITATION;
  }

  /** Show nothing. */
  clear() {
    this.said = null;
    this.words.reset();
    this.heat.clear();
    this.display(null);
    $("making").textContent = "";
  }

  /** Show a photo that has no caption yet. */
  preview(file) {
    this.clear();
    this.display(URL.createObjectURL(file));
    $("photo").alt = "Your photo";
  }

  display(source) {
    const before = $("photo").src;
    $("photo").classList.remove("unreadable");
    if (source === null) $("photo").removeAttribute("src");
    else $("photo").src = source;
    if (before.startsWith("blob:")) URL.revokeObjectURL(before);
  }

  /** Show what was said of the photo that `preview` showed. */
  present(said, file) {
    this.said = said;
    if (MOVING.has(file.type) || $("photo").classList.contains("unreadable")) {
      this.display(said.photo);
    }
    $("photo").alt = said.caption;
    $("sentence").textContent = said.caption;
    $("sure").textContent = howSure(said);
    $("gif").href = said.attention_gif;
    $("sheet").href = said.attention_sheet;
    this.list([said, ...said.alternatives]);
    this.heat.prepare(said.grid);
    this.words.appear(said.words, said.grid);
  }

  list(sentences) {
    const likely = compared(sentences.map((one) => one.log_prob));
    $("others").hidden = sentences.length < 2;
    $("alternatives").replaceChildren(
      ...sentences.map((one, i) => {
        const [item, text, words, meter] = ["li", "span", "span", "meter"].map((tag) =>
          document.createElement(tag),
        );
        text.textContent = one.caption;
        text.className = "text";
        words.className = "likely";
        words.textContent = likely[i].words;
        meter.value = likely[i].share;
        meter.setAttribute("aria-hidden", "true"); // the words say it already
        item.append(text, " ", words, meter);
        return item;
      }),
    );
  }

  async keep(event) {
    event.preventDefault();
    const link = event.currentTarget;
    if (link.getAttribute("aria-disabled") === "true") return;
    link.setAttribute("aria-disabled", "true");
    $("making").textContent = "It is being drawn …";
    try {
      const address = URL.createObjectURL(await fetchFile(link.href));
      Object.assign(document.createElement("a"), { href: address, download: link.download }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      $("making").textContent = "Saved to your downloads.";
    } catch (error) {
      $("making").textContent = `${error.title ?? "It could not be saved"}. ${error.detail ?? ""}`;
    } finally {
      link.removeAttribute("aria-disabled");
    }
  }
}

/** Copy a text, and say on the button whether that went well. */
export async function copy(button, text) {
  const label = button.firstChild; // what is read to screen readers besides may follow it
  button.dataset.text ??= label.data;
  try {
    await navigator.clipboard.writeText(text);
    label.data = "Copied";
  } catch {
    label.data = "Could not copy";
  }
  setTimeout(() => (label.data = button.dataset.text), 2000);
}
