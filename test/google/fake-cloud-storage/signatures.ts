import { createHash, createPublicKey, createVerify, type KeyObject } from "node:crypto";
import { StorageRefusal, type StorageRequest } from "./wire.ts";

/** Who may sign, by mail address. */
export type Signers = Map<string, KeyObject>;

export type ServiceAccount = { client_email: string; private_key: string };

export const signersFrom = (accounts: readonly ServiceAccount[]): Signers =>
  new Map(accounts.map(({ client_email, private_key }) => [client_email, createPublicKey(private_key)]));

const algorithm = "GOOG4-RSA-SHA256";

/**
 * Checks a V4 signed address: rebuilds what was signed from the request as it came and looks at the clock.
 * @throws StorageRefusal 403 for a signature that does not fit, 400 for one whose time is over
 */
export function verifySignedRead(request: StorageRequest, signers: Signers, nowMs: number): void {
  const { query } = request;
  const text = (name: string): string => query.get(name) ?? "";
  const [signer, ...scope] = text("X-Goog-Credential").split("/");
  const signedAt = parseCompact(text("X-Goog-Date"));
  const lifetimeMs = Number(text("X-Goog-Expires")) * 1000;
  if (text("X-Goog-Algorithm") !== algorithm || Number.isNaN(signedAt) || !(lifetimeMs > 0))
    throw new StorageRefusal(400, "The signed address is not complete.", { code: "AuthenticationRequired" });
  const canonical = canonicalRequest(request);
  const digest = createHash("sha256").update(canonical).digest("hex");
  const signed = [algorithm, text("X-Goog-Date"), scope.join("/"), digest].join("\n");
  verify({ signers, signer, signed, signature: text("X-Goog-Signature") });
  if (lifetimeMs > 7 * 24 * 60 * 60 * 1000) throw expired("A signed address lives seven days at most.");
  if (nowMs > signedAt + lifetimeMs) throw expired("The provided token has expired.");
}

const expired = (message: string): StorageRefusal => new StorageRefusal(400, message, { code: "ExpiredToken" });

/** The port is no part of the host that an SDK signs. */
function canonicalRequest({ method, rawPath, query, headers }: StorageRequest): string {
  const names = (query.get("X-Goog-SignedHeaders") ?? "").split(";");
  const lines = names.map((name) => {
    const value = name === "host" ? (headers.host ?? "").replace(/:\d+$/, "") : (headers[name] ?? "");
    return `${name}:${value.trim().replace(/\s{2,}/g, " ")}\n`;
  });
  const pairs = [...query.entries()]
    .filter(([name]) => name !== "X-Goog-Signature")
    .map((pair) => pair.map(encoded).join("="));
  const payload = headers["x-goog-content-sha256"] ?? "UNSIGNED-PAYLOAD";
  return [method, rawPath, pairs.sort().join("&"), lines.join(""), names.join(";"), payload].join("\n");
}

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

type Condition = Record<string, string> | [string, string | number, string | number];
type Policy = { expiration: string; conditions: Condition[] };

/** Fields of a form that a policy need not name. */
const free = new Set(["policy", "x-goog-signature", "file"]);

/**
 * Checks a signed policy against the form that came with it: the signature, the time, every condition, and that no field
 * is there which the policy does not know.
 * @throws StorageRefusal 403 for the signature, 400 for the rest
 */
export function verifyPolicy(
  fields: Record<string, string>,
  form: { bucket: string; fileBytes: number },
  { signers, nowMs }: { signers: Signers; nowMs: number },
): void {
  const encodedPolicy = fields.policy;
  if (encodedPolicy === undefined)
    throw new StorageRefusal(403, "Access denied.", {
      details: "Anonymous caller does not have storage.objects.create access.",
    });
  const [signer] = (fields["x-goog-credential"] ?? "").split("/");
  verify({ signers, signer, signed: encodedPolicy, signature: fields["x-goog-signature"] ?? "" });
  const policy = JSON.parse(Buffer.from(encodedPolicy, "base64").toString()) as Policy;
  if (!(Date.parse(policy.expiration) > nowMs)) throw unfit("The policy has expired.");
  const values: Record<string, string> = { ...fields, bucket: form.bucket };
  const named = new Set<string>();
  for (const condition of policy.conditions) named.add(checkCondition(condition, values, form.fileBytes));
  const unknown = Object.keys(fields).filter(
    (name) => !named.has(name) && !free.has(name) && !name.startsWith("x-ignore-"),
  );
  if (unknown.length > 0) throw unfit(`Policy did not reference these fields: ${unknown.join(", ")}`);
}

function checkCondition(condition: Condition, values: Record<string, string>, fileBytes: number): string {
  if (!Array.isArray(condition)) {
    const [[name, wanted] = ["", ""]] = Object.entries(condition);
    if (values[name] !== wanted) throw unfit(`${name} is not what the policy says.`);
    return name;
  }
  const [kind, first, second] = condition;
  if (kind === "content-length-range") {
    if (fileBytes < Number(first))
      throw new StorageRefusal(
        400,
        "Your proposed upload is smaller than the minimum object size specified in your Policy Document.",
        { code: "EntityTooSmall" },
      );
    if (fileBytes > Number(second))
      throw new StorageRefusal(
        400,
        "Your proposed upload exceeds the maximum object size specified in your Policy Document.",
        { code: "EntityTooLarge" },
      );
    return kind;
  }
  const name = String(first).replace(/^\$/, "");
  const value = values[name] ?? "";
  const fits = kind === "eq" ? value === second : kind === "starts-with" && value.startsWith(String(second));
  if (!fits) throw unfit(`${name} is not what the policy says.`);
  return name;
}

const unfit = (details: string): StorageRefusal =>
  new StorageRefusal(400, "The content of the form does not meet the conditions specified in the policy document.", {
    code: "InvalidPolicyDocument",
    details,
  });

function verify(of: { signers: Signers; signer: string | undefined; signed: string; signature: string }): void {
  const key = of.signers.get(of.signer ?? "");
  const isTrue = key !== undefined && createVerify("RSA-SHA256").update(of.signed).verify(key, of.signature, "hex");
  if (!isTrue) throw new StorageRefusal(403, "Access denied.", { code: "SignatureDoesNotMatch" });
}

/** `20261124T101530Z` */
function parseCompact(text: string): number {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
