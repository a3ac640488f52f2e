import type { Writable } from "node:stream";

/**
 * How urgent an answer is, from the `priority` header of its request: RFC 9218, Extensible Prioritization Scheme for HTTP.
 * 0 is the most urgent and 7 the least. An incremental answer is of use before it is whole.
 */
export type Priority = { urgency: number; isIncremental: boolean };

/** What the header does not say is as the RFC has it (sections 4.1 and 4.2); so is what it says wrongly. */
export function priorityOf(header = ""): Priority {
  const members = header.split(",").map((member) => member.replace(/;.*/, "").trim());
  const [urgency] = members.flatMap((member) => /^u=([0-7])$/.exec(member)?.[1] ?? []).slice(-1);
  return { urgency: Number(urgency ?? 3), isIncremental: members.some((member) => /^i(=\?1)?$/.test(member)) };
}

/** Who comes with something more urgent waits for no more than this. */
const turnBytes = 4_096;

type Answer = Priority & { to: Writable; rest: Buffer; lastTurn: number; end(): void };

/**
 * Sends the answers of one connection in the order of their urgency (RFC 9218, section 10): the more urgent first, and
 * among equals the incremental ones in turns, with one of the others at a time, in the order in which they were asked for.
 * A turn begins when what the turn before has sent is on the line: where the line has room for all, all leave at once.
 * Nobody starves, because every answer has an end (and is far smaller than what a browser takes of one stream unread);
 * who does not want an answer any more is not waited for.
 */
export function createTurns(): { send(to: Writable, body: Buffer, priority: Priority): Promise<void> } {
  const waiting: Answer[] = [];
  let turn = 0;
  let isSending = false;

  async function sendAll(): Promise<void> {
    isSending = true;
    for (let next = nextOf(waiting); next !== undefined; next = nextOf(waiting)) {
      next.lastTurn = ++turn;
      await onTheLine(next.to, next.rest.subarray(0, turnBytes));
      next.rest = next.rest.subarray(turnBytes);
      if (next.rest.length > 0) continue;
      waiting.splice(waiting.indexOf(next), 1);
      next.end();
    }
    isSending = false;
  }

  return Object.freeze({
    send: (to: Writable, body: Buffer, priority: Priority) =>
      new Promise<void>((resolve) => {
        waiting.push({ ...priority, to, rest: body, lastTurn: 0, end: () => (to.end(), resolve()) });
        if (!isSending) void sendAll();
      }),
  });
}

function nextOf(waiting: Answer[]): Answer | undefined {
  const urgency = Math.min(...waiting.map((answer) => answer.urgency));
  const equals = waiting.filter((answer) => answer.urgency === urgency);
  const alone = equals.find(({ isIncremental }) => !isIncremental);
  const sharing = equals.filter((answer) => answer.isIncremental || answer === alone);
  return sharing.toSorted((one, other) => one.lastTurn - other.lastTurn)[0];
}

function onTheLine(to: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const end = () => (to.off("close", end), resolve());
    if (to.destroyed) return resolve();
    to.once("close", end);
    to.write(bytes, end);
  });
}
