import type { PrivacyParts } from "./parts.ts";
import type { OpenRequest, Progress } from "./personal-records.ts";

/**
 * Deletes the bytes that a request has left behind and looks whether they are gone. Each name is asked for once more
 * right before its bytes go: somebody else may have been given the same picture since the records were deleted.
 * An object that cannot be deleted now stays in the progress; the request stays open and is taken up again.
 */
export async function deleteObjects(parts: PrivacyParts, request: OpenRequest): Promise<Progress> {
  const before = request.progress;
  const toDelete: string[] = [];
  let gone = 0;
  let shared = 0;
  for (const name of before.objectsToDelete) {
    const outcome = await deleteObject(parts, request.shop, name);
    if (outcome === "gone") gone += 1;
    if (outcome === "shared") shared += 1;
    if (outcome === "failed") toDelete.push(name);
  }
  const progress: Progress = {
    ...before,
    objectsToDelete: toDelete,
    objectsDeleted: before.objectsDeleted + gone,
    objectsShared: before.objectsShared + shared,
  };
  if (before.objectsToDelete.length > 0) await parts.records.saveProgress(request, progress);
  return progress;
}

/** @returns `gone` only when the store, asked after the deletion, knows no such object */
export async function deleteObject(
  parts: Pick<PrivacyParts, "records" | "objects" | "log">,
  shop: string,
  name: string,
): Promise<"gone" | "shared" | "failed"> {
  try {
    const unnamed = await parts.records.unnamed(shop, [name]);
    if (unnamed.length === 0) return "shared";
    await parts.objects.delete(name);
    return (await parts.objects.stat(name)) === undefined ? "gone" : "failed";
  } catch (error) {
    parts.log.warn("privacy.object_not_deleted", { shop, error });
    return "failed";
  }
}
