/** The records of shoppers' photos. A photo belongs to one shopper of one shop; nobody else can find it. */
export interface PhotoRecords {
  /**
   * @returns the record that is there already when this owner has given the same bytes before
   * @throws AppError `photo_needed` when other bytes have the id
   */
  insert(photo: PhotoRecord): Promise<{ photo: PhotoRecord; inserted: boolean }>;
  findById(shop: string, owners: readonly string[], id: string): Promise<PhotoRecord | undefined>;
  /** By the hash of the bytes that we received. */
  findBySha256(shop: string, owners: readonly string[], sha256: string): Promise<PhotoRecord | undefined>;
  /** By the hash of the file that the shopper picked: an alias, or the photo's own hash. */
  findBySource(shop: string, owners: readonly string[], sourceSha256: string): Promise<PhotoRecord | undefined>;
  addAlias(photo: PhotoRecord, sourceSha256: string): Promise<void>;
  /** Puts off the end of a photo that is used again. */
  keepUntil(id: string, expiresAtMs: number): Promise<void>;
}

export type PhotoRecord = {
  id: string;
  shop: string;
  shopper: string;
  sha256: string;
  objectName: string;
  width: number;
  height: number;
  bytes: number;
  notices: { code: "shrunk" | "first_frame"; message: string }[];
  createdAtMs: number;
  expiresAtMs: number;
};
