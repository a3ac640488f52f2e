import { isRouteErrorResponse } from "@remix-run/react";

/**
 * What a page of the admin shows when its door threw. The library throws pages of its own (a script that leaves the frame
 * or fetches a token): those are put in place as they are, and nothing else ever is.
 */
export function AdminError({ error }: { error: unknown }) {
  const page = libraryPage(error);
  if (page !== undefined) return <div dangerouslySetInnerHTML={{ __html: page }} />;
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <main className="admin-error">
      <h1>{missing ? "This page is not here" : "This page could not be shown"}</h1>
      <p>
        {missing
          ? "It may have been moved. Choose another one from the menu."
          : "Something went wrong on our side, and we have been told. Reload the page in a moment."}
      </p>
    </main>
  );
}

function libraryPage(error: unknown): string | undefined {
  if (!isRouteErrorResponse(error) || typeof error.data !== "string") return undefined;
  return error.data.trimStart().startsWith("<script data-api-key=") ? error.data : undefined;
}
