/** Resolves once the stylesheet of an address is in force, fetching it where no link of the page has it yet. */
export function fetchSheet(href = ""): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")];
  const there = links.find((link) => link.getAttribute("href") === href);
  if (there?.sheet) return Promise.resolve();
  const link = there ?? document.createElement("link");
  const arrived = new Promise<void>((resolve, reject) => {
    link.addEventListener("load", () => resolve(), { once: true });
    link.addEventListener("error", () => (link.remove(), reject(new Error("The sheet did not come."))), { once: true });
  });
  if (!there) document.head.append(Object.assign(link, { rel: "stylesheet", href }));
  return arrived;
}
