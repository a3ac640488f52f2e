/**
 * The work that has been accepted. A job is a portrait's key, not a shopper's wish: whoever wants the same picture while
 * it is being made waits for the same job. What is in the queue survives the process.
 */
export interface PaintingQueue {
  /**
   * Does nothing where the key is queued or being made already.
   * @param turn - its place in the line: earlier turns are taken first, to the second; see turn-in-line.ts
   */
  enqueue(job: PaintingJob, turn: { turnAtMs: number }): Promise<void>;
}

export type PaintingJob = { shop: string; key: string };
