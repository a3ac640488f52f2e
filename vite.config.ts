import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";

declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }
}

/**
 * Builds the pages and the doors: build/client for browsers, build/server for app/server.ts, which also runs this same
 * configuration in middleware mode for `npm run dev`.
 */
export default defineConfig({
  // Vitest brings its own configuration; the plugin would start a second Remix in every test file.
  plugins: process.env.VITEST === undefined ? [remixPlugin()] : [],
  build: { assetsInlineLimit: 0, sourcemap: false },
  server: {
    // `shopify app dev` reaches us through a tunnel whose name is new each time.
    allowedHosts: true,
    fs: {
      // Vite would serve the whole project, through the tunnel too: database, photos, prompts and secrets. A browser is
      // given what pages are made of, and nothing else.
      allow: ["app/root.tsx", "app/entry.client.tsx", "app/routes", "app/ui", "app/kernel", "node_modules"],
      deny: ["**/data*/**", ".env", ".env.*", "*.{crt,pem}", "**/.git/**"],
    },
  },
  // Without these, the first page after a start is optimised a second time and ends with two Reacts.
  optimizeDeps: {
    entries: ["app/**/*.tsx"],
    include: [
      "react",
      "react-dom",
      "react-dom/client",
      "react/jsx-runtime",
      "react/jsx-dev-runtime",
      "@remix-run/react",
      "@shopify/app-bridge-react",
      "@shopify/polaris",
      "@shopify/shopify-app-remix/react",
    ],
  },
});

function remixPlugin() {
  return remix({
    ignoredRouteFiles: ["**/*.test.ts", "**/*.test.tsx"],
    future: {
      v3_fetcherPersist: true,
      v3_relativeSplatPath: true,
      v3_throwAbortReason: true,
      v3_lazyRouteDiscovery: true,
      // Not a taste: without it Remix replaces the global fetch and Response.json is gone.
      v3_singleFetch: true,
    },
  });
}
