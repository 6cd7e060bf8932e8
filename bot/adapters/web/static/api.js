// The page about the API: its commands name this server, and its form shows what one gets.

const $ = (id) => document.getElementById(id);
const HERE = "http://127.0.0.1:8080"; // as the page is written
const ABOVE = new URL(".", location.href).href.replace(/\/$/, ""); // this server, or a path on it

for (const code of document.querySelectorAll(".code pre")) {
  code.textContent = code.textContent.replace(HERE, ABOVE);
}

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    let said = "Copied";
    try {
      await navigator.clipboard.writeText($(button.dataset.copies).textContent);
    } catch {
      said = "Could not copy";
    }
    button.firstChild.textContent = $("copied").textContent = said;
    setTimeout(() => (button.firstChild.textContent = "Copy"), 2000);
  });
}

/** JSON to look at, without the long lists of attention weights. */
function readable(body) {
  const short = (key, value) => (key === "attention" ? `… ${value.length} weights` : value);
  return JSON.stringify(body, short, 2);
}

$("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [photo] = $("sample").files;
  const form = new FormData();
  form.append("photo", photo, photo.name);
  $("status").textContent = "Sent. The answer appears as soon as the caption is ready.";
  $("answer").hidden = $("shortened").hidden = true;
  const began = performance.now();
  try {
    const response = await fetch("api/captions", { method: "POST", body: form });
    const body = await response.json();
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    $("status").textContent = `${response.status} ${response.statusText}, after ${seconds} s`;
    $("answer").textContent = readable(body);
    $("answer").hidden = false;
    $("shortened").hidden = !response.ok;
  } catch {
    $("status").textContent = "No answer that can be read. Check your connection, then try again.";
  }
});
