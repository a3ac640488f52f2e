import type { Firestore } from "@google-cloud/firestore";

/** A client of a real database that meets with something when it commits, or when it reads. */
export const withCommits = (firestore: Firestore, meet: Meeting): Firestore =>
  onTheWay(firestore, "runTransaction", meet);
export const withReads = (firestore: Firestore, meet: Meeting): Firestore => onTheWay(firestore, "getAll", meet);

type Meeting = (call: () => Promise<unknown>) => Promise<unknown>;

function onTheWay(firestore: Firestore, method: "runTransaction" | "getAll", meet: Meeting): Firestore {
  return new Proxy(firestore, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const call = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      return name === method ? (...args: unknown[]) => meet(() => call(...args)) : call;
    },
  });
}

/** What the SDK throws. */
export const grpcError = (code: number): Error => Object.assign(new Error(`${code} as the SDK says it`), { code });
