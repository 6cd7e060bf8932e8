// The ways photos come in: chosen, taken, dropped, pasted.

const ADDRESS = /^(?:https?:\/\/|www\.)\S+$/i;

/** Calls `onPhotos(files)` whichever way they come; there is always one at least.
 *
 * Calls `onAddress()` for an address in place of a photo.
 */
export function listen({ inputs, onPhotos, onAddress }) {
  const take = (files) => {
    if (files.length > 0) onPhotos(files);
  };

  for (const input of inputs) {
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = ""; // so that choosing the same file again is a change
      take(files);
    });
  }

  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) event.preventDefault();
    else if (ADDRESS.test(event.clipboardData?.getData("text/plain").trim() ?? "")) onAddress();
    take(files);
  });

  let depth = 0; // a drag enters and leaves every element on its way
  const dragging = (change) => {
    depth = change === 0 ? 0 : Math.max(0, depth + change);
    document.body.classList.toggle("dragging", depth > 0);
  };
  const withFiles = (handle) => (event) => {
    const types = event.dataTransfer?.types ?? [];
    if (!types.includes("Files") && !types.includes("text/uri-list")) return;
    event.preventDefault();
    handle(event);
  };
  document.addEventListener("dragenter", withFiles(() => dragging(1)));
  document.addEventListener("dragleave", withFiles(() => dragging(-1)));
  document.addEventListener("dragover", withFiles((event) => (event.dataTransfer.dropEffect = "copy")));
  document.addEventListener("drop", withFiles((event) => {
    dragging(0);
    const files = [...event.dataTransfer.files];
    if (files.length === 0) onAddress();
    take(files);
  }));
}
