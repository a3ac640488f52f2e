import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable, type AppLoadContext, type EntryContext } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";

/** Data that has not come by then is shown as missing; the page itself was on the screen long before. */
export const streamTimeout = 8_000;

const abortDelayMs = streamTimeout + 1_000;

/** Renders a page: as a stream for people, whole for those who read once and go. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  { house }: AppLoadContext,
): Promise<Response> {
  house.shopify.addDocumentResponseHeaders(request, headers);
  headers.set("Content-Type", "text/html; charset=utf-8");
  const whole = isbot(request.headers.get("user-agent") ?? "");

  return new Promise((resolve, reject) => {
    const body = new PassThrough();
    let started = false;
    let finalStatus = status;
    const send = () => {
      started = true;
      resolve(new Response(createReadableStreamFromReadable(body), { status: finalStatus, headers }));
      pipe(body);
    };
    const { pipe, abort } = renderToPipeableStream(<RemixServer context={remixContext} url={request.url} />, {
      ...(whole ? { onAllReady: send } : { onShellReady: send }),
      onShellError: reject,
      onError(error) {
        finalStatus = 500;
        // What breaks before the start rejects; afterwards the page is half written and only the log can tell. A reader
        // who has gone away broke nothing.
        if (started && !body.destroyed) house.log.error("page.broken", { path: new URL(request.url).pathname, error });
      },
    });
    setTimeout(abort, abortDelayMs).unref();
  });
}

/** Loaders and actions that throw. What the visitor caused, or gave up, is nobody's error. */
export function handleError(error: unknown, { request, context }: { request: Request; context: AppLoadContext }): void {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return;
  context.house.log.error("door.broken", { path: new URL(request.url).pathname, error });
}
