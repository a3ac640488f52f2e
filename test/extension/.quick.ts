import { openBrowser, choosePhoto, paintPortrait, press, until } from "/work/main/test/extension/harness/browser.ts";
import { startPageServer } from "/work/main/test/extension/harness/page-server.ts";
const b = await openBrowser();
for (const [n, q, set] of [["de","locale=de&theme=triplets",{}],["ja","locale=ja&theme=colours",{}],["rtl","dir=rtl&theme=colours&scheme=dark",{}],["square","theme=colours",{ratio:"1/1"}]] as const) {
  const s = await startPageServer({ stageMs: 1500, estimateMs: 6000, used: 3 }); Object.assign(s.settings, set);
  const c = await b.newContext({ viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
  const p = await c.newPage(); await p.goto(`${s.url}/products/canvas?${q}`);
  console.log(n, await p.evaluate(() => [matchMedia("(pointer: coarse)").matches, matchMedia("(any-pointer: coarse)").matches, matchMedia("(hover: none)").matches, navigator.maxTouchPoints]));
  const w = p.locator("pet-processor");
  await p.waitForTimeout(300); await w.scrollIntoViewIfNeeded(); await p.waitForTimeout(400); await w.screenshot({ path: `/tmp/widget/q-${n}-1.png` });
  await choosePhoto(p); await p.waitForTimeout(400); await w.screenshot({ path: `/tmp/widget/q-${n}-2.png` });
  await press(p, "paint"); await p.waitForTimeout(2500); await w.screenshot({ path: `/tmp/widget/q-${n}-3.png` });
  await until(p, "result"); await p.waitForTimeout(400); await w.screenshot({ path: `/tmp/widget/q-${n}-4.png` });
  await c.close(); await s.close();
}
await b.close();
