// What happens on the page: photos come in, are sent, and their captions appear.

import { Album } from "./album.js";
import { ask } from "./ask.js";
import * as capabilities from "./capabilities.js";
import { bindCaptions, languageOf } from "./captions.js";
import { listen } from "./choose.js";
import { Conversation } from "./conversation.js";
import { copied, copies } from "./copy.js";
import { Past } from "./past.js";
import { Result } from "./result.js";
import { howSure, sentence, standing } from "./say.js";
import { Problem } from "./send.js";
import { bind } from "./settings.js";
import { bindLanguages, hush, learn, say, tell } from "./texts.js";
import { Voice, spoken, spokenAnswer } from "./voice.js";

const $ = (id) => document.getElementById(id);

// What the page is about: one photo {state, file, said, sending}, or an album, or nothing yet.
let main = { state: "empty" };
// What is looked at over it, and left again: a photo of the album, or an entry of the history.
let opened = null;

const result = new Result();
const voice = new Voice(showSpeaking);
const conversation = new Conversation({
  voice: voice.able,
  onAnswer: (answer) => $("aloud").checked && voice.say(spokenAnswer(answer)),
  onRead: (answer) => read(spokenAnswer(answer)),
  onRefused: refresh,
});
const past = new Past({
  onOpen(entry) {
    $("past").close();
    open({ photo: entry.photo || entry.picture, said: entry.said, leave: () => past.open(entry.id) });
  },
});
const album = new Album({
  onSaid(card, said) {
    past.add(card.file, said);
    if ($("aloud").checked) voice.add(spoken(said, card.number));
  },
  onOpen(card) {
    open({ photo: card.file, said: card.said, leave: () => card.open.focus() });
  },
});

/** Show the state of the page: empty, busy, done, failed, album. */
function show() {
  const state = opened ? "done" : main.state;
  document.body.dataset.state = state;
  $("result").hidden = state !== "busy" && state !== "done";
  $("busy").hidden = state !== "busy";
  $("answer").hidden = state !== "done";
  $("album").hidden = state !== "album";
  $("examples").hidden = state !== "empty";
  $("retry").hidden = state !== "failed" || (main.error instanceof Problem && !main.error.passing);
  $("again").hidden = opened !== null;
  $("back").hidden = opened === null;
}

/** Whether the keyboard's place is nowhere, or in what was just hidden. */
function lost() {
  const at = document.activeElement;
  return at === null || at === document.body || !at.checkVisibility();
}

/** Say above everything what is wrong; nothing for null. */
function warn(title, detail) {
  if (title === null) return $("alert").replaceChildren();
  const [strong, text] = [document.createElement("strong"), document.createElement("p")];
  for (const [element, [id, words]] of [[strong, title], [text, detail]]) {
    if (id) tell(element, id);
    else element.textContent = words;
  }
  $("alert").replaceChildren(strong, text);
}

/** Give up the one photo that the page is about, and what is looked at. */
function forget() {
  main.sending?.abort();
  opened = null;
  voice.stop();
  result.clear();
  conversation.end();
  warn(null);
  $("live").textContent = "";
}

function receive(files) {
  if ($("past").open) $("past").close();
  if (main.state === "album" || files.length > 1) collect(files);
  else caption(files[0]);
}

/** One photo. */
async function caption(file) {
  forget();
  const mine = (main = { state: "busy", file, sending: new AbortController() });
  result.preview(file);
  show();
  onProgress(0);
  $("live").textContent = say("page-sending");
  if (lost()) $("cancel").focus();
  try {
    const { signal } = mine.sending;
    const said = await ask(file, { onProgress, onWaiting, signal });
    if (mine !== main) return;
    past.add(file, said);
    refresh();
    main = { state: "done", file, said };
    if (opened === null) present();
    tellCaption(said);
  } catch (error) {
    if (mine === main) fail(error);
  }
}

function onProgress(share) {
  hush($("doing-more"));
  if (share >= 1) return onWaiting({});
  tell($("doing"), "page-sending");
  $("progress").value = share;
}

function onWaiting(state) {
  tell($("doing"), ...standing(state));
  if (state.waking) tell($("doing-more"), "page-waking-more");
  else hush($("doing-more"));
  $("progress").removeAttribute("value");
  if (state.waking || state.ahead) $("live").textContent = say(...standing(state));
}

/** Show the one photo's caption. */
function present({ atOnce = false } = {}) {
  result.present(main.said, { atOnce });
  conversation.begin(main.said, main.file);
  show();
  if (lost()) $("sentence").focus({ preventScroll: true });
}

