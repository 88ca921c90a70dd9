/** Pixels of a frame of the clips. */
export const frame = { width: 1280, height: 720 } as const;

/** A clip in the YUV4MPEG2 form for Chromium's fake camera: 4:2:0, grey, 15 frames a second, repeating by itself. */
export function printClip(frames: readonly Uint8Array[], rate = 15): Buffer {
  const colour = new Uint8Array((frame.width * frame.height) / 2).fill(128);
  const parts = frames.flatMap((luma) => [Buffer.from('FRAME\n'), luma, colour]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${frame.width} H${frame.height} F${rate}:1 Ip A1:1 C420jpeg\n`), ...parts]);
}

/** A wall without anything on it. */
export function drawWall(grey = 220): Uint8Array {
  return new Uint8Array(frame.width * frame.height).fill(grey);
}

/** Lays a grey picture onto a frame, its corner at `left`, `top`; what reaches beyond the frame is cut. */
export function lay(ground: Uint8Array, picture: { readonly width: number; readonly height: number; readonly data: Uint8Array }, left: number, top: number): Uint8Array {
  const laid = ground.slice();
  for (let y = Math.max(0, -top); y < Math.min(picture.height, frame.height - top); y++) {
    const from = Math.max(0, -left);
    const to = Math.min(picture.width, frame.width - left);
    laid.set(picture.data.subarray(y * picture.width + from, y * picture.width + to), (y + top) * frame.width + left + from);
  }
  return laid;
}

/** A picture as large as the frame allows, in its middle, on grey: bilinear, so that a shrunk code keeps its edges. */
export function fit({ width, height, luma }: { readonly width: number; readonly height: number; readonly luma: Uint8Array }): Uint8Array {
  const scale = Math.min(frame.width / width, frame.height / height, 1);
  const size = { width: Math.floor(width * scale), height: Math.floor(height * scale) };
  const at = (x: number, y: number): number => luma[Math.min(height - 1, y) * width + Math.min(width - 1, x)] ?? 0;
  const data = new Uint8Array(size.width * size.height).map((_, i) => {
    const [u, v] = [(i % size.width) / scale, Math.floor(i / size.width) / scale];
    const [x, y] = [Math.floor(u), Math.floor(v)];
    const top = at(x, y) + (at(x + 1, y) - at(x, y)) * (u - x);
    const bottom = at(x, y + 1) + (at(x + 1, y + 1) - at(x, y + 1)) * (u - x);
    return top + (bottom - top) * (v - y);
  });
  return lay(drawWall(128), { ...size, data }, (frame.width - size.width) >> 1, (frame.height - size.height) >> 1);
}
