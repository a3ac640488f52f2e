import { useEffect, useState } from "react";
import { appBridge } from "./app-bridge.ts";
import { blockPlacement, type BlockPlacement } from "./theme-block.ts";

/** Long enough for a slow admin; after that we say that we do not know. */
const patienceMs = 8_000;

/**
 * Asks App Bridge, again whenever the merchant comes back to this tab: they were probably in the theme editor.
 * @returns undefined until the first answer
 */
export function useBlockPlacement(blockHandle: string): BlockPlacement | undefined {
  const [placement, setPlacement] = useState<BlockPlacement>();
  useEffect(() => {
    let here = true;
    const ask = async () => {
      const answer = await askAppBridge(blockHandle);
      // A later question that fails takes back nothing that was known.
      if (here) setPlacement((known) => (answer === "unknown" ? (known ?? answer) : answer));
    };
    const askWhenSeen = () => {
      if (document.visibilityState === "visible") void ask();
    };
    void ask();
    document.addEventListener("visibilitychange", askWhenSeen);
    return () => {
      here = false;
      document.removeEventListener("visibilitychange", askWhenSeen);
    };
  }, [blockHandle]);
  return placement;
}

async function askAppBridge(blockHandle: string): Promise<BlockPlacement> {
  const app = appBridge()?.app;
  if (app === undefined) return "unknown";
  const outOfPatience = new Promise<undefined>((resolve) => setTimeout(resolve, patienceMs, undefined));
  try {
    return blockPlacement(await Promise.race([app.extensions(), outOfPatience]), blockHandle);
  } catch {
    return "unknown";
  }
}
