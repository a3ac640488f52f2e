/**
 * What somebody should be told of, and what they should do then. An alarm waits for lines of the log: the app and the
 * doctor say what happens in the same words everywhere, and only here is decided which of them wake somebody. A test looks
 * for every one of these words in the app.
 */
export type Alarm = {
  id: string;
  /** What has happened, as in the subject of a mail. */
  name: string;
  severity: "WARNING" | "ERROR" | "CRITICAL";
  watch: Watch;
  /** What it means and what to do, in Markdown: it comes with the mail. */
  toDo: string;
};

export type Watch =
  /** One such line is enough; whoever was told is told again after so many hours. */
  | { kind: "line"; filter: string; againAfterHours: number }
  /** One may happen: so many of them within these minutes may not. */
  | { kind: "count"; filter: string; moreThan: number; withinMinutes: number }
  /** It is due each day, and has not come. */
  | { kind: "silence"; filter: string };

export function alarmsOf({ service, job }: { service: string; job: string }): Alarm[] {
  const app = `resource.type="cloud_run_revision" AND resource.labels.service_name="${service}"`;
  const doctor = `resource.type="cloud_run_job" AND resource.labels.job_name="${job}"`;
  const timer = `resource.type="cloud_scheduler_job" AND resource.labels.job_id="${job}"`;
  return [...looksAhead({ app, doctor }), ...ofTheDoctor({ doctor, timer }), ...ofPortraits(app), ...ofTheApp(app)];
}

type Places = Record<"app" | "doctor" | "timer", string>;

const says = (event: string) => `jsonPayload.message="${event}"`;

/** There is time still. */
function looksAhead({ app, doctor }: Pick<Places, "app" | "doctor">): Alarm[] {
  const found = `${says("finding")} AND jsonPayload.check=~"^model " AND severity=WARNING`;
  return [
    {
      id: "model_retires",
      name: "an image model is about to end",
      severity: "WARNING",
      watch: {
        kind: "line",
        filter: `(${app} AND ${says("model retires")}) OR (${doctor} AND ${found})`,
        againAfterHours: 24,
      },
      toDo: "A model that paints portraits ends within 45 days; the line names it and its last day. From that day on the app does not start with it. Choose another `GEMINI_MODEL` or `GEMINI_CHEAPER_MODEL` from `app/painters/models.ts`, paint the sample photos with both and compare, look at its price in `app/ledger/gemini-prices.ts`, and deploy. Portraits that exist stay as they are.",
    },
    {
      id: "budget_nearly_spent",
      name: "the installation's budget of the day is nearly spent",
      severity: "WARNING",
      watch: {
        kind: "line",
        filter: `${app} AND ${says("installation budget nearly spent")}`,
        againAfterHours: 24,
      },
      toDo: "All shops together have spent 85 % of the day's budget: there are no new takes, and at 100 % only portraits that exist are given, until midnight UTC. The line names both sums; the rows of the ledger (`Attempt`) say whose day it was. A good day of sales: raise `INSTALLATION_DAILY_BUDGET_USD` and deploy. One shop or a few shoppers that look like nobody: lower their quotas instead.",
    },
    {
      id: "month_over_budget",
      name: "the month will cost more than its budget",
      severity: "WARNING",
      watch: {
        kind: "line",
        // A shop's own month is told to its merchant.
        filter: `${app} AND ${says("month forecast over budget")} AND jsonPayload.of="installation"`,
        againAfterHours: 24,
      },
      toDo: "At the pace of the last days all shops together will have spent `INSTALLATION_MONTHLY_BUDGET_USD` before the month ends; from then on only portraits that exist are given. The line names both sums in micro-dollars. Raise it, also at the provider where its cap is the reason for it, or spend less each day: `INSTALLATION_DAILY_BUDGET_USD`, a cheaper `GEMINI_MODEL`, smaller quotas.",
    },
  ];
}

/** Who looks after the one that looks. */
function ofTheDoctor({ doctor, timer }: Pick<Places, "doctor" | "timer">): Alarm[] {
  return [
    {
      id: "examination_failed",
      name: "the daily examination has found something wrong",
      severity: "ERROR",
      watch: {
        kind: "line",
        filter: `(${doctor} AND severity>=ERROR) OR (${timer} AND severity>=ERROR)`,
        againAfterHours: 1,
      },
      toDo: "Each line `finding` of severity ERROR says in `said` what is wrong and in `toDo` what to do. Where there is none, the job could not be started or has crashed: read its log. Afterwards have it look again: `gcloud run jobs execute JOB --region REGION --wait`.",
    },
    {
      id: "examination_missing",
      name: "there was no daily examination",
      severity: "WARNING",
      watch: { kind: "silence", filter: `${doctor} AND ${says("examined")}` },
      toDo: "The doctor has not come to an end for 25 hours, so nobody would hear of what it watches. Look whether Cloud Scheduler's job is paused or refused (its account needs `roles/run.invoker` on the Cloud Run job), and at the last executions of the Cloud Run job. Running `scripts/deploy-google-cloud.ts` again sets all of it.",
    },
  ];
}

function ofPortraits(app: string): Alarm[] {
  return [
    {
      id: "portrait_given_up",
      name: "a portrait was given up",
      severity: "ERROR",
      watch: { kind: "line", filter: `${app} AND ${says("portrait given up")}`, againAfterHours: 1 },
      toDo: "A portrait that had been accepted was not finished within half an hour, through every resumption, and its shopper was told that it failed; it cost them nothing. Look for what else the log says of that time: an outage of the painter, the storage or the database, or a queue that is longer than the painters can paint (`PAINT_CONCURRENCY`, `GEMINI_CALLS_AT_ONCE`, the provider's own limits).",
    },
    {
      id: "painter_down",
      name: "the painter is down",
      severity: "ERROR",
      watch: {
        kind: "count",
        filter: `${app} AND ${says("painter breaker opened")}`,
        moreThan: 3,
        withinMinutes: 30,
      },
      toDo: "The lines `painter breaker opened` name a model whose calls have failed for minutes. The cheaper model paints meanwhile, where there is one; otherwise shoppers are asked to come back later. Look at the provider's status page, and at the quota, the billing and the key of the project. Nothing has to be restarted: it is tried again by itself. If it lasts, choose another `GEMINI_MODEL` and deploy.",
    },
  ];
}

function ofTheApp(app: string): Alarm[] {
  return [
    {
      id: "errors",
      name: "the app logs many errors",
      severity: "ERROR",
      watch: {
        kind: "count",
        // A request that was answered 503 on purpose is an error to Cloud Run's own log of requests.
        filter: `${app} AND severity>=ERROR AND NOT log_id("run.googleapis.com/requests")`,
        moreThan: 10,
        withinMinutes: 10,
      },
      toDo: "Read them in the order of time: the first one is the cause more often than the last. If they began with a deployment that brought no migration, send the traffic back to the revision before it (`gcloud run services update-traffic`); with one, mend it and deploy again, because the former version may not know the newer tables.",
    },
    {
      id: "forgetting_stuck",
      name: "somebody's data is not deleted as they asked",
      severity: "ERROR",
      watch: {
        kind: "count",
        filter: `${app} AND jsonPayload.message=("privacy.interrupted" OR "privacy.unfinished")`,
        moreThan: 10,
        withinMinutes: 60,
      },
      toDo: "A request to delete is taken up again each minute and does not come to its end; it is not lost. The lines name the request and what is left. Most often the storage refuses: look whether the service's account still has `roles/storage.objectUser` on both buckets. Shopify and the law give it 30 days; whoever asked expects minutes.",
    },
  ];
}
