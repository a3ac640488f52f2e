import type { ServerAnswer } from "./ask-server.ts";
import { createListeningTime } from "./listening-time.ts";

/**
 * Whether the database's server still speaks. A question that stays without an answer can be a slow statement, one that
 * waits for a lock behind a crowd, a connection that was lost on the way, or a server that has died; only another question
 * tells them apart. So who waits too long is not given up at once: the server is asked, over a connection of its own,
 * which statements it is at work on. What it is at work on is waited for; what it knows nothing of was lost; and where it
 * does not answer, and has answered nobody meanwhile, it is silent: everybody is told so at once, until it speaks again.
 */
export type ServerPatience = {
  /** How long a statement is waited for before the server is asked about it, milliseconds. */
  quietMs: number;
  /** For that question, from connecting to its answer, milliseconds. */
  askMs: number;
  /** How long a connection is waited for before the server is asked, milliseconds. */
  connectMs: number;
  /** Between two questions while it is silent, milliseconds. */
  pauseMs: number;
};

/** A request meets the first two one after the other, once, and has to be answered within two and a half seconds. */
export const usualServerPatience: ServerPatience = Object.freeze({
  quietMs: 400,
  askMs: 700,
  connectMs: 400,
  pauseMs: 500,
});

/**
 * While a process starts nobody waits for an answer, and a start that fails is a process that is started again: a server
 * that several of them come to at once on a busy machine is given the time that it needs.
 */
export const patienceAtStart: ServerPatience = Object.freeze({ ...usualServerPatience, askMs: 10_000 });

/** What was asked of the server and is not answered yet. */
export type Asked = {
  /** The server's name for the connection; null while it is being made. */
  pid: number | null;
  cut(reason: Error): void;
};

/** A connection, whether anything is asked on it or not. */
export type Watched = { cut(reason: Error): void };

/** The server does not answer anybody. One for each who hears it: pg writes into what it is given. */
export class ServerSilent extends Error {
  override readonly name = "ServerSilent";
  constructor() {
    super("the server does not answer");
  }
}

/** The server answers, and knows nothing of what was asked on this connection. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
  constructor() {
    super("the server knows nothing of what it was asked");
  }
}

/** A server that is loaded takes its time to let somebody in, and is asked twice; one that lets nobody in once. */
function isLost({ pid, looks }: Question, answer: ServerAnswer): boolean {
  if (pid === null) return answer.kind === "none" || looks > 1;
  return answer.kind === "at work" && !answer.pids.has(pid);
}

type Question = Asked & { isOver: boolean; looks: number; stopWaiting: () => void };

/** After the server has said that it knows of nothing, its answer to it may still be on its way, milliseconds. */
const lastAnswerMs = 100;

type Ask = (cutAfter: (cut: () => void) => () => void) => Promise<ServerAnswer>;

export class ServerWatch {
  readonly #ask: () => Promise<ServerAnswer>;
  #patience: ServerPatience;
  readonly #time = createListeningTime();
  readonly #connections = new Set<Watched>();
  readonly #overdue = new Set<Question>();
  #isSilent = false;
  #isLooking = false;
  #isClosed = false;
  #answers = 0;

  /** @param ask - which statements the server is at work on */
  constructor(ask: Ask, patience: ServerPatience) {
    this.#ask = () => ask((cut) => this.#time.after(this.#patience.askMs, cut));
    this.#patience = patience;
  }

  get patience(): ServerPatience {
    return this.#patience;
  }

  /** Holds for what is asked from now on. */
  waitWith(patience: ServerPatience): void {
    this.#patience = patience;
  }

  /** Nothing is asked then. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Counts the server's answers: who sees it rise knows that it speaks. */
  get answers(): number {
    return this.#answers;
  }

  /** @returns to be called with the answer, whatever it is; `heard` where it came from the server */
  expect(asked: Asked): (how: "heard" | "failed") => void {
    const question: Question = { ...asked, isOver: false, looks: 0, stopWaiting: () => undefined };
    this.#waitFor(question, asked.pid === null ? this.#patience.connectMs : this.#patience.quietMs);
    return (how) => {
      if (how === "heard") this.#answers += 1;
      question.isOver = true;
      question.stopWaiting();
      this.#overdue.delete(question);
    };
  }

  /** @returns to be called when the connection is gone */
  follow(connection: Watched): () => void {
    this.#connections.add(connection);
    return () => void this.#connections.delete(connection);
  }

  close(): void {
    this.#isClosed = true;
  }

  #waitFor(question: Question, ms: number): void {
    question.stopWaiting = this.#time.after(ms, () => {
      this.#overdue.add(question);
      void this.#look();
    });
  }

  /** One question at a time, for all who are overdue; who becomes so meanwhile is asked for in the next one. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#overdue.size > 0 && !this.#isSilent && !this.#isClosed) {
      const asked = [...this.#overdue];
      this.#overdue.clear();
      const before = this.#answers;
      const answer = await this.#ask();
      if (answer.kind === "none" && this.#answers === before) this.#fallSilent();
      else for (const question of asked) this.#settle(question, answer);
    }
    this.#isLooking = false;
  }

  #settle(question: Question, answer: ServerAnswer): void {
    if (question.isOver) return;
    question.looks += 1;
    if (!isLost(question, answer)) return this.#waitFor(question, this.#patience.quietMs);
    question.stopWaiting = this.#time.after(lastAnswerMs, () => question.cut(new ConnectionLost()));
  }

  #fallSilent(): void {
    this.#isSilent = true;
    // Idle ones as well: nobody knows which of them will still be there when it speaks again.
    for (const connection of [...this.#connections]) connection.cut(new ServerSilent());
    void this.#listen();
  }

  async #listen(): Promise<void> {
    do {
      await new Promise((resolve) => setTimeout(resolve, this.#patience.pauseMs).unref());
    } while (!this.#isClosed && (await this.#ask()).kind === "none");
    this.#isSilent = false;
  }
}
