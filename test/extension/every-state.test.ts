import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityFaults } from "#test/browser/accessibility.ts";
import { desktop, phone, picture } from "#test/browser/chromium.ts";
import { hasChromium, openBrowser } from "./harness/browser.ts";
import { states, visitState, type Look } from "./harness/states.ts";

const screens = {
  "phone, light": { theme: "triplets", scheme: "light", context: phone },
  "phone, right to left": { theme: "plain", scheme: "light", dir: "rtl", context: phone },
  "desktop, dark": { theme: "colours", scheme: "dark", context: desktop },
} satisfies Record<string, Look>;

/** Every state in every width: no fault that axe knows, nothing wider than the page, and a picture for a person to look at. */
describe.runIf(hasChromium)("every state of the studio", { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  describe.each(Object.entries(screens))("on a %s screen", (screen, look) => {
    it.each(states)("$name", async (state) => {
      const { page, faults, end } = await visitState(browser, state, look);
      try {
        await picture(page, `states/${state.name} (${screen})`, { fullPage: true });
        expect(await accessibilityFaults(page, "pet-processor")).toEqual([]);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wider).toBeLessThanOrEqual(0);
        expect(faults).toEqual([]);
      } finally {
        await end();
      }
    });
  });
});
