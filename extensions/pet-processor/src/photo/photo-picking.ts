/**
 * The ways in which a photo comes: tapped, taken, dropped on the frame, pasted. The element works before this script is
 * there, since the inputs are real ones: a photo picked that early is found when we arrive.
 */
export function listenForPhotos(
  element: HTMLElement,
  on: { signal: AbortSignal; onPhoto(file: File, isBeside?: boolean): void; onInterest(): void },
): void {
  const { signal } = on;
  const inputs = () => [...element.querySelectorAll<HTMLInputElement>('input[type="file"]')];
  const take = (input: HTMLInputElement) => {
    const file = input.files?.[0];
    // Emptied, so that the same photo can be picked again.
    input.value = "";
    if (file) on.onPhoto(file, "beside" in input.dataset);
  };
  // Also of inputs that the studio brings later.
  const onChange = ({ target }: Event) =>
    (target as HTMLInputElement).type === "file" && take(target as HTMLInputElement);
  element.addEventListener("change", onChange, { signal });
  element.addEventListener(
    "click",
    (event) => {
      if ((event.target as Element).closest('[data-do="choose"]')) inputs()[0]?.click();
    },
    { signal },
  );
  for (const sign of ["pointerover", "focusin", "touchstart"]) {
    element.addEventListener(sign, on.onInterest, { signal, once: true, passive: true });
  }
  listenForDrops(element, on);
  listenForPastes(element, on);
  inputs()
    .filter((input) => input.files?.length)
    .forEach(take);
}

function listenForDrops(
  element: HTMLElement,
  { signal, onPhoto }: { signal: AbortSignal; onPhoto(file: File): void },
): void {
  const frame = element.querySelector<HTMLElement>('[data-part="frame"]') ?? element;
  const mark = (isOver: boolean) => frame.toggleAttribute("data-over", isOver);
  for (const sign of ["dragenter", "dragover"]) {
    frame.addEventListener(
      sign,
      (event) => {
        if (!(event as DragEvent).dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        mark(true);
      },
      { signal },
    );
  }
  frame.addEventListener("dragleave", (event) => !frame.contains(event.relatedTarget as Node | null) && mark(false), {
    signal,
  });
  frame.addEventListener(
    "drop",
    (event) => {
      mark(false);
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      onPhoto(file);
    },
    { signal },
  );
}

function listenForPastes(
  element: HTMLElement,
  { signal, onPhoto }: { signal: AbortSignal; onPhoto(file: File): void },
): void {
  element.ownerDocument.addEventListener(
    "paste",
    (event) => {
      // The innermost element: a chat is often a component whose field the page does not see as the target.
      const isTyping = (event.composedPath()[0] as Element).closest?.("input, textarea, [contenteditable]");
      const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
      if (!file || isTyping || event.defaultPrevented) return;
      event.preventDefault();
      onPhoto(file);
    },
    { signal },
  );
}
