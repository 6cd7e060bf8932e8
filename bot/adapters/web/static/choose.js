// The ways a photo comes in: chosen, taken, dropped, pasted.

function first(transfer) {
  const files = [...(transfer?.files ?? [])];
  return files.find((file) => file.type.startsWith("image/")) ?? files[0];
}

/** Calls `onPhoto(file)` whichever way it comes. */
export function listen({ inputs, onPhoto }) {
  for (const input of inputs) {
    input.addEventListener("change", () => {
      const [file] = input.files;
      input.value = ""; // so that choosing the same file again is a change
      if (file) onPhoto(file);
    });
  }

  document.addEventListener("paste", (event) => {
    const file = first(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    onPhoto(file);
  });

  let depth = 0; // a drag enters and leaves every element on its way
  const dragging = (change) => {
    depth = change === 0 ? 0 : Math.max(0, depth + change);
    document.body.classList.toggle("dragging", depth > 0);
  };
  const withFiles = (handle) => (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    handle(event);
  };
  document.addEventListener("dragenter", withFiles(() => dragging(1)));
  document.addEventListener("dragleave", withFiles(() => dragging(-1)));
  document.addEventListener("dragover", withFiles((event) => (event.dataTransfer.dropEffect = "copy")));
  document.addEventListener("drop", withFiles((event) => {
    dragging(0);
    const file = first(event.dataTransfer);
    if (file) onPhoto(file);
  }));
}
