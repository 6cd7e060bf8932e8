// The HTTP interface, as the page uses it. Its addresses are relative to the page's own, which may
// lie below any path.

import { wantedLength } from "./capabilities.js";
import { wanted } from "./captions.js";
import { language, say } from "./texts.js";

/** What the server, or the way to it, has against the photo. `title` and `detail` are for people.
 *
 * `retryAfter` is seconds, where the server named them.
 */
export class Problem extends Error {
  constructor({ title, detail, status = 0, code = "", retry_after: retryAfter = null }) {
    super(title);
    Object.assign(this, { title, detail, status, code, retryAfter });
  }

  /** Whether the same photo may pass another time. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** The server cannot be reached. */
function unreached() {
  return new Problem({ title: say("page-unreached"), detail: say("page-unreached-more") });
}

function problem(status, text) {
  try {
    const said = JSON.parse(text);
    if (said.title && said.detail) return new Problem({ ...said, status });
  } catch {
    // Not a problem document: something between the server and us answered.
  }
  const detail = say(status === 413 ? "page-refused-large" : "page-refused-more");
  return new Problem({ title: say("page-refused"), detail, status });
}

/** The lines of a growing text, each given once, when it is whole. */
function reader(onLine) {
  let read = 0;
  return (text) => {
    for (let end; (end = text.indexOf("\n", read)) >= 0; read = end + 1) {
      onLine(JSON.parse(text.slice(read, end)));
    }
  };
}

/** Send a photo; its caption as the interface describes it. Throws Problem, or AbortError.
 *
 * `onProgress` gets the share that was sent, and 1 when all was; fetch() cannot tell that yet.
 * `onWaiting` gets `{ahead, waking}` when the photo has a place in the queue.
 */
export function send(photo, { onProgress, onWaiting, signal }) {
  const form = new FormData();
  form.append("language", wanted());
  if (wantedLength()) form.append("length", wantedLength());
  form.append("photo", photo, photo.name || "photo");
  return exchange("api/captions", form, { event: "caption", onProgress, onWaiting, signal });
}

/** Send a question about a captioned photo; its answer as the interface describes it. As `send`. */
export function sendQuestion(said, question, { onWaiting, signal }) {
  const form = new FormData();
  form.append("language", wanted());
  form.append("question", question);
  const onProgress = () => {};
  const address = addressOf(said, "questions");
  return exchange(address, form, { event: "answer", onProgress, onWaiting, signal });
}

/** Send a form; what the last line of the answer holds, which is an `event` of that name. */
function exchange(address, form, { event, onProgress, onWaiting, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/x-ndjson");
    request.setRequestHeader("Accept-Language", language());
    const read = reader((line) => {
      if (line.event === "waiting") onWaiting(line);
      else if (line.event === event) resolve(line[event]);
      else reject(new Problem(line.problem));
    });
    const look = () => {
      try {
        if (request.status === 200) read(request.responseText);
      } catch {
        reject(problem(502, ""));
      }
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.upload.addEventListener("load", () => onProgress(1));
    request.addEventListener("progress", look);
    request.addEventListener("error", () => reject(unreached()));
    request.addEventListener("abort", () => reject(new DOMException("given up", "AbortError")));
    request.addEventListener("load", () => {
      if (request.status === 200) look();
      // Without effect where the last line has settled it.
      reject(problem(request.status === 200 ? 502 : request.status, request.responseText));
    });
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

/** Whether the server says that its model is still loading. */
export async function isWaking(signal) {
  try {
    const response = await fetch("ready", { signal });
    return !response.ok && (await response.json()).code === "not_ready";
  } catch {
    return false; // gone, or given up: whoever sends next finds out
  }
}

/** Where what belongs to a caption is, such as "photo.jpg", "attention.gif" and "questions". */
export function addressOf(said, name) {
  return `api/captions/${said.id}/${name}`; // the answer's own addresses are for programs
}

/** Fetch what belongs to a caption. Throws Problem. */
export async function fetchFile(address) {
  let response;
  try {
    response = await fetch(address, { headers: { "Accept-Language": language() } });
    if (response.ok) return await response.blob();
  } catch {
    throw unreached();
  }
  throw problem(response.status, await response.text());
}
