// A button beside each feed that copies its address. Without it the addresses stand in fields and links.
"use strict";

(() => {
  const status = document.getElementById("copied");
  if (!navigator.clipboard) return; // an insecure origin

  function button(address, name) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = "Copy";
    made.setAttribute("aria-label", `Copy the address of ${name}`);
    made.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(address);
        status.textContent = `Copied: ${address}`;
        made.textContent = "Copied";
      } catch {
        status.textContent = `Could not copy. The address: ${address}`;
      }
    });
    return made;
  }

  for (const field of document.querySelectorAll(".address")) {
    const input = field.querySelector("input");
    input.addEventListener("focus", () => input.select());
    field.append(button(input.value, `the feed of everything, ${field.querySelector("label").textContent}`));
  }
  for (const row of document.querySelectorAll(".feed-rows li")) {
    const links = [...row.querySelectorAll(".formats a")];
    const chosen = links.find((link) => link.href.endsWith(".atom.xml")) || links[0];
    const name = row.querySelector("a").textContent;
    if (chosen) chosen.parentElement.append(" ", button(chosen.href, `the feed of ${name}`));
  }
})();
