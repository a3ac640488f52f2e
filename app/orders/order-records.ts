import type { PortraitPhoto } from "#app/portraits/portrait-records.ts";

/** Which lines of which orders portraits are for. A line goes with its portrait. */
export interface OrderRecords {
  /**
   * Writes the lines down, each once, however often the order is told; and in the same transaction marks their portraits
   * as ordered, which keeps them until `keepUntilMs` at the least. Lines that name no portrait of the shop are left out.
   *
   * @returns the portraits of the order's lines, those that were written down before too
   */
  add(order: OrderOfPortraits, options: { nowMs: number; keepUntilMs: number }): Promise<string[]>;
  /**
   * Lines for which storage has not been told yet to keep the pictures, the oldest first. Not those of a portrait that is
   * being made: its picture comes first.
   */
  unkept(limit: number): Promise<UnkeptLine[]>;
  /** Storage has been told. */
  kept(line: LineName, nowMs: number): Promise<void>;
}

export type OrderOfPortraits = {
  shop: string;
  id: string;
  name: string;
  lines: { id: string; portraitId: string }[];
};

export type LineName = { shop: string; orderId: string; lineId: string };

export type UnkeptLine = LineName & {
  portrait: {
    photos: PortraitPhoto[];
    /** Null until it is painted. */
    objectName: string | null;
    expiresAtMs: number;
  };
};
