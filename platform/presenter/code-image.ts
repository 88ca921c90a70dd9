/** Modules from edge to edge of a drawn code, its quiet zone included. */
export function countModules(svg: string): number {
  return Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1] ?? 69);
}

/** The address under which an `img` shows a drawing; the content security policy lets pictures come from `data:`. */
export function printSvgUrl(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

const smallestSide = 600;

/** A PNG of the whole drawing, quiet zone and centre mark included: a whole number of pixels a module, at least 600 a side. */
export async function drawPng(svg: string): Promise<Blob> {
  const modules = countModules(svg);
  const side = modules * Math.ceil(smallestSide / modules);
  const image = new Image();
  // Not every browser draws a picture that has no size of its own.
  image.src = printSvgUrl(svg.replace('<svg ', `<svg width="${side}" height="${side}" `));
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  canvas.getContext('2d')?.drawImage(image, 0, 0, side, side);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('canvas gave no picture')) : resolve(blob)), 'image/png');
  });
}

/** Puts the PNG on the clipboard; false where the browser does not allow it: no permission, or a page that came without TLS. */
export async function copyPng(svg: string): Promise<boolean> {
  try {
    // The promise is handed over as it is: waiting for it first would end what the click allows in Safari.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': drawPng(svg) })]);
    return true;
  } catch {
    return false;
  }
}

const keptMs = 60_000;

/** Downloads the PNG under a file name; false where the browser could not draw it. */
export async function savePng(svg: string, fileName: string): Promise<boolean> {
  try {
    const address = URL.createObjectURL(await drawPng(svg));
    const link = document.createElement('a');
    link.href = address;
    link.download = fileName;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), keptMs);
    return true;
  } catch {
    return false;
  }
}

/** HHmm in Shanghai. */
export function printFileTime(at: string): string {
  const format = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return format.format(Date.parse(at)).replace(':', '');
}
