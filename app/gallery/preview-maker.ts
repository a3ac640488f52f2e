/**
 * Makes what the public sees of a finished portrait: small enough for a phone, without the master's metadata. The same
 * master always gives the same preview, so that one which a crash has lost can be made again.
 */
export interface PreviewMaker {
  make(master: Buffer): Promise<Preview>;
}

export type Preview = { bytes: Buffer; contentType: string; width: number; height: number };
