// What happens on the page: a photo comes in, is sent, and its caption appears.

import { listen } from "./choose.js";
import { Heatmap } from "./heatmap.js";
import { howSure, percent, reading, shares } from "./say.js";
import { Problem, fetchFile, send } from "./send.js";
import { Words } from "./words.js";

const $ = (id) => document.getElementById(id);
const motion = matchMedia("(prefers-reduced-motion: reduce)");
const still = () => motion.matches;
const POINT = matchMedia("(hover: hover)").matches ? "Point at" : "Touch";
const INVITATION = `${POINT} a word to see where it looked.`;
const MOVING = new Set(["image/gif", "image/webp"]); // the model sees a still: show what it saw

let photo = null; // the file in hand
let sending = null; // the AbortController of what is under way
let result = null; // what the server said about it

const heat = new Heatmap($("heat"), { still });
const words = new Words($("words"), { still, onShow, onPlaying });

function onShow(index) {
  const word = index === null ? null : result?.words[index];
  heat.show(word?.attention ?? null);
  $("reading").textContent = word ? `“${word.word}”: ${reading(word, result.grid)}` : INVITATION;
}

function onPlaying(playing) {
  $("play").classList.toggle("playing", playing);
  $("play-text").textContent = playing ? "Stop" : "Play where it looked";
}

/** Show one state of the page: empty, busy, done, failed. */
function enter(state) {
  document.body.dataset.state = state;
  $("result").hidden = state === "empty" || state === "failed";
  $("busy").hidden = state !== "busy";
  $("answer").hidden = state !== "done";
  $("retry").hidden = true;
  if (state !== "failed") $("alert").replaceChildren();
}

/** Whether the keyboard's place is nowhere, or in what was just hidden. */
function lost() {
  const at = document.activeElement;
  return at === null || at === document.body || !at.checkVisibility();
}

function forget() {
  sending?.abort();
  sending = result = null;
  words.reset();
  heat.clear();
  $("making").textContent = "";
}

function display(source) {
  const before = $("photo").src;
  $("photo").classList.remove("unreadable");
  $("photo").src = source;
  if (before.startsWith("blob:")) URL.revokeObjectURL(before);
}

async function caption(file) {
  forget();
  photo = file;
  const mine = (sending = new AbortController());
  display(URL.createObjectURL(file));
  $("photo").alt = "Your photo";
  enter("busy");
  onProgress(0);
  $("live").textContent = "Your photo is being sent.";
  if (lost()) $("cancel").focus();
  try {
    const said = await send(file, { onProgress, signal: mine.signal });
    if (mine === sending) present(said);
  } catch (error) {
    if (mine === sending) fail(error);
  }
}

function onProgress(share) {
  const sent = share >= 1;
  $("doing").textContent = sent ? "Looking at your photo" : "Sending your photo";
  if (sent) $("progress").removeAttribute("value");
  else $("progress").value = share;
}

function present(said) {
  sending = null;
  result = said;
  if (MOVING.has(photo.type) || $("photo").classList.contains("unreadable")) display(said.photo);
  $("photo").alt = said.caption;
  $("sentence").textContent = said.caption;
  $("sure").textContent = howSure(said.confidence);
  $("gif").href = said.attention_gif;
  $("sheet").href = said.attention_sheet;
  list(said);
  enter("done");
  if (lost()) $("sentence").focus({ preventScroll: true });
  $("live").textContent = `The caption: ${said.caption}. ${howSure(said.confidence)}`;
  heat.prepare(said.grid);
  words.appear(said.words, said.grid);
}

function list(said) {
  const all = [said, ...said.alternatives];
  const parts = shares(all.map((one) => one.log_prob));
  $("others").hidden = all.length < 2;
  $("alternatives").replaceChildren(
    ...all.map((one, i) => {
      const [item, text, share, meter] = ["li", "span", "span", "meter"].map((tag) =>
        document.createElement(tag),
      );
      text.textContent = one.caption;
      text.className = "text";
      share.className = "share";
      share.textContent = percent(parts[i]);
      meter.value = parts[i];
      meter.setAttribute("aria-hidden", "true"); // the share says it already
      item.append(text, share, meter);
      return item;
    }),
  );
}

function fail(error) {
  if (error.name === "AbortError") return restart();
  if (!(error instanceof Problem)) console.error(error);
  sending = null;
  const title = document.createElement("strong");
  const detail = document.createElement("p");
  title.textContent = error.title ?? "Something went wrong on this page";
  detail.textContent = error.detail ?? "Try again.";
  enter("failed");
  $("alert").replaceChildren(title, detail);
  $("live").textContent = "";
  $("retry").hidden = error instanceof Problem && !error.passing;
  if (lost()) ($("retry").hidden ? $("file") : $("retry")).focus();
}

function restart() {
  forget();
  photo = null;
  $("photo").removeAttribute("src");
  $("live").textContent = "";
  enter("empty");
  $("file").focus();
}

async function keep(event) {
  event.preventDefault();
  const link = event.currentTarget;
  if (link.getAttribute("aria-disabled") === "true") return;
  link.setAttribute("aria-disabled", "true");
  $("making").textContent = "It is being drawn …";
  try {
    const address = URL.createObjectURL(await fetchFile(link.href));
    const save = Object.assign(document.createElement("a"), { href: address, download: link.download });
    save.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    $("making").textContent = "Saved to your downloads.";
  } catch (error) {
    $("making").textContent = `${error.title ?? "It could not be saved"}. ${error.detail ?? ""}`;
  } finally {
    link.removeAttribute("aria-disabled");
  }
}

listen({ inputs: [$("file"), $("camera")], onPhoto: caption });
$("photo").addEventListener("load", ({ target }) => {
  target.parentElement.style.setProperty("--ratio", target.naturalWidth / target.naturalHeight);
});
$("photo").addEventListener("error", () => {
  if ($("photo").hasAttribute("src")) $("photo").classList.add("unreadable");
  if (result && $("photo").src.startsWith("blob:")) display(result.photo);
});
$("cancel").addEventListener("click", restart);
$("retry").addEventListener("click", () => caption(photo));
$("again").addEventListener("click", () => {
  restart();
  $("file").click(); // opens the dialogue at once: pressing this button said so
});
$("play").addEventListener("click", () => words.play());
$("gif").addEventListener("click", keep);
$("sheet").addEventListener("click", keep);
$("copy").hidden = !navigator.clipboard;
$("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(result.caption);
    $("copy").textContent = "Copied";
  } catch {
    $("copy").textContent = "Could not copy";
  }
  setTimeout(() => ($("copy").textContent = "Copy the sentence"), 2000);
});
