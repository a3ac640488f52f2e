import { useEffect, useState } from "react";

/**
 * An instant on the merchant's own clock, which only their browser knows. Until it is known its place is kept, so that
 * nothing moves when it comes.
 */
export function LocalTime({ atMs }: { atMs: number }) {
  const [text, setText] = useState<string>();
  useEffect(() => setText(new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).format(atMs)), [atMs]);
  return (
    <span className={text === undefined ? "local-time local-time--unknown" : "local-time"}>
      ({text ?? "00:00 AM"} your time)
    </span>
  );
}
