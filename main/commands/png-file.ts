import { crc32, deflateSync } from 'node:zlib';

/** 0…255 each. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A square 8-bit RGB picture in PNG (ISO/IEC 15948): one IDAT, no filter. */
export function encodePng(side: number, colourAt: (x: number, y: number) => Colour): Uint8Array {
  const rows = Buffer.alloc(side * (side * 3 + 1));
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) rows.set(colourAt(x, y), y * (side * 3 + 1) + 1 + x * 3);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return Buffer.concat([signature, encodeChunk('IHDR', header), encodeChunk('IDAT', deflateSync(rows)), encodeChunk('IEND', Buffer.alloc(0))]);
}

function encodeChunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  chunk.set(body, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}
