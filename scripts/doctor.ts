import { createPinoLog } from "../app/adapters/pino/pino-log.ts";
import { ConfigError, readConfig, type Config } from "../app/config.server.ts";
import { doctorChecks } from "../app/doctor/checks.ts";
import { examine, isHealthy, reportOf } from "../app/doctor/examine.ts";
import { failed, ok, type Finding } from "../app/doctor/finding.ts";
import { logFindings } from "../app/doctor/log-findings.ts";
import { systemClock } from "../app/kernel/clock.ts";

/**
 * `npm run doctor`: looks at a configuration and at the app that runs with it, and says what is wrong and what to do. It
 * reads the same environment as the app; the exit code is 1 when something has failed. With `--log` it writes lines for a
 * log instead, as the app does: so it is run each day where nobody sits in front of it.
 */
const migrationsFolder = new URL("../prisma/migrations", import.meta.url).pathname;
const deadlineMs = 20_000;

function configure(): { config?: Config; finding: Finding } {
  const name = "configuration";
  try {
    const config = readConfig(process.env);
    const parts = [config.painter.kind, config.backgroundRemover.kind, config.gallery.kind, config.quotaStore.kind];
    const said = `${config.production ? "production" : "not production"}: ${parts.join(", ")}`;
    return { config, finding: { name, ...ok(said) } };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const toDo = "Set what is missing; the README lists every setting. Nothing else was looked at.";
    return { finding: { name, ...failed(error.problems.join("; "), toDo) } };
  }
}

// A client whose check has failed may fail once more where nobody listens. The others are still to be heard.
process.on("unhandledRejection", () => undefined);

const { config, finding } = configure();
const checks = config === undefined ? [] : doctorChecks(config, { clock: systemClock, migrationsFolder });
const findings = [finding, ...(await examine(checks, { deadlineMs }))];
// Whatever LOG_LEVEL says: somebody waits for these lines.
if (process.argv.includes("--log")) logFindings(findings, createPinoLog({ level: "info", sync: true }));
else process.stdout.write(reportOf(findings));
// Clients of services may hold the process for a while yet.
process.exit(isHealthy(findings) ? 0 : 1);
