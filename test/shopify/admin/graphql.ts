/**
 * As much of the Admin GraphQL API as this app asks: the shop, its theme, its products. A query is read for its fields,
 * so that an answer holds what was asked and a field that does not exist is an error, as on Shopify.
 */

export type Selection = { name: string; alias: string; fields: Selection[] };

type GraphqlAnswer = { data?: Record<string, unknown>; errors?: { message: string; extensions?: object }[] };

const tokenPattern = /#[^\n]*|"""[\s\S]*?"""|"(?:\\.|[^"\\])*"|\.\.\.|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[{}()[\]:$!=@|]/g;

/** The fields that a query asks for; fragments and mutations are not known here and throw. */
export function readSelections(query: string): Selection[] {
  const tokens = (query.match(tokenPattern) ?? []).filter((token) => !token.startsWith("#"));
  const start = tokens.indexOf("{");
  if (start < 0 || tokens[0] === "mutation" || tokens[0] === "fragment")
    throw new Error("Only plain queries are known.");
  return selectionSet(tokens, { at: tokens[0] === "{" ? 0 : bodyStart(tokens) });
}

/** Past the operation's name and its variables. */
function bodyStart(tokens: string[]): number {
  let depth = 0;
  return tokens.findIndex((token) => {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    return token === "{" && depth === 0;
  });
}

function selectionSet(tokens: string[], cursor: { at: number }): Selection[] {
  const selections: Selection[] = [];
  cursor.at += 1;
  while (tokens[cursor.at] !== "}") {
    if (cursor.at >= tokens.length) throw new Error("The query does not end.");
    selections.push(selection(tokens, cursor));
  }
  cursor.at += 1;
  return selections;
}

function selection(tokens: string[], cursor: { at: number }): Selection {
  const first = tokens[cursor.at] ?? "";
  if (!/^[A-Za-z_]\w*$/.test(first)) throw new Error(`"${first}" is not a field.`);
  cursor.at += 1;
  const isAliased = tokens[cursor.at] === ":";
  const name = isAliased ? (tokens[cursor.at + 1] ?? "") : first;
  if (isAliased) cursor.at += 2;
  if (tokens[cursor.at] === "(") skipArguments(tokens, cursor);
  const fields = tokens[cursor.at] === "{" ? selectionSet(tokens, cursor) : [];
  return { name, alias: first, fields };
}

function skipArguments(tokens: string[], cursor: { at: number }): void {
  let depth = 0;
  do {
    if (tokens[cursor.at] === "(") depth += 1;
    if (tokens[cursor.at] === ")") depth -= 1;
    cursor.at += 1;
  } while (depth > 0 && cursor.at < tokens.length);
}

/** Answers a query from `root`, a plain object in the API's shape. */
export function answerGraphql(query: string, root: Record<string, unknown>): GraphqlAnswer {
  try {
    return { data: pick(root, readSelections(query), "QueryRoot") as Record<string, unknown> };
  } catch (error) {
    return { errors: [{ message: error instanceof Error ? error.message : String(error) }] };
  }
}

function pick(value: unknown, fields: Selection[], type: string): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, fields, type));
  if (typeof value !== "object" || value === null || fields.length === 0) return value;
  return Object.fromEntries(
    fields.map(({ name, alias, fields: inner }) => {
      if (name === "__typename") return [alias, type];
      if (!Object.hasOwn(value, name)) throw new Error(`Field '${name}' doesn't exist on type '${type}'`);
      const found = (value as Record<string, unknown>)[name];
      return [alias, pick(found, inner, name.charAt(0).toUpperCase() + name.slice(1))];
    }),
  );
}
