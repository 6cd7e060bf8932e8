// What happens on the page: photos come in, are sent, and their captions appear.

import { Album } from "./album.js";
import { ask } from "./ask.js";
import { listen } from "./choose.js";
import { Past } from "./past.js";
import { Result, copy } from "./result.js";
import { howSure, photos, standing } from "./say.js";
import { Problem } from "./send.js";
import { bind } from "./settings.js";
import { Voice } from "./voice.js";

const $ = (id) => document.getElementById(id);

let photo = null; // the file in hand
let sending = null; // the AbortController of what is under way
let opened = null; // the album's card that is looked at

const result = new Result();
const past = new Past();
const voice = new Voice(showSpeaking);
const album = new Album({
  onSaid(card, said) {
    past.add(card.file, said);
    if ($("aloud").checked) voice.add(`${card.name}: ${said.caption}.`);
  },
  onOpen: look,
});

/** Show one state of the page: empty, busy, done, failed, album. */
function enter(state) {
  document.body.dataset.state = state;
  $("result").hidden = state !== "busy" && state !== "done";
  $("busy").hidden = state !== "busy";
  $("answer").hidden = state !== "done";
  $("album").hidden = state !== "album";
  $("retry").hidden = true;
  $("back").hidden = opened === null;
  $("again").hidden = opened !== null;
  if (state !== "failed") $("alert").replaceChildren();
}

/** Whether the keyboard's place is nowhere, or in what was just hidden. */
function lost() {
  const at = document.activeElement;
  return at === null || at === document.body || !at.checkVisibility();
}

function forget() {
  sending?.abort();
  sending = opened = null;
  voice.stop();
  result.clear();
}

function receive(files) {
  if ($("past").open) $("past").close();
  if (album.size > 0) collect(files);
  else if (files.length > 1) collect(files);
  else caption(files[0]);
}

/** One photo. */
async function caption(file) {
  forget();
  photo = file;
  const mine = (sending = new AbortController());
  result.preview(file);
  enter("busy");
  onProgress(0);
  $("live").textContent = "Your photo is being sent.";
  if (lost()) $("cancel").focus();
  try {
    const said = await ask(file, { onProgress, onWaiting, signal: mine.signal });
    if (mine !== sending) return;
    past.add(file, said);
    present(said);
  } catch (error) {
    if (mine === sending) fail(error);
  }
}

function onProgress(share) {
  $("doing-more").textContent = "";
  if (share >= 1) return onWaiting({});
  $("doing").textContent = "Sending your photo";
  $("progress").value = share;
}

function onWaiting(state) {
  $("doing").textContent = standing(state);
  $("doing-more").textContent = state.waking
    ? "Your photo is looked at as soon as it is awake. You need not do anything."
    : "";
  $("progress").removeAttribute("value");
  if (state.waking || state.ahead) $("live").textContent = `${standing(state)}.`;
}

function present(said) {
  sending = null;
  result.present(said, photo);
  enter("done");
  if (lost()) $("sentence").focus({ preventScroll: true });
  $("live").textContent = `The caption: ${said.caption.replace(/\.$/, "")}. ${howSure(said)}`;
  if ($("aloud").checked) voice.say(spoken(said));
}

function spoken(said) {
  return said.unsure ? `Perhaps ${said.caption}.` : `${said.caption}.`;
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

/** Several photos, or more of them. */
function collect(files) {
  forget();
  photo = null;
  $("live").textContent = "";
  enter("album");
  album.add(files);
  if (lost()) $("album-title").focus();
}

/** One photo of the album. */
function look(card) {
  forget();
  opened = card;
  photo = card.file;
  result.preview(card.file);
  result.present(card.said, card.file);
  $("back").textContent = `Back to all ${photos(album.size)}`;
  enter("done");
  $("sentence").focus({ preventScroll: true });
  scrollTo(0, 0);
}

function back() {
  const { open } = opened;
  forget();
  enter("album");
  open.focus();
}

function restart() {
  forget();
  album.clear();
  photo = null;
  $("live").textContent = "";
  enter("empty");
  $("file").focus();
}

function another() {
  restart();
  $("file").click(); // opens the dialogue at once: pressing this button said so
}

function showSpeaking(speaking) {
  $("read").textContent = speaking ? "Stop reading" : "Read aloud";
  $("album-read").textContent = speaking ? "Stop reading" : "Read all aloud";
}

function read(...texts) {
  if (voice.speaking) voice.stop();
  else texts.forEach((text) => voice.add(text));
}

const sentences = () => album.captioned.map((card) => `${card.name}: ${card.said.caption}.`);

listen({ inputs: [$("file"), $("camera")], onPhotos: receive });
bind($("aloud"), "aloud", false, (on) => on || voice.stop());
$("aloud-switch").hidden = $("read").hidden = $("album-read").hidden = !voice.able;
$("album-copy").hidden = !navigator.clipboard;
$("cancel").addEventListener("click", restart);
$("retry").addEventListener("click", () => caption(photo));
$("again").addEventListener("click", another);
$("back").addEventListener("click", back);
$("read").addEventListener("click", () => read(spoken(result.said)));
$("album-over").addEventListener("click", another);
$("album-read").addEventListener("click", () => read(...sentences()));
$("album-copy").addEventListener("click", () => copy($("album-copy"), sentences().join("\n")));
