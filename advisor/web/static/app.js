// What scripts add to pages that work without them: components, copying, progress, and a warning
// before answers that were not saved are left behind.
import { initAll } from "./govuk/govuk-frontend.min.js";

initAll();

for (const button of document.querySelectorAll("[data-app-copy]")) {
  const status = document.getElementById(button.dataset.appCopyStatus);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.appCopy).textContent;
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = "Copied.";
    } catch {
      status.textContent = "This browser did not allow it: select the text and copy it.";
    }
  });
}

for (const button of document.querySelectorAll("[data-app-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A page that waits for something long asks how far it is, and comes again when it is done.
for (const region of document.querySelectorAll("[data-app-progress]")) {
  const bar = region.querySelector("progress");
  const words = region.querySelector("[data-app-progress-words]");
  const ask = async () => {
    try {
      const said = await (await fetch(region.dataset.appProgress)).json();
      if (said.done >= said.of) {
        window.location.reload();
        return;
      }
      bar.max = said.of;
      bar.value = said.done;
      words.textContent = `${said.done} of ${said.of}`;
    } catch {
      return;
    }
    window.setTimeout(ask, 1000);
  };
  ask();
}

for (const form of document.querySelectorAll("form[data-app-unsaved]")) {
  let changed = false;
  const warn = (event) => {
    if (changed) {
      event.preventDefault();
    }
  };
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", warn);
}
