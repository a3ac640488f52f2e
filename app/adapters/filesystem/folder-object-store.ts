import { randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, readdir, unlink } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { ObjectFacts, ObjectStore, StoredObject } from "#app/gallery/object-store.ts";

/**
 * Objects in a folder. An object is one file that holds its facts and its bytes, so that one without the other cannot
 * be: four bytes that give the length of a JSON header, the header, then the bytes. It is written beside and linked into
 * place, because `link` refuses a name that is taken and a half-written file never has a name at all.
 */
export function createFolderObjectStore(root: string): ObjectStore {
  const pathOf = (name: string): string => join(root, "objects", ...partsOf(name));

  return Object.freeze({
    async create(name, bytes, { contentType, attributes }) {
      const path = pathOf(name);
      const draft = join(root, "drafts", randomUUID());
      await Promise.all([mkdir(dirname(path), { recursive: true }), mkdir(dirname(draft), { recursive: true })]);
      await writeDurably(draft, encode(bytes, { contentType, attributes }));
      try {
        await linkInto(draft, path);
        return "created";
      } catch (error) {
        if (isCode(error, "EEXIST")) return "exists";
        throw error;
      } finally {
        await unlink(draft);
      }
    },

    async read(name) {
      const file = await readFile(pathOf(name)).catch(absent);
      return file === undefined ? undefined : decode(file);
    },

    stat: async (name) => readFacts(pathOf(name)),

    // Nothing deletes in a folder but the house itself.
    keepUntil: async (name) => (await readFacts(pathOf(name))) !== undefined,

    async delete(name) {
      try {
        await unlink(pathOf(name));
        return true;
      } catch (error) {
        if (isCode(error, "ENOENT")) return false;
        throw error;
      }
    },

    list: (prefix) => listFiles(join(root, "objects"), prefix),
  } satisfies ObjectStore);
}

/** Names are made by us from keys and shop domains; whatever else comes here must not leave the folder. */
function partsOf(name: string): string[] {
  const parts = name.split("/");
  if (parts.every((part) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(part))) return parts;
  throw new RangeError(`not an object name: ${name}`);
}

async function writeDurably(path: string, content: Buffer): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A folder that a sweep has just removed as empty is made again. */
async function linkInto(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
    await mkdir(dirname(path), { recursive: true });
    await link(draft, path);
  }
}

function encode(bytes: Buffer, facts: ObjectFacts): Buffer {
  const header = Buffer.from(JSON.stringify(facts));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, bytes]);
}

function decode(file: Buffer): StoredObject {
  const end = 4 + file.readUInt32BE(0);
  const facts = JSON.parse(file.toString("utf8", 4, end)) as ObjectFacts;
  return { ...facts, bytes: file.subarray(end) };
}

async function readFacts(path: string): Promise<ObjectFacts | undefined> {
  const file = await open(path, "r").catch(absent);
  if (file === undefined) return undefined;
  try {
    const length = Buffer.alloc(4);
    await file.read(length, 0, 4, 0);
    const header = Buffer.alloc(length.readUInt32BE(0));
    await file.read(header, 0, header.length, 4);
    return JSON.parse(header.toString("utf8")) as ObjectFacts;
  } finally {
    await file.close();
  }
}

async function* listFiles(root: string, prefix: string): AsyncIterable<string> {
  const slash = prefix.lastIndexOf("/");
  const folder = slash === -1 ? root : join(root, ...partsOf(prefix.slice(0, slash)));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(absent);
  for (const entry of entries ?? []) {
    if (!entry.isFile()) continue;
    const name = relative(root, join(entry.parentPath, entry.name)).split(sep).join("/");
    if (name.startsWith(prefix)) yield name;
  }
}

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

function absent(error: unknown): undefined {
  if (isCode(error, "ENOENT") || isCode(error, "ENOTDIR")) return undefined;
  throw error;
}
