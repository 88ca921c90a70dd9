/** Hands bytes to the browser's own download, under a name that the host chose. */
export function saveFile(bytes: Uint8Array, fileName: string, mediaType: string): void {
  saveParts([bytes], fileName, mediaType);
}

/** The same of a file that came in pieces. */
export function saveParts(parts: readonly Uint8Array[], fileName: string, mediaType: string): void {
  const address = URL.createObjectURL(new Blob(parts.map((part) => new Uint8Array(part)), { type: mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  // The download has its own reference by the next turn; a minute is ample on the slowest disk.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
