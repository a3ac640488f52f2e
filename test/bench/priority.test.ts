import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createTurns, priorityOf } from "./priority.ts";

/** A line that takes one turn at a time, and tells whose bytes passed. */
function openLine() {
  const passed: string[] = [];
  let taken: (() => void) | undefined;
  const turns = createTurns();
  return {
    passed,
    send(name: string, priority: string, kilobytes: number) {
      const to = new Writable({
        write(_bytes, _encoding, done) {
          passed.push(name);
          taken = done;
        },
      });
      return { to, sent: turns.send(to, Buffer.alloc(kilobytes * 1024), priorityOf(priority)) };
    },
    /** What has been sent is on the line; returns when the next turn has begun, if there is one. */
    async next(times = 1) {
      for (let turn = 0; turn < times; turn++) {
        taken?.();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

describe("how urgent an answer is", () => {
  it.each([
    ["u=0, i", { urgency: 0, isIncremental: true }],
    ["u=1", { urgency: 1, isIncremental: false }],
    ["i", { urgency: 3, isIncremental: true }],
    ["u=5;a=b,i=?0", { urgency: 5, isIncremental: false }],
    ["u=9, incremental", { urgency: 3, isIncremental: false }],
    ["", { urgency: 3, isIncremental: false }],
    [undefined, { urgency: 3, isIncremental: false }],
  ])("is read from the header: %s", (header, priority) => {
    expect(priorityOf(header)).toEqual(priority);
  });
});

describe("answers on one line", () => {
  it("give way to what is more urgent, at the end of their turn", async () => {
    const { send, next, passed } = openLine();
    send("script", "", 12);
    send("picture", "u=2, i", 8);
    send("sheet", "u=0", 4);
    await next(6);
    expect(passed).toEqual(["script", "sheet", "picture", "picture", "script", "script"]);
  });

  it("go one after the other where they are of no use in part, and share where they are", async () => {
    const { send, next, passed } = openLine();
    const alone = ["first script", "second script"].map((name) => send(name, "", 8));
    const shared = ["one picture", "other picture"].map((name) => send(name, "i", 8));
    await next(8);
    expect(passed.filter((name) => name.endsWith("script"))).toEqual([
      "first script",
      "first script",
      "second script",
      "second script",
    ]);
    expect(passed.slice(0, 4)).toEqual(["first script", "one picture", "other picture", "first script"]);
    await Promise.all([...alone, ...shared].map(({ sent }) => sent));
  });

  it("do not wait for one that nobody wants any more", async () => {
    const { send, passed } = openLine();
    const unwanted = send("page", "u=0", 80);
    send("picture", "u=2, i", 4);
    unwanted.to.destroy();
    // Nothing is heard of the turn that was under way.
    await new Promise((resolve) => setImmediate(resolve));
    expect(passed).toEqual(["page", "picture"]);
    await unwanted.sent;
  });

  it("end where they are empty", async () => {
    const { send, next } = openLine();
    const { sent } = send("nothing", "", 0);
    await next();
    await sent;
  });
});
