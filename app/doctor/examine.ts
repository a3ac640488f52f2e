import { countOf, failed, type Check, type Finding, type Looked } from "./finding.ts";

/**
 * Makes all checks at once and waits for none of them for ever.
 *
 * @param deadlineMs - for each check, milliseconds
 * @returns a finding for each check, in their order
 */
export async function examine(checks: Check[], { deadlineMs }: { deadlineMs: number }): Promise<Finding[]> {
  return Promise.all(
    checks.map(async ({ name, look }) => {
      const signal = AbortSignal.timeout(deadlineMs);
      const tooLate = new Promise<Looked>((resolve) => {
        const answer = () => resolve(failed(`no answer within ${deadlineMs / 1000} s`, unreachable));
        signal.addEventListener("abort", answer, { once: true });
      });
      const looked = look(signal).catch((error: unknown) => failed(reasonOf(error), unreachable));
      return { name, ...(await Promise.race([looked, tooLate])) };
    }),
  );
}

const unreachable = "Look whether its address is right, and whether this machine may reach it.";

/** fetch says only that it failed; its cause says why. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  return code === undefined ? error.message : `${error.message} (${code})`;
}

/** One line a finding, and below it what to do. */
export function reportOf(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap((finding) => {
    const { state, name, said } = finding;
    const line = `${state.padEnd(8)} ${name.padEnd(width)}  ${said}`;
    return "toDo" in finding ? [line, `${" ".repeat(8 + 1 + width)}  → ${finding.toDo}`] : [line];
  });
  return `${lines.join("\n")}\n\n${summaryOf(findings)}\n`;
}

function summaryOf(findings: Finding[]): string {
  const { ok, warning, failed, skipped } = countOf(findings);
  return `${ok} ok, ${warning} warnings, ${failed} failed, ${skipped} skipped`;
}

export const isHealthy = (findings: Finding[]): boolean => findings.every(({ state }) => state !== "failed");
