/** A form that stands still this long is given up. */
const patienceMs = 30_000;

/**
 * Posts a form and tells how much of it has gone out, which only the older of the browser's two ways can.
 * @returns the status; rejects where no answer came, and with an AbortError when the signal aborts
 */
export function sendForm(
  url: string,
  form: FormData,
  { signal, onSent }: { signal: AbortSignal; onSent: (share: number) => void },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    let timer = setTimeout(abort, patienceMs);
    request.upload.onprogress = ({ loaded, total }) => {
      clearTimeout(timer);
      timer = setTimeout(abort, patienceMs);
      if (total > 0) onSent(loaded / total);
    };
    request.onload = () => resolve(request.status);
    const fail = () =>
      reject(signal.aborted ? new DOMException("Aborted", "AbortError") : new TypeError("The form got no answer"));
    request.onerror = fail;
    request.onabort = fail;
    request.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
    if (signal.aborted) return (clearTimeout(timer), fail());
    signal.addEventListener("abort", abort);
    request.open("POST", url);
    request.send(form);
  });
}
