import { Firestore } from "@google-cloud/firestore";

/**
 * The client of the quotas. In a request nobody waits longer than the store's own deadline; what is set here bounds the
 * work that goes on behind it. Left alone, the SDK holds a commit that gets no reply for a minute and sends one that was
 * refused again for ten, so that an outage of minutes would be followed by commits that everybody has given up on.
 */
export type FirestorePlace = {
  projectId: string;
  /** `(default)` unless the project has several. */
  databaseId: string;
  /** `host:port` of an emulator; without it Google's own service, with the machine's own credentials. */
  emulatorHost?: string;
};

/** One try of a call, milliseconds: a little longer than a request waits, because a reply that comes then still counts. */
const callTimeoutMs = 3_000;

/**
 * @returns a client that has not connected yet. Idle, it does not keep a process alive. `terminate()` is for when no call
 *   is under way: the SDK's reads of a server that does not answer go on for a while, and then fail where nobody listens
 */
export function openFirestore({ projectId, databaseId, emulatorHost }: FirestorePlace): Firestore {
  return new Firestore({ projectId, databaseId, clientConfig, ...(emulatorHost ? emulatorAt(emulatorHost) : {}) });
}

/**
 * Connects before the first shopper comes: the first call of a process loads the protocol, asks for a token and greets
 * the server, which can take longer than a request waits.
 *
 * @returns whether it answered within `timeoutMs`; a process may start without, and answer "busy" until it does
 */
export async function reachFirestore(firestore: Firestore, timeoutMs = 10_000): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const asked = firestore.doc("reach/this").get();
  const answered = asked.then(
    () => true,
    () => false,
  );
  return Promise.race([answered, tooLate]).finally(() => clearTimeout(timer));
}

/** No try after the first for anything: whoever asked decides that, knowing how long somebody waits for it. */
const once = { timeout_millis: callTimeoutMs, retry_codes_name: "none" };
const clientConfig = {
  interfaces: {
    "google.firestore.v1.Firestore": {
      retry_codes: { none: [] },
      methods: { BatchGetDocuments: once, Commit: once, Rollback: once, RunQuery: once },
    },
  },
};

/** An emulator takes no credentials; named like this, the SDK does not look for any on Google's metadata server. */
const emulatorAt = (host: string) => ({
  host,
  ssl: false,
  clientOptions: { universeDomain: "googleapis.com" },
});
