import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cartProperties, type CartChoice } from "../../extensions/pet-processor/src/cart/cart-properties.ts";
import { extensionSources } from "./extension-sources.ts";

const ready: CartChoice = {
  portraitId: "por_0000000000000000000001",
  status: "ready",
  imageUrl: "https://pictures.test/p/1.jpg",
  styleName: "Modern",
  petNames: [],
  note: "",
};

const asObject = (choice: CartChoice) =>
  Object.fromEntries(cartProperties(choice).map(({ name, value }) => [name, value]));

describe("the properties in the cart", () => {
  it("are exactly those of the contract", () => {
    expect(asObject({ ...ready, petNames: ["Momo", " ", "Kuro"], note: "White ground, please" })).toEqual({
      "properties[Style]": "Modern",
      "properties[Pet]": "Momo, Kuro",
      "properties[_pet_portrait_id]": "por_0000000000000000000001",
      "properties[_pet_portrait_url]": "https://pictures.test/p/1.jpg",
      "properties[_pet_portrait_status]": "ready",
      "properties[_pet_note]": "White ground, please",
    });
  });

  it("leave out what there is nothing to say about", () => {
    expect(
      Object.keys(asObject({ ...ready, status: "pending", imageUrl: null, petNames: ["   "], note: "\n" })),
    ).toEqual(["properties[Style]", "properties[_pet_portrait_id]", "properties[_pet_portrait_status]"]);
  });

  it.each([
    ["is one line", "Mo\nmo\t the \u0000 cat", "Mo mo the cat"],
    ["has no invisible direction marks", "Mo\u202Emo", "Mo mo"],
    ["ends after forty characters", "x".repeat(60), "x".repeat(40)],
    ["never ends in half an emoji", `${"x".repeat(39)}🐶🐶`, `${"x".repeat(39)}🐶`],
    ["stays as it is otherwise", "Größe <b>&amp; ミケ", "Größe <b>&amp; ミケ"],
  ])("a pet's name %s", (_, typed, sent) => {
    expect(asObject({ ...ready, petNames: [typed] })["properties[Pet]"]).toBe(sent);
  });

  it("a note is one line too, and ends after two hundred characters", () => {
    const note = `please\n${"🐶".repeat(300)}`;
    expect(asObject({ ...ready, note })["properties[_pet_note]"]).toBe(`please ${"🐶".repeat(193)}`);
  });

  it("are named in one file only", () => {
    const folder = new URL("../../extensions/pet-processor/", import.meta.url);
    const files = [
      ...extensionSources(),
      ...["blocks", "snippets"].flatMap((name) =>
        readdirSync(new URL(`${name}/`, folder)).map((file) => `${name}/${file}`),
      ),
    ];
    const naming = files.filter((file) => /properties\[|"_pet_/.test(readFileSync(new URL(file, folder), "utf8")));
    expect(naming).toEqual(["src/cart/cart-properties.ts"]);
  });
});
