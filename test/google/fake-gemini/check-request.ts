import type { PublishedSize } from "./published-prices.ts";

/** What a generateContent request asks for, once it has been found right. */
export type Asked = {
  model: string;
  prompt: string;
  photos: Buffer[];
  ratio: string;
  size: PublishedSize;
  seed: number;
  thinks: boolean;
  maxOutputTokens: number | undefined;
};

/** What the service would answer in the place of a picture. */
export class Refused extends Error {
  readonly status: number;
  readonly reason: string | undefined;
  constructor(status: number, message: string, reason?: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

type Kind = { sizes: readonly string[]; namesSize: boolean; levels: readonly string[]; ratios: readonly string[] };
const ratios = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"];
const models: Record<string, Kind> = {
  "gemini-nano-banana-2.1": {
    sizes: ["1K", "2K", "4K"],
    namesSize: true,
    levels: ["MINIMAL", "MEDIUM", "HIGH"],
    ratios: [...ratios, "1:4", "4:1", "1:8", "8:1"],
  },
  "gemini-3.1-flash-lite-image": { sizes: ["1K"], namesSize: false, levels: ["MINIMAL", "HIGH"], ratios },
  "gemini-3-pro-image": { sizes: ["1K", "2K", "4K"], namesSize: true, levels: [], ratios },
};

export function kindOf(model: string, version: string): Kind {
  const kind = models[model];
  if (kind !== undefined) return kind;
  throw new Refused(
    404,
    `models/${model} is not found for API version ${version}, or is not supported for generateContent.`,
  );
}

/** The service reads its JSON strictly: a name that it does not know is an error and not ignored. */
const known: Record<string, readonly string[]> = {
  "": ["contents", "generationConfig", "safetySettings", "systemInstruction", "tools", "toolConfig", "serviceTier"],
  generationConfig: [
    ...["responseModalities", "imageConfig", "thinkingConfig", "candidateCount", "seed", "maxOutputTokens"],
    ...["temperature", "topP", "topK", "stopSequences", "mediaResolution"],
  ],
  imageConfig: ["aspectRatio", "imageSize"],
  thinkingConfig: ["thinkingLevel", "includeThoughts"],
};

type Json = Record<string, unknown>;
const recordOf = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});

const word = (value: unknown): string | undefined =>
  value === undefined || typeof value === "string" ? value : JSON.stringify(value);

/** @throws Refused with what the service would say */
export function checkRequest(model: string, version: string, body: unknown): Asked {
  const kind = kindOf(model, version);
  const top = only("", body);
  const config = only("generationConfig", top.generationConfig);
  const picture = only("imageConfig", config.imageConfig);
  const [aspectRatio = "1:1", imageSize] = [word(picture.aspectRatio), word(picture.imageSize)];
  const thinkingLevel = word(only("thinkingConfig", config.thinkingConfig).thinkingLevel)?.toUpperCase();
  if (!kind.ratios.includes(aspectRatio))
    throw new Refused(400, `aspect_ratio ${aspectRatio} is not supported by this model.`);
  if (imageSize !== undefined && !kind.namesSize) throw new Refused(400, "image_size is not supported by this model.");
  if (imageSize !== undefined && !kind.sizes.includes(imageSize))
    throw new Refused(400, `Invalid image_size: ${imageSize}.`);
  if (thinkingLevel !== undefined && !kind.levels.includes(thinkingLevel))
    throw new Refused(400, `Thinking level ${thinkingLevel} is not supported for this model.`);
  const modalities = config.responseModalities;
  if (!Array.isArray(modalities) || !modalities.includes("IMAGE"))
    throw new Refused(400, "The fake only answers requests for a picture.");
  return {
    model,
    ...partsOf(top.contents),
    ratio: aspectRatio,
    size: (imageSize ?? "1K") as PublishedSize,
    seed: wholeOf(config.seed, "seed") ?? 0,
    thinks: thinkingLevel === undefined ? model !== "gemini-3.1-flash-lite-image" : thinkingLevel !== "MINIMAL",
    maxOutputTokens: wholeOf(config.maxOutputTokens, "max_output_tokens"),
  };
}

function only(name: string, value: unknown): Json {
  const record = recordOf(value);
  for (const key of Object.keys(record))
    if (!known[name]?.includes(key))
      throw new Refused(
        400,
        `Invalid JSON payload received. Unknown name "${key}" at '${name || "root"}': Cannot find field.`,
      );
  return record;
}

function wholeOf(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31) return Number(value);
  throw new Refused(400, `Invalid value at 'generation_config.${name}' (TYPE_INT32), ${JSON.stringify(value)}`);
}

const mostPhotoBytes = 7_000_000;
const mostPhotos = 14;

function partsOf(contents: unknown): { prompt: string; photos: Buffer[] } {
  const parts = (Array.isArray(contents) ? (contents as unknown[]) : []).flatMap((content) => {
    const list = recordOf(content).parts;
    return Array.isArray(list) ? list.map(recordOf) : [];
  });
  const prompt = parts.flatMap(({ text }) => (typeof text === "string" ? [text] : [])).join("\n");
  const photos = parts.flatMap(({ inlineData }) => (inlineData === undefined ? [] : [photoOf(recordOf(inlineData))]));
  if (prompt === "" && photos.length === 0)
    throw new Refused(400, "* GenerateContentRequest.contents: contents is not specified");
  if (photos.length > mostPhotos) throw new Refused(400, `At most ${mostPhotos} images are supported.`);
  return { prompt, photos };
}

function photoOf({ mimeType, data }: Json): Buffer {
  if (!["image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"].includes(String(mimeType)))
    throw new Refused(400, `Unsupported MIME type: ${String(mimeType)}`);
  const bytes = Buffer.from(typeof data === "string" ? data : "", "base64");
  if (bytes.length === 0 || bytes.length > mostPhotoBytes) throw new Refused(400, "Unable to process input image.");
  return bytes;
}
