// The HTTP interface, as the page uses it.

/** What the server, or the way to it, has against the photo. `title` and `detail` are for people. */
export class Problem extends Error {
  constructor({ title, detail, status = 0, code = "" }) {
    super(title);
    Object.assign(this, { title, detail, status, code });
  }

  /** Whether the same photo may pass another time. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

const UNREACHED = {
  title: "The server cannot be reached",
  detail: "Check your connection, then try again.",
};

function problem(status, text) {
  try {
    const { title, detail, code } = JSON.parse(text);
    if (title && detail) {
      return new Problem({ title, detail, code, status });
    }
  } catch {
    // Not a problem document: something between the server and us answered.
  }
  const detail = status === 413 ? "Try a smaller one." : "Try again in a while.";
  return new Problem({ title: "The server did not take the photo", detail, status });
}

/** Send a photo; its caption as the interface describes it. Throws Problem, or AbortError.
 *
 * `onProgress` gets the share that was sent, and 1 when all was. fetch() cannot tell that yet.
 */
export function send(photo, { onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("photo", photo, photo.name || "photo");
    request.open("POST", "/api/captions");
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.upload.addEventListener("load", () => onProgress(1));
    request.addEventListener("error", () => reject(new Problem(UNREACHED)));
    request.addEventListener("abort", () => reject(new DOMException("given up", "AbortError")));
    request.addEventListener("load", () => {
      const { status, responseText } = request;
      if (status !== 200) {
        return reject(problem(status, responseText));
      }
      try {
        resolve(JSON.parse(responseText));
      } catch {
        reject(problem(502, ""));
      }
    });
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

/** Fetch what belongs to a caption. Throws Problem. */
export async function fetchFile(address) {
  let response;
  try {
    response = await fetch(address);
    if (response.ok) return await response.blob();
  } catch {
    throw new Problem(UNREACHED);
  }
  throw problem(response.status, await response.text());
}
