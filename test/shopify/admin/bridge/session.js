/* Session tokens, and fetch with one: every request to the app's own origin carries a fresh token, and a refusal that
 * asks for a retry is tried once more with another. */
const plainFetch = window.fetch.bind(window);

async function idToken() {
  if (isFramed) return ask("token");
  const response = await plainFetch(`${shopifyOrigin}/admin/session-token`);
  return (await response.json()).token;
}

async function fetchWithToken(input, init) {
  const request = new Request(input, init);
  if (new URL(request.url).origin !== window.location.origin || request.headers.has("Authorization")) {
    return plainFetch(input, init);
  }
  const again = request.clone();
  const response = await plainFetch(await withToken(request));
  const wantsRetry = response.status === 401 && response.headers.has("X-Shopify-Retry-Invalid-Session-Request");
  return wantsRetry ? plainFetch(await withToken(again)) : response;
}

async function withToken(request) {
  request.headers.set("Authorization", `Bearer ${await idToken()}`);
  request.headers.set("X-Requested-With", "XMLHttpRequest");
  return request;
}

window.fetch = fetchWithToken;
