import sharp from "sharp";
import type { Asked } from "./check-request.ts";
import { diceFrom, type Fault } from "./faults.ts";
import { flatPicture, paintFakePortrait, seedOfRequest } from "./paint-fake-portrait.ts";
import { tokensOfPhoto, tokensOfPicture, type Used } from "./published-prices.ts";

/** What the model made of a request: the JSON that goes back, and what it used, which is what is billed. */
export type Made = { answer: Record<string, unknown>; used: Used };

export type Part = { text?: string; thought?: boolean; inlineData?: { mimeType: string; data: string } };

const picturePart = (bytes: Buffer, mimeType = "image/png"): Part => ({
  inlineData: { mimeType, data: bytes.toString("base64") },
});

export async function makeAnswer(
  asked: Asked,
  { fault, pictures }: { fault: Fault | undefined; pictures: "painted" | "flat" },
): Promise<Made> {
  const used = usedFor(asked);
  const without = withoutPicture(asked, fault, used);
  const base = { modelVersion: asked.model, responseId: `fake-${seedOfRequest(asked).toString(36)}` };
  if (without !== undefined) {
    const { content, spent } = without;
    return { used: spent, answer: { ...content, ...base, usageMetadata: usageOf(spent) } };
  }
  const paint = pictures === "flat" ? flatPicture : paintFakePortrait;
  const parts = await partsFor(fault, await paint(asked));
  const reason = fault?.kind === "finish" ? fault.reason : "STOP";
  const candidates = [{ index: 0, content: { role: "model", parts }, ...reasonOf(reason) }];
  const status = fault?.kind === "retiring" ? { modelStatus: { modelStage: "LEGACY", retirementTime: fault.at } } : {};
  return { used, answer: { candidates, ...base, ...status, usageMetadata: usageOf(used) } };
}

type Pictureless = { content: Record<string, unknown>; spent: Used };

/** An answer that was thought about, and is billed for that, and has no picture in it. */
function withoutPicture(asked: Asked, fault: Fault | undefined, used: Used): Pictureless | undefined {
  const spent = { ...used, image: 0, text: 0 };
  const ended = (reason: string | null, parts?: Part[]): Record<string, unknown> => {
    const content = parts === undefined ? {} : { content: { role: "model", parts } };
    return { candidates: [{ index: 0, ...content, ...reasonOf(reason) }] };
  };
  if (fault?.kind === "block")
    return { spent: { ...spent, thoughts: 0 }, content: { promptFeedback: { blockReason: fault.reason } } };
  if (fault?.kind === "no candidates") return { spent, content: {} };
  if (fault?.kind === "no parts") return { spent, content: ended("STOP", []) };
  if (fault?.kind === "text only")
    return {
      spent: { ...spent, text: Math.ceil(fault.text.length / 4) },
      content: ended("STOP", [{ text: fault.text }]),
    };
  if (fault?.kind === "finish" && fault.keepsPicture !== true)
    return { spent, content: ended(fault.reason, fault.text === undefined ? undefined : [{ text: fault.text }]) };
  const { maxOutputTokens } = asked;
  if (maxOutputTokens === undefined || used.image + used.thoughts <= maxOutputTokens) return undefined;
  return { spent: { ...spent, thoughts: Math.min(used.thoughts, maxOutputTokens) }, content: ended("MAX_TOKENS") };
}

const reasonOf = (reason: string | null) => (reason === null ? {} : { finishReason: reason });

async function partsFor(fault: Fault | undefined, picture: Buffer): Promise<Part[]> {
  if (fault?.kind === "thoughts") {
    const draft = await sharp(picture).greyscale().png().toBuffer();
    const thought = { ...picturePart(draft), thought: true };
    const last = picturePart(picture);
    const final = fault.only === true ? { ...last, thought: true } : last;
    return [{ text: "Let me think.", thought: true }, thought, { text: "Here it is." }, final];
  }
  if (fault?.kind !== "picture") return [picturePart(picture)];
  switch (fault.what) {
    case "noise":
      return [picturePart(Buffer.from("this is no picture, whatever it says"))];
    case "truncated":
      return [picturePart(picture.subarray(0, Math.floor(picture.length / 2)))];
    case "tiny":
      return [picturePart(await sharp(picture).resize(40, 50).png().toBuffer())];
    case "wrong shape":
      return [picturePart(await sharp(picture).resize(1376, 768, { fit: "fill" }).png().toBuffer())];
    case "jpeg":
      return [picturePart(await sharp(picture).jpeg().toBuffer(), "image/jpeg")];
    case "svg":
      return [picturePart(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="928" height="1152"/>'))];
    case "empty":
      return [{ inlineData: { mimeType: "image/png", data: "" } }];
  }
}

/** Thinking varies from call to call, as it does with the model; the same request thinks as long. */
function usedFor(asked: Asked): Used {
  const dice = diceFrom(seedOfRequest(asked));
  return {
    promptText: Math.max(1, Math.ceil(asked.prompt.length / 4)),
    promptImage: asked.photos.length * tokensOfPhoto,
    text: 0,
    image: tokensOfPicture(asked.model, asked.size),
    thoughts: asked.thinks ? 200 + Math.floor(dice() * 900) : 0,
  };
}

/** As the service reports it: thoughts beside the candidates and not within them, nothing where there is nothing. */
export function usageOf(used: Used): Record<string, unknown> {
  const prompt = used.promptText + used.promptImage;
  const made = used.text + used.image;
  const details = (list: [string, number][]) =>
    list.filter(([, tokens]) => tokens > 0).map(([modality, tokenCount]) => ({ modality, tokenCount }));
  return {
    promptTokenCount: prompt,
    promptTokensDetails: details([
      ["TEXT", used.promptText],
      ["IMAGE", used.promptImage],
    ]),
    ...(made === 0
      ? {}
      : {
          candidatesTokenCount: made,
          candidatesTokensDetails: details([
            ["TEXT", used.text],
            ["IMAGE", used.image],
          ]),
        }),
    ...(used.thoughts === 0 ? {} : { thoughtsTokenCount: used.thoughts }),
    totalTokenCount: prompt + made + used.thoughts,
  };
}
