import { alarmsOf, type Alarm, type Watch } from "./alarms.ts";
import type { Deployment } from "./settings.ts";
import type { Flag, Gcloud, Step } from "./step.ts";

/**
 * Alarms as Cloud Monitoring has them. What counts lines needs a metric of the log for it; what waits for one line does
 * not. A policy is found by the name that people see, and is set anew each time, but for whom it tells: a channel that
 * somebody has added by hand stays.
 */
const alarms = ({ service, examination: { job } }: Deployment): Alarm[] => alarmsOf({ service, job });

/** Names of metrics are those of Prometheus too, which has no hyphens. */
const metricOf = ({ service }: Deployment, { id }: Alarm) => `${service.replaceAll("-", "_")}_${id}`;

export function metricSteps(to: Deployment): Step[] {
  return alarms(to)
    .filter(({ watch }) => watch.kind !== "line")
    .map((alarm) => {
      const names = [metricOf(to, alarm)];
      const project: Flag = ["--project", to.project];
      const flags: Flag[] = [["--description", alarm.name], ["--log-filter", alarm.watch.filter], project];
      return {
        name: `counting for the alarm: ${alarm.name}`,
        look: { command: { command: "logging metrics describe", names, flags: [project] } },
        make: [{ command: "logging metrics create", names, flags }],
        settle: [{ command: "logging metrics update", names, flags }],
      };
    });
}

export function alarmSteps(to: Deployment): Step[] {
  const channels = to.alertEmail === null ? [] : ["EMAIL_CHANNEL"];
  return [...channelSteps(to), ...alarms(to).map((alarm) => policyStep(to, { alarm, channels }))];
}

function channelSteps({ project, service, alertEmail }: Deployment): Step[] {
  if (alertEmail === null) return [];
  const keeping: Pick<Gcloud, "keeps"> = { keeps: ["EMAIL_CHANNEL"] };
  const format: Flag[] = [
    ["--format", "value(name)"],
    ["--project", project],
  ];
  const filter: Flag = ["--filter", `type="email" AND labels.email_address="${alertEmail}"`];
  const look = { command: "beta monitoring channels list", flags: [filter, ["--limit", "1"], ...format] as Flag[] };
  const make: Flag[] = [
    ["--type", "email"],
    ["--display-name", `${service}: ${alertEmail}`],
    ["--channel-labels", `email_address=${alertEmail}`],
  ];
  return [
    {
      name: "who is told of alarms",
      look: { command: { ...look, ...keeping }, says: "/notificationChannels/" },
      make: [{ command: "beta monitoring channels create", flags: [...make, ...format], ...keeping }],
    },
  ];
}

function policyStep(to: Deployment, { alarm, channels }: { alarm: Alarm; channels: string[] }): Step {
  const project: Flag = ["--project", to.project];
  const policy = policyOf(to, alarm);
  const content: Flag = ["--policy-from-file", { content: policy }];
  const patience = { triedAgainWhile: "metric was created recently" };
  return {
    name: `the alarm: ${alarm.name}`,
    look: {
      command: {
        command: "alpha monitoring policies list",
        flags: [
          ["--filter", `displayName="${policy.displayName}"`],
          ["--limit", "1"],
          ["--format", "value(name,notificationChannels.list())"],
          project,
        ],
        keeps: ["POLICY", "ITS_CHANNELS"],
      },
      says: "/alertPolicies/",
    },
    make: [
      {
        command: "alpha monitoring policies create",
        flags: [content, ["--format", "value(name)"], project],
        keeps: ["POLICY"],
        ...patience,
      },
    ],
    settle: [
      {
        command: "alpha monitoring policies update",
        names: [{ kept: ["POLICY"] }],
        flags: [content, ["--set-notification-channels", { kept: ["ITS_CHANNELS", ...channels] }], project],
        ...patience,
      },
    ],
  };
}

const hours = (count: number) => `${count * 60 * 60}s`;

function policyOf(to: Deployment, alarm: Alarm) {
  const { id, name, severity, toDo, watch } = alarm;
  return {
    displayName: `${to.service}: ${name}`,
    documentation: { content: toDo, mimeType: "text/markdown" },
    userLabels: { service: to.service, alarm: id },
    severity,
    enabled: true,
    combiner: "OR",
    conditions: [{ displayName: name, ...conditionOf(watch, metricOf(to, alarm)) }],
    alertStrategy:
      watch.kind === "line"
        ? { notificationRateLimit: { period: hours(watch.againAfterHours) }, autoClose: hours(24) }
        : { autoClose: "1800s" },
  };
}

function conditionOf(watch: Watch, metric: string) {
  if (watch.kind === "line") return { conditionMatchedLog: { filter: watch.filter } };
  if (watch.kind === "silence") return { conditionPrometheusQueryLanguage: dayWithout(metric) };
  return {
    conditionThreshold: {
      filter: `metric.type="logging.googleapis.com/user/${metric}" AND resource.type="cloud_run_revision"`,
      aggregations: [
        {
          alignmentPeriod: `${watch.withinMinutes * 60}s`,
          perSeriesAligner: "ALIGN_DELTA",
          crossSeriesReducer: "REDUCE_SUM",
        },
      ],
      comparison: "COMPARISON_GT",
      thresholdValue: watch.moreThan,
      duration: "0s",
    },
  };
}

/** The usual condition for absence looks back less than a day, and a day is what passes between two of them. */
function dayWithout(metric: string) {
  return {
    query: `absent_over_time(logging_googleapis_com:user_${metric}{monitored_resource="cloud_run_job"}[24h])`,
    duration: hours(1),
    evaluationInterval: "300s",
    // Before its first line a metric is not known.
    disableMetricValidation: true,
  };
}
