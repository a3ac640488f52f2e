import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorAnswer, QuotaJson } from "#app/http/storefront-api.ts";
import { doorsOfTheBuild, doorsWithoutRemix, isBuilt } from "#test/builders/doors.ts";
import { smallPhoto } from "#test/builders/photos.ts";
import { openQuickHouse, type QuickHouse } from "#test/builders/quick-house.ts";
import { comeAsShopper, signedQuery, type Answer, type TestShopper } from "#test/builders/storefront.ts";

type Refusal = ErrorAnswer & { quota?: QuotaJson };

/**
 * What the app is run with is Remix's bundle, in which the doors have copies of what they share with the services behind
 * them. What a service throws must be answered there as it is by the doors' sources, on which all other journeys run.
 */
describe.runIf(isBuilt).each([
  ["the build", doorsOfTheBuild],
  ["their sources", doorsWithoutRemix],
])("the doors of %s", (_, doors) => {
  let house: QuickHouse;
  let shopper: TestShopper;
  let photos = 400;
  beforeAll(async () => {
    house = await openQuickHouse({ doors, environment: { QUOTA_GUEST_PER_DAY: "1" } });
    shopper = await comeAsShopper(house.url);
  });
  afterAll(() => house.close());

  const told = ({ status, body, headers }: Answer) => {
    const { error, quota } = body as Refusal;
    return { status, code: error.code, field: error.field, quota: quota?.level, again: headers.get("Retry-After") };
  };
  const ask = async (wish: object, query = {}) =>
    told(await shopper.ask("pht_aaaaaaaaaaaaaaaaaaaaaa", { ...wish }, query));

  it("say what is wrong with a photo", async () => {
    const body = Buffer.from("this is no photo");
    expect(told(await shopper.call("POST", "photos", { body }))).toMatchObject({ status: 415, code: "photo_type" });
  });

  it("ask for a photo that is not there any more, known by its name or by its content", async () => {
    expect(await ask({})).toMatchObject({ status: 409, code: "photo_needed" });
    const photosByContent = [{ source_sha256: "5e9d9544495740101e4cfff817d986b683731112b2cf17fde2e4c2a26c3c5314" }];
    expect(await ask({ photos: photosByContent })).toMatchObject({ status: 409, code: "photo_needed" });
  });

  it("know no other styles than the shop's, and no portraits of others", async () => {
    expect(await ask({ style: "oil" })).toMatchObject({ status: 422, code: "style_unknown" });
    const gone = await shopper.call("GET", "portraits/por_aaaaaaaaaaaaaaaaaaaaaa");
    expect(told(gone)).toMatchObject({ status: 404, code: "not_found" });
  });

  it("tell a shopper who has nothing left how they stand, and when to come again", async () => {
    const photo = async () => shopper.give(await smallPhoto((photos += 1)));
    const first = await shopper.ask(await photo());
    expect(first.status).toBe(202);
    expect((await shopper.wait(first.body.portrait.id)).status).toBe("ready");
    expect(told(await shopper.ask(await photo()))).toEqual({
      status: 429,
      code: "quota_none",
      field: undefined,
      quota: "none",
      again: expect.stringMatching(/^\d+$/),
    });
  });

  it("give a new session to who comes with one that has ended, or was never ours", async () => {
    const old = await comeAsShopper(house.url, {
      session: "v1.ses_aaaaaaaaaaaaaaaaaaaaaa.1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    });
    expect(old.session.session).toMatch(/^v1\.ses_(?!aaaa)/);
  });

  it("refuse what is not signed, and a key that comes again with another wish", async () => {
    const unsigned = await fetch(`${house.url}/proxy/session?${signedQuery({}, "another secret")}`);
    expect(unsigned.status).toBe(401);
    const key = { key: "00000000000000000000000000000001" };
    await ask({ style: "oil" }, key);
    const other = await shopper.give(await smallPhoto((photos += 1)), {});
    const answers = [await shopper.ask(other, { style: "oil" }, key), await shopper.ask(other, {}, key)];
    expect(answers.map((answer) => told(answer).code)).toEqual(["style_unknown", "quota_none"]);
  });
});
