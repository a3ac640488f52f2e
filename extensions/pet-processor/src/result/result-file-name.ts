const endings: Record<string, string> = { "image/png": "png", "image/webp": "webp", "image/avif": "avif" };

/**
 * A name that every file system takes: "portrait-modern.jpg". Style names are the shop's own and may hold anything; sixty
 * letters of at most four bytes stay under the 255 bytes that a name may have.
 */
export function pictureFileName(styleName: string, contentType: string): string {
  const plain = styleName
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-");
  const style = [...plain].slice(0, 60).join("").replace(/^-|-$/g, "");
  return `portrait${style && "-"}${style}.${endings[contentType] ?? "jpg"}`;
}
