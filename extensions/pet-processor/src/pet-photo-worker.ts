import { decodeBitmap, workerSurface } from "./photo/photo-canvas.ts";
import { openHeic, type WorkerScope } from "./photo/photo-heic.ts";
import { treatPhoto } from "./photo/photo-treatment.ts";
import type { PhotoJob, PhotoNews } from "./photo/photo-worker-host.ts";

/**
 * The worker: decodes, shrinks, measures and hashes photos, one job a message, so that the page stays quick. Nothing of
 * it is kept between two jobs.
 */
type Scope = WorkerScope & {
  onmessage: ((event: MessageEvent<PhotoJob>) => void) | null;
  postMessage(news: PhotoNews): void;
};

const scope = self as unknown as Scope;

async function answer({ file, kind, limits, heic }: PhotoJob): Promise<PhotoNews> {
  const onReady = () => scope.postMessage("going-on");
  const photo = heic ? await openHeic(file, heic, { scope, onReady }) : await decodeBitmap(file);
  if (!photo) return "undecoded";
  return treatPhoto(file, photo, { kind, limits, surface: workerSurface, pause: async () => {} });
}

scope.onmessage = ({ data }) =>
  void answer(data).then(
    (news) => scope.postMessage(news),
    () => scope.postMessage("failed"),
  );

// Where this throws or answers nothing (Safari before 16.4, Firefox before 105), the page does the work itself.
if (workerSurface(1, 1)) scope.postMessage("ready");