function tellCaption(said) {
  const caption = sentence(said);
  const sure = said.confidence === null ? "" : say(howSure(said));
  $("live").textContent = `${say("page-said", { caption })} ${sure}`.trim();
  if ($("aloud").checked) voice.say(spoken(said));
}

/** Offer what the models can do now. */
async function refresh() {
  if (!(await capabilities.refresh())) return;
  capabilities.showOffered();
  capabilities.showLengths($("length-switch"), $("length"));
  conversation.offer();
}

function fail(error) {
  if (error.name === "AbortError") return restart();
  if (error.code === "not_offered") refresh();
  if (!(error instanceof Problem)) console.error(error);
  main = { state: "failed", file: main.file, error };
  if (opened !== null) return;
  showFailure();
}

function showFailure() {
  const { error } = main;
  const known = error instanceof Problem;
  warn(known ? ["", error.title] : ["page-wrong"], known ? ["", error.detail] : ["page-wrong-more"]);
  $("live").textContent = "";
  show();
  if (lost()) ($("retry").hidden ? $("file") : $("retry")).focus();
}

/** Several photos, or more of them. */
function collect(files) {
  forget();
  if (main.state !== "album") album.clear();
  main = { state: "album" };
  show();
  album.add(files);
  if (lost()) $("album-title").focus();
}

/** Look at a photo over what the page is about, which goes on; the browser's Back leads there. */
function open(view) {
  learn(languageOf(view.said)); // to read it aloud
  if (opened === null) history.pushState({ opened: true }, "");
  opened = view;
  voice.stop();
  warn(null);
  result.preview(view.photo);
  result.present(view.said, { atOnce: true });
  conversation.begin(view.said, result.file);
  show();
  $("sentence").focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Leave it again: what the page is about is where it was, or has come further meanwhile. */
function leave() {
  if (opened === null) return;
  const { leave: then } = opened;
  opened = null;
  voice.stop();
  result.clear();
  conversation.end();
  if (main.file) result.preview(main.file);
  if (main.state === "done") present({ atOnce: true });
  else if (main.state === "failed") showFailure();
  else show();
  then();
}

/** All over again: only when the person says so. */
function restart() {
  forget();
  album.clear();
  main = { state: "empty" };
  show();
  $("file").focus();
}

function showSpeaking(speaking) {
  tell($("read"), speaking ? "page-read-stop" : "button-speech");
  tell($("album-read"), speaking ? "page-read-stop" : "page-album-read");
  conversation.showSpeaking(speaking);
}

function read(...texts) {
  if (voice.speaking) voice.stop();
  else texts.forEach((text) => voice.add(text));
}

async function tryExample({ currentTarget: button }) {
  const name = button.dataset.example;
  try {
    const response = await fetch(`static/${name}`);
    receive([new File([await response.blob()], name, { type: "image/jpeg" })]);
  } catch {
    warn(["page-unreached"], ["page-unreached-more"]);
  }
}

const copiedAlbum = () =>
  album.captioned.map(({ file, said }) => `${file.name}: ${copied(said)}`).join("\n");
const readAlbum = () => album.captioned.map(({ number, said }) => spoken(said, number));

bindLanguages($("language"));
const captionAnew = () => {
  if (main.state === "done" && opened === null) caption(main.file);
};
bindCaptions($("captions-switch"), $("captions"), captionAnew);
capabilities.bindLength($("length"), captionAnew);
refresh();
listen({
  inputs: [$("file"), $("camera")],
  onPhotos: receive,
  onAddress: () => warn(["page-address"], ["page-address-more"]),
});
bind($("aloud"), "aloud", false, (on) => on || voice.stop());
$("aloud-switch").hidden = $("read").hidden = $("album-read").hidden = !voice.able;
copies($("album-copy"), copiedAlbum);
for (const button of document.querySelectorAll("[data-example]")) {
  button.addEventListener("click", tryExample);
}
addEventListener("popstate", leave);
$("cancel").addEventListener("click", restart);
$("retry").addEventListener("click", () => caption(main.file));
// What is there stays there until something new is chosen.
$("again").addEventListener("click", () => $("file").click());
$("album-add").addEventListener("click", () => $("file").click());
$("album-over").addEventListener("click", restart);
$("back").addEventListener("click", () => history.back());
$("certainty-link").addEventListener("click", (event) => {
  event.preventDefault(); // an address of its own would be one more step for the browser's Back
  $("certainty").focus();
  $("certainty").scrollIntoView({ block: "center" });
});
$("read").addEventListener("click", () => read(spoken(result.said)));
$("album-read").addEventListener("click", () => read(...readAlbum()));
