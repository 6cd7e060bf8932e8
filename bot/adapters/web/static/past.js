// The history as the person sees it: a list that can be cleared, and switched off.

import * as history from "./history.js";
import { howSure } from "./say.js";
import { fetchFile } from "./send.js";
import { bind } from "./settings.js";

const $ = (id) => document.getElementById(id);
const UNAVAILABLE = "This browser keeps no history for this page.";
// In a frame on somebody else's page there is no list to look at and to clear: keep nothing.
const embedded = document.documentElement.hasAttribute("data-embed");

let shown = 0; // which showing of the list is the last

/** The history's dialog and switch. */
export class Past {
  constructor() {
    bind($("past-keep"), "history", true);
    $("past-open").addEventListener("click", () => {
      $("past").showModal();
      $("past-said").textContent = "";
      this.show();
    });
    $("past-close").addEventListener("click", () => $("past").close());
    $("past").addEventListener("click", ({ target }) => {
      if (target === $("past")) $("past").close(); // beside the dialog, that is
    });
    $("past-clear").addEventListener("click", () => this.clear());
  }

  /** Remember a caption, if the person wants that. Never throws: it is a convenience. */
  async add(file, said) {
    if (embedded || !$("past-keep").checked) return;
    try {
      const time = Date.now();
      const { caption, unsure } = said;
      const picture =
        (await history.smallPicture(file)) ||
        (await history.smallPicture(await fetchFile(said.photo)));
      if (!$("past-keep").checked) return; // switched off meanwhile
      await history.add({ caption, unsure, picture, time });
    } catch (error) {
      console.info("no history is kept:", error?.name);
    }
  }

  async show() {
    const mine = ++shown;
    let entries = [];
    let nothing = "Nothing yet.";
    try {
      entries = await history.all();
    } catch {
      nothing = UNAVAILABLE;
    }
    if (mine !== shown) return;
    $("past-list").replaceChildren(...entries.map(row));
    $("past-none").textContent = nothing;
    $("past-none").hidden = entries.length > 0;
    $("past-clear").hidden = entries.length === 0;
  }

  async clear() {
    try {
      await history.clear();
      $("past-said").textContent = "The history is empty now.";
    } catch {
      $("past-said").textContent = "It could not be cleared. Clear this site’s data in your browser.";
    }
    await this.show();
    $("past-close").focus();
  }
}

function row({ caption, unsure, picture, time }) {
  const [item, image, text, sentence, when] = ["li", "img", "div", "p", "time"].map((tag) =>
    document.createElement(tag),
  );
  image.alt = ""; // the sentence beside it says what is in it
  if (picture) image.src = picture;
  sentence.textContent = caption;
  sentence.className = "text";
  const at = new Date(time);
  when.dateTime = at.toISOString();
  when.textContent = at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  text.append(sentence, when);
  if (unsure) {
    const sure = document.createElement("p");
    sure.className = "hint";
    sure.textContent = howSure({ unsure });
    text.append(sure);
  }
  item.append(image, text);
  return item;
}
