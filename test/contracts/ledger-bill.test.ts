import { describe, expect, it } from "vitest";
import { geminiPriceList, geminiPrices } from "#app/ledger/gemini-prices.ts";
import { createPriceTable } from "#app/ledger/price-table.ts";
import { diceFrom } from "#test/google/fake-gemini/faults.ts";
import { createBill } from "#test/google/fake-gemini/published-prices.ts";

describe("the price table beside the provider's own bill", () => {
  it("agrees to the micro-dollar over a hundred thousand attempts", () => {
    const dice = diceFrom(20261124);
    const whole = (most: number) => Math.floor(dice() * most);
    const table = createPriceTable(geminiPrices("1K"));
    const bill = createBill();
    let ledgerMicroUsd = 0;
    for (let call = 0; call < 100_000; call++) {
      const model = geminiPriceList[whole(geminiPriceList.length)]?.model ?? "";
      // One in ten came to nothing and is billed for what it thought and said.
      const image = dice() < 0.1 ? 0 : [747, 1120, 1290][whole(3)]!;
      const used = {
        promptText: whole(2_000),
        promptImage: whole(4) * 1120,
        text: whole(200),
        image,
        thoughts: whole(900),
      };
      bill.add({ call, model, used, why: "synthetic" });
      ledgerMicroUsd += table.priceOf(model, "2026-11-24").costMicroUsd({
        inputText: used.promptText,
        inputImage: used.promptImage,
        outputText: used.text,
        outputImage: used.image,
        thinking: used.thoughts,
      });
    }
    expect(ledgerMicroUsd).toBe(bill.wholeMicroUsd());
    expect(ledgerMicroUsd).toBeGreaterThanOrEqual(bill.microUsd());
    expect(ledgerMicroUsd - bill.microUsd()).toBeLessThan(100_000);
  });
});
