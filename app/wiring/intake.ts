import { join } from "node:path";
import { createFolderUploadSpool } from "#app/adapters/filesystem/folder-upload-spool.ts";
import type { Config } from "#app/config.server.ts";
import { patience } from "#app/front-door.ts";
import type { Clock } from "#app/kernel/clock.ts";
import { createAdmittedUploads, type AdmittedUploads } from "#app/photos/admitted-uploads.ts";
import { intakeMemory } from "#app/photos/intake-memory.ts";
import { createUploadRoom } from "#app/photos/upload-room.ts";

/** The one way into the spool, for photos that come through the proxy and for those that come by way of storage. */
export function admittedUploads(config: Config, clock: Clock): AdmittedUploads {
  return createAdmittedUploads({
    spool: createFolderUploadSpool(join(config.dataDir, "uploads")),
    room: createUploadRoom({ bytes: intakeMemory(config.memoryBytes).uploadBytes }),
    clock,
    wholeBodyMs: patience.requestTimeout,
  });
}
