/** A request as it came and an answer as it will go, apart from sockets, so that a fault can stand between the two. */
export type StorageRequest = {
  method: string;
  /** Decoded once, as the segments of an object's name want it. */
  path: string;
  /** As it was signed: still percent-encoded. */
  rawPath: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
};

export type StorageAnswer = { status: number; headers?: Record<string, string>; body?: Buffer };

export function jsonAnswer(value: object, status = 200): StorageAnswer {
  const headers = { "content-type": "application/json; charset=UTF-8" };
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}

const reasons: Record<number, string> = {
  400: "invalid",
  401: "required",
  403: "forbidden",
  404: "notFound",
  409: "conflict",
  412: "conditionNotMet",
  416: "requestedRangeNotSatisfiable",
  429: "rateLimitExceeded",
  500: "internalError",
  503: "backendError",
};

/** What went wrong, thrown by whoever finds out and put into the JSON or the XML form where the answer is made. */
export class StorageRefusal extends Error {
  readonly status: number;
  /** The XML interface's name for it, such as `AccessDenied`. */
  readonly code: string;
  readonly details: string | undefined;
  constructor(status: number, message: string, { code, details }: { code?: string; details?: string } = {}) {
    super(message);
    this.status = status;
    this.code = code ?? xmlCodes[status] ?? "InternalError";
    this.details = details;
  }
}

const xmlCodes: Record<number, string> = {
  400: "InvalidArgument",
  403: "AccessDenied",
  404: "NoSuchKey",
  412: "PreconditionFailed",
  416: "InvalidRange",
  429: "SlowDown",
  503: "ServiceUnavailable",
};

export function jsonRefusal({ status, message }: StorageRefusal): StorageAnswer {
  const reason = reasons[status] ?? "backendError";
  return jsonAnswer({ error: { code: status, message, errors: [{ message, domain: "global", reason }] } }, status);
}

export function xmlRefusal({ status, code, message, details }: StorageRefusal): StorageAnswer {
  const more = details === undefined ? "" : `<Details>${escaped(details)}</Details>`;
  return xmlAnswer(`<Error><Code>${code}</Code><Message>${escaped(message)}</Message>${more}</Error>`, status);
}

export function xmlAnswer(content: string, status: number, headers: Record<string, string> = {}): StorageAnswer {
  return {
    status,
    headers: { "content-type": "application/xml; charset=UTF-8", ...headers },
    body: Buffer.from(`<?xml version='1.0' encoding='UTF-8'?>${content}`),
  };
}

export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
