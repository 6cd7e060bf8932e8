// The history as the person sees it: a list to open, copy and delete from, cleared or switched off.

import { languageOf, put } from "./captions.js";
import { copied, copies } from "./copy.js";
import * as history from "./history.js";
import { howSure, sentence } from "./say.js";
import { addressOf, fetchFile } from "./send.js";
import { bind } from "./settings.js";
import { hush, tell, time } from "./texts.js";

const $ = (id) => document.getElementById(id);
// In a frame on somebody else's page there is no list to look at and to clear: keep nothing.
const embedded = document.documentElement.hasAttribute("data-embed");

let shown = 0; // which showing of the list is the last

/** The history's dialog and switch. `onOpen(entry)` is called when one is to be looked at. */
export class Past {
  constructor({ onOpen }) {
    this.onOpen = onOpen;
    bind($("past-keep"), "history", true);
    $("past-open").addEventListener("click", () => this.open());
    $("past-close").addEventListener("click", () => $("past").close());
    $("past").addEventListener("click", ({ target }) => {
      if (target === $("past")) $("past").close(); // beside the dialog, that is
    });
    $("past-clear").addEventListener("click", () => this.clear());
  }

  /** Show the list; with the keyboard's place on the entry of an id, if it is there. */
  async open(id = null) {
    $("past").showModal();
    hush($("past-said"));
    await this.show();
    $("past-list").querySelector(`[data-id="${id}"] button`)?.focus();
  }

  /** Remember a caption, if the person wants that. Never throws: it is a convenience. */
  async add(file, said) {
    if (embedded || !$("past-keep").checked) return;
    try {
      const at = Date.now();
      let source = file;
      let picture = await history.picture(source, history.SMALL);
      if (!picture) {
        source = await fetchFile(addressOf(said, "photo.jpg"));
        picture = await history.picture(source, history.SMALL);
      }
      const photo = await history.picture(source, history.LARGE);
      if (!$("past-keep").checked) return; // switched off meanwhile
      await history.add({ said, picture, photo, time: at });
    } catch (error) {
      console.info("no history is kept:", error?.name);
    }
  }

  async show() {
    const mine = ++shown;
    let entries = [];
    let nothing = "page-history-none";
    try {
      entries = await history.all();
    } catch {
      nothing = "page-history-unavailable";
    }
    if (mine !== shown) return;
    $("past-list").replaceChildren(...entries.map((entry) => this.row(entry)));
    tell($("past-none"), nothing);
    $("past-none").hidden = entries.length > 0;
    $("past-clear").hidden = entries.length === 0;
  }

  async clear() {
    try {
      await history.clear();
      tell($("past-said"), "page-history-cleared");
    } catch {
      tell($("past-said"), "page-history-clear-failed");
    }
    await this.show();
    $("past-close").focus();
  }

  async remove(entry) {
    try {
      await history.remove(entry.id);
      tell($("past-said"), "page-history-deleted");
    } catch {
      tell($("past-said"), "page-history-clear-failed");
    }
    await this.show();
    ($("past-list").querySelector("button") ?? $("past-close")).focus();
  }

  row(entry) {
    const { picture, time: at, said = entry } = entry;
    const [item, image, body, text, when, actions] = ["li", "img", "div", "p", "time", "div"].map(
      (tag) => document.createElement(tag),
    );
    item.dataset.id = entry.id;
    image.alt = ""; // the sentence beside it says what is in it
    if (picture) image.src = picture;
    put(text, sentence(said), languageOf(said)).className = "text";
    when.dateTime = new Date(at).toISOString();
    when.textContent = time(new Date(at));
    body.append(text, when);
    if (said.unsure) {
      const sure = Object.assign(document.createElement("p"), { className: "hint" });
      tell(sure, howSure(said));
      body.append(sure);
    }
    actions.className = "actions";
    if (entry.said) actions.append(this.button("page-open", () => this.onOpen(entry)));
    const copying = this.button("button-copy");
    copying.classList.add("copies");
    copying.dataset.label = "button-copy";
    copies(copying, () => copied(said));
    actions.append(copying, this.button("button-delete", () => this.remove(entry)));
    body.append(actions);
    item.append(image, body);
    return item;
  }

  button(text, onClick = () => {}) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.className = "button small";
    tell(button, text);
    button.addEventListener("click", onClick);
    return button;
  }
}
