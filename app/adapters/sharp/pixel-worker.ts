import type { PixelJobs } from "./pixel-jobs.ts";
import { UnreadablePicture } from "./picture-codec.ts";
import { cutOutPet } from "./cutout/cut-out-pet.ts";
import { paintPreview } from "./paint-preview.ts";

/**
 * What runs in each worker thread: one exported function for each job of {@link PixelJobs}, found by its name.
 * Settings of sharp are the whole process's and were made before this thread began.
 */
type Job<Name extends keyof PixelJobs> = (given: PixelJobs[Name]["given"]) => Promise<PixelJobs[Name]["answer"]>;

export const hello: Job<"hello"> = async (name) => `hello ${name}`;

export const cutOut: Job<"cutOut"> = async ({ photo }) =>
  unlessUnreadable(async () => ({ done: true, ...(await cutOutPet(photo)) }));

export const paint: Job<"paint"> = async (job) => unlessUnreadable(() => paintPreview(job));

async function unlessUnreadable<Answer>(
  work: () => Promise<Answer>,
): Promise<Answer | { done: false; why: "unreadable" }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnreadablePicture) return { done: false, why: "unreadable" };
    throw error;
  }
}
