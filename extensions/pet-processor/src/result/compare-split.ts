/** Where the line between photo and portrait lies: whole percents of the frame that show the photo, from its start. */
export type Split = { photo: number; isRtl: boolean };

/** The share that a pointer at `clientX` asks for. Pixels of the page; a frame without width has no share to give. */
export function splitAt(clientX: number, frame: { left: number; width: number }, isRtl: boolean): number {
  if (frame.width <= 0) return 0;
  const fromLeft = (clientX - frame.left) / frame.width;
  return Math.round(Math.min(1, Math.max(0, isRtl ? 1 - fromLeft : fromLeft)) * 100);
}

/** The CSS that leaves only the photo's share. Clips know left and right but no start. */
export function clipOf({ photo, isRtl }: Split): string {
  const rest = `${100 - photo}%`;
  return isRtl ? `inset(0 0 0 ${rest})` : `inset(0 ${rest} 0 0)`;
}
