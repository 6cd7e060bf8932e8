// One photo with its sentence: where the model looked, the other sentences, what to take away.

import { languageOf, put, remark } from "./captions.js";
import { copied, copies } from "./copy.js";
import { Heatmap } from "./heatmap.js";
import { compared, howSure, reading, sentence } from "./say.js";
import { addressOf, fetchFile } from "./send.js";
import { hush, say, tell } from "./texts.js";
import { Words } from "./words.js";

const $ = (id) => document.getElementById(id);
const motion = matchMedia("(prefers-reduced-motion: reduce)");
const still = () => motion.matches;
const INVITATION = matchMedia("(hover: hover)").matches ? "page-point" : "page-touch";
const LONG = 160; // characters; what is longer is not set in large type
const MOVING = new Set(["image/gif", "image/webp"]); // the model sees a still: show what it saw

/** The view of a result; there is one on the page. */
export class Result {
  constructor() {
    this.said = this.file = null;
    this.heat = new Heatmap($("heat"), { still });
    this.words = new Words($("words"), {
      still,
      onShow: (index) => this.light(index),
      onPlaying: (playing) => {
        $("play").classList.toggle("playing", playing);
        tell($("play-text"), playing ? "page-stop" : "page-play");
      },
    });
    $("photo").addEventListener("load", ({ target }) => {
      target.parentElement.style.setProperty("--ratio", target.naturalWidth / target.naturalHeight);
    });
    $("photo").addEventListener("error", () => {
      if ($("photo").hasAttribute("src")) $("photo").classList.add("unreadable");
      if (this.said && $("photo").src.startsWith("blob:")) this.displayCopy();
    });
    $("play").addEventListener("click", () => this.words.play());
    $("gif").addEventListener("click", (event) => this.keep(event));
    $("sheet").addEventListener("click", (event) => this.keep(event));
    copies($("copy"), () => copied(this.said));
    copies($("copy-alt"), () => this.said.alt_text);
    $("share").hidden = !navigator.share;
    $("share").addEventListener("click", () => this.share());
  }

  light(index) {
    const word = index === null ? null : this.said?.words[index];
    const values = word && reading(word, this.said.grid);
    // Attention that is nowhere would only darken the photo as a whole.
    this.heat.show(word && values.place !== "nowhere" ? word.attention : null);
    if (word) tell($("reading"), "page-word", values);
    else if (this.said?.grid[0] > 0) tell($("reading"), INVITATION);
    else hush($("reading"));
  }

  /** Show nothing. */
  clear() {
    this.said = this.file = null;
    this.words.reset();
    this.heat.clear();
    this.display(null);
    hush($("making"));
    $("other-language").textContent = "";
  }

  /** Show a photo that has no caption yet: a file, or the address of one. */
  preview(photo) {
    this.clear();
    const isFile = photo instanceof Blob;
    this.file = isFile ? photo : null;
    if (photo) this.display(isFile ? URL.createObjectURL(photo) : photo);
    $("photo").removeAttribute("lang");
    tell($("photo"), "page-photo", {}, "alt");
  }

  display(source) {
    const before = $("photo").src;
    $("photo").classList.remove("unreadable");
    if (source === null) $("photo").removeAttribute("src");
    else $("photo").src = source;
    if (before.startsWith("blob:")) URL.revokeObjectURL(before);
  }

  /** Show the server's copy of the photo. */
  displayCopy() {
    this.display(addressOf(this.said, "photo.jpg"));
  }

  /** Show what was said of the photo that `preview` showed; `atOnce` for what was shown before. */
  present(said, { atOnce = false } = {}) {
    this.said = said;
    if (MOVING.has(this.file?.type) || $("photo").classList.contains("unreadable")) {
      this.displayCopy();
    }
    $("photo").removeAttribute("data-text-alt");
    const code = languageOf(said);
    Object.assign($("photo"), { alt: said.caption, lang: code });
    put($("sentence"), sentence(said), code);
    $("other-language").textContent = atOnce ? "" : remark(said);
    $("meaning").hidden = said.confidence === null || $("certainty").hidden;
    if (said.confidence === null) hush($("sure"));
    else tell($("sure"), howSure(said));
    this.offer(said);
    $("gif").href = addressOf(said, "attention.gif");
    $("sheet").href = addressOf(said, "attention.png");
    this.list([said, ...said.alternatives], code);
    this.heat.prepare(said.grid, $("photo"));
    this.words.appear(this.telling ? said.words : [], said.grid, code, { atOnce });
  }

  /** Offer only what the model can: another one may not tell where it looked, or of any word. */
  offer({ caption, words, grid: [rows] }) {
    const attentive = rows > 0;
    // Without either there is nothing to be told of a word: the sentence stands there as a whole.
    this.telling = attentive || words.some(({ sure }) => sure != null);
    $("play").hidden = $("keep").hidden = !attentive;
    $("reading").hidden = !this.telling;
    tell($("howto"), attentive ? "page-words-how" : "page-words-move");
    $("words").hidden = !this.telling;
    $("sentence").classList.toggle("unseen", this.telling);
    $("answer").classList.toggle("wordy", caption.length > LONG);
  }

  list(sentences, code) {
    const likely = compared(sentences);
    $("others").hidden = sentences.length < 2;
    $("alternatives").replaceChildren(
      ...sentences.map((one, i) => {
        const [item, text, words, meter] = ["li", "span", "span", "meter"].map((tag) =>
          document.createElement(tag),
        );
        put(text, one.caption, code);
        text.className = "text";
        words.className = "likely";
        tell(words, likely[i].text);
        meter.value = likely[i].share;
        meter.setAttribute("aria-hidden", "true"); // the words say it already
        item.append(text, " ", words, meter);
        return item;
      }),
    );
  }

  async share() {
    const shared = { title: "CaptionBot", text: copied(this.said) };
    const withPhoto = { ...shared, files: [this.file] };
    try {
      const photo = this.file !== null && navigator.canShare?.(withPhoto);
      await navigator.share(photo ? withPhoto : shared);
    } catch (error) {
      if (error.name !== "AbortError") $("live").textContent = say("page-share-failed");
    }
  }

  async keep(event) {
    event.preventDefault();
    const link = event.currentTarget;
    if (link.getAttribute("aria-disabled") === "true") return;
    link.setAttribute("aria-disabled", "true");
    tell($("making"), "page-making");
    try {
      const address = URL.createObjectURL(await fetchFile(link.href));
      Object.assign(document.createElement("a"), { href: address, download: link.download }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      tell($("making"), "page-saved");
    } catch (error) {
      hush($("making"));
      $("making").textContent = error.detail
        ? `${error.title}. ${error.detail}`
        : say("page-save-failed");
    } finally {
      link.removeAttribute("aria-disabled");
    }
  }
}
