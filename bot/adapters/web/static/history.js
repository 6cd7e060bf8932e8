// The last captions with small pictures, in this browser's own database. Nothing is sent anywhere.

const MOST = 50;

/** Pixels of the longer side: of the picture in the list, and of the one to look at closely. */
export const SMALL = 144;
export const LARGE = 720;

function done(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

async function inDatabase(mode, work) {
  const opening = indexedDB.open("captionbot", 1);
  opening.addEventListener("upgradeneeded", () => {
    opening.result.createObjectStore("captions", { keyPath: "id", autoIncrement: true });
  });
  const database = await done(opening);
  try {
    const transaction = database.transaction("captions", mode);
    const finished = new Promise((resolve, reject) => {
      transaction.addEventListener("complete", resolve);
      transaction.addEventListener("abort", () => reject(transaction.error));
    });
    const [result] = await Promise.all([work(transaction.objectStore("captions")), finished]);
    return result;
  } finally {
    database.close();
  }
}

/** Remember a caption: `{said, picture, photo, time}`. The oldest give way to the newest.
 *
 * `said` is what the interface answered, `picture` a small picture, `photo` a larger one. Older
 * versions of this page have left `{caption, unsure, picture, time}`.
 */
export function add(entry) {
  return inDatabase("readwrite", async (captions) => {
    captions.add(entry);
    const keys = await done(captions.getAllKeys());
    for (const key of keys.slice(0, -MOST)) captions.delete(key);
  });
}

/** All that is remembered, newest first. */
export async function all() {
  return (await inDatabase("readonly", (captions) => done(captions.getAll()))).reverse();
}

/** Forget one of them. */
export function remove(id) {
  return inDatabase("readwrite", (captions) => done(captions.delete(id)));
}

/** Remember nothing of what was. */
export function clear() {
  return inDatabase("readwrite", (captions) => done(captions.clear()));
}

/** A JPEG of a photo, as an address that holds it; "" for what the browser cannot show. */
export async function picture(file, side) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "white"; // under what is see-through
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvas.toDataURL("image/jpeg", 0.75);
  } catch {
    return "";
  }
}
