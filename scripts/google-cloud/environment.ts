import type { Deployment } from "./settings.ts";
import type { Flag } from "./step.ts";

/** What the image is told, whatever of it is run: settings as they are, secrets by their names. */
export function environmentFlags(to: Deployment): Flag[] {
  const secrets = to.secrets.map(({ name, variable }) => `${variable}=${name}:latest`);
  // Values have commas of their own.
  const environment = Object.entries(to.environment).map(([name, value]) => `${name}=${value}`);
  return [
    ["--set-env-vars", `^|^${environment.join("|")}`],
    ["--set-secrets", secrets.join(",")],
  ];
}
