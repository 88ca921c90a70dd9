import { encode as encodeJpeg } from 'jpeg-js';
import encodeQR from 'qr';
import { describe, expect, test } from 'vitest';
import { drawPixels, encodeHanXin } from '../../../hanxin/index.ts';
import { createImageReader, type HanXinStage } from '../../../main/devices/image-reader.ts';
import { measureCpuMs } from '../../cpu-time.ts';
import { absent, readPicture, readTruth } from '../../hanxin/image-set.ts';

const reader = createImageReader();

/** A JPEG of a code, 6 pixels a module. */
function draw(text: string): Uint8Array {
  const modules = encodeQR(text, 'raw', { ecc: 'quartile', border: 4 });
  const side = modules.length * 6;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (modules[Math.floor(y / 6)]?.[Math.floor(x / 6)] === true) data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return new Uint8Array(encodeJpeg({ width: side, height: side, data: Buffer.from(data) }, 90).data);
}

/** A grey picture of a Han Xin code, 5 pixels a module. */
function drawHanXin(text: string) {
  const { width, height, data } = drawPixels(encodeHanXin(text)!, { moduleSize: 5 });
  return { width, height, luma: data };
}

describe('the image reader', () => {
  test('gives text, bytes, symbology and corners', async () => {
    const read = await reader.readCodes(draw('企业服务码 91310000MA1K35T4X6'));
    expect(read.ok && read.value).toHaveLength(1);
    const [code] = read.ok ? read.value : [];
    expect(code).toMatchObject({ text: '企业服务码 91310000MA1K35T4X6', format: 'QRCode' });
    expect(code?.symbology).toMatch(/^\]Q/);
    expect(Buffer.from(code?.bytes ?? []).toString()).toBe(code?.text);
    const [topLeft, topRight, bottomRight] = code?.corners ?? [];
    expect(topLeft!.x).toBeLessThan(topRight!.x);
    expect(topRight!.y).toBeLessThan(bottomRight!.y);
  });

  test('a picture without a code is an empty list', async () => {
    const data = Buffer.alloc(200 * 200 * 4, 200);
    expect(await reader.readCodes(new Uint8Array(encodeJpeg({ width: 200, height: 200, data }, 80).data))).toEqual({ ok: true, value: [] });
  });

  test('refuses hostile pictures before opening them', async () => {
    const good = draw('x');
    const png = new Uint8Array(Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.from('0000ffff0000ffff0806000000', 'hex'), Buffer.alloc(200)]));
    const jpeg = good.slice();
    const frame = Buffer.from(jpeg).indexOf(Buffer.from([0xff, 0xc0]));
    new DataView(jpeg.buffer).setUint32(frame + 5, 0xffffffff);
    const manyScans = new Uint8Array(Buffer.concat([Buffer.from(good), ...Array.from({ length: 100 }, () => Buffer.from([0xff, 0xda]))]));
    const hostile = [new Uint8Array(0), new Uint8Array([0x89]), png, jpeg, manyScans, good.slice(0, good.length / 2), new Uint8Array(Buffer.from('<svg/>'))];
    for (const picture of hostile) {
      const read = await reader.readCodes(picture);
      expect(await measureCpuMs(() => reader.readCodes(picture))).toBeLessThan(2000);
      if (!read.ok) expect(read.failure.code).toBe('scan/unreadable-image');
    }
    expect((await reader.readCodes(png)).ok).toBe(false);
    expect((await reader.readCodes(jpeg)).ok).toBe(false);
    expect((await reader.readCodes(manyScans)).ok).toBe(false);
  });

  test('never rejects on damaged pictures', async () => {
    const good = draw('91310000MA1K35T4X6');
    for (let i = 0; i < 150; i++) {
      const bad = good.slice();
      for (let k = 0; k < 1 + (i % 7); k++) bad[(i * 7919 + k * 104_729) % bad.length] = (i * 31 + k * 17) & 255;
      const read = await reader.readCodes(bad);
      expect(typeof read.ok).toBe('boolean');
    }
  });
});

test('a picture that traps the decoder is one without a code, and the next one is read', async () => {
  const strip = { width: 9000, height: 90, luma: new Uint8Array(9000 * 90).fill(255) };
  const trapped = createImageReader();
  expect(await trapped.readLuma(strip)).toEqual([]);
  const after = await trapped.readCodes(draw('91310000MA1K35T44M'));
  expect(after.ok && after.value.map(({ text }) => text)).toEqual(['91310000MA1K35T44M']);
});

describe('Han Xin codes', () => {
  test('are read from what our encoder draws, with an AIM identifier', async () => {
    for (const text of ['91310000MA1K35T4X6', '汉信码 Han Xin Code', '企业服务码'.repeat(20)]) {
      const [code, ...more] = await reader.readLuma(drawHanXin(text));
      expect(more).toEqual([]);
      expect(code).toMatchObject({ text, format: 'HanXin' });
      expect(code?.symbology).toMatch(/^\]h\d$/);
      expect(code?.corners).toHaveLength(4);
    }
  });

  test('clockwise corners, in a mirrored picture too', async () => {
    const { width, height, luma } = drawHanXin('汉信码');
    const mirrored = luma.map((_, i) => luma[i - (i % width) + width - 1 - (i % width)]!);
    for (const picture of [luma, mirrored]) {
      const [code] = await reader.readLuma({ width, height, luma: picture });
      const area = code!.corners.reduce((sum, { x, y }, i) => sum + x * code!.corners[(i + 1) % 4]!.y - y * code!.corners[(i + 1) % 4]!.x, 0);
      expect(area).toBeGreaterThan(0);
    }
  });

  test('both kinds in one picture are both found', async () => {
    const left = drawHanXin('91310000MA1K35T4X6');
    const modules = encodeQR('12345', 'raw', { ecc: 'quartile', border: 4 });
    const [width, height] = [left.width + modules.length * 5, Math.max(left.height, modules.length * 5)];
    const luma = new Uint8Array(width * height).fill(255);
    for (let y = 0; y < left.height; y++) luma.set(left.luma.subarray(y * left.width, (y + 1) * left.width), y * width);
    for (let y = 0; y < modules.length * 5; y++) {
      for (let x = 0; x < modules.length * 5; x++) {
        if (modules[Math.floor(y / 5)]![Math.floor(x / 5)] === true) luma[y * width + left.width + x] = 0;
      }
    }
    expect((await reader.readLuma({ width, height, luma })).map(({ text }) => text).toSorted()).toEqual(['12345', '91310000MA1K35T4X6']);
  });

  test('each stage of each look is shown: one look at a symbol, four at nothing', async () => {
    const names = async (picture: { width: number; height: number; luma: Uint8Array }) => {
      const seen: HanXinStage[] = [];
      await reader.readLuma(picture, { onStage: (stage) => void seen.push(stage) });
      return seen.map(({ look, stage }) => `${look} ${stage}`);
    };
    const stages = ['thresholds', 'binary', 'crossings', 'finders', 'symbols'];
    expect(await names(drawHanXin('汉信码'))).toEqual(stages.map((stage) => `1 ${stage}`));
    const nothing = { width: 120, height: 90, luma: new Uint8Array(120 * 90).fill(200) };
    expect(await names(nothing)).toEqual([1, 2, 3, 4].flatMap((look) => stages.map((stage) => `${look} ${stage}`)));
  });

  test.skipIf(absent !== null)(`a sample of the picture set is read, nothing wrong${absent === null ? '' : ` — skipped: ${absent}`}`, async () => {
    const sample = readTruth().filter((_, i) => i % 12 === 0);
    expect(sample.length).toBeGreaterThan(10);
    for (const truth of sample) {
      const { width, height, data } = readPicture(truth.file);
      const codes = await reader.readLuma({ width, height, luma: Uint8Array.from(data) });
      const found = codes.filter(({ format }) => format === 'HanXin').map(({ bytes }) => Buffer.from(bytes).toString('base64'));
      expect([truth.file, ...found]).toEqual([truth.file, ...(truth.symbology === 'hanxin' ? [truth.bytes_b64] : [])]);
    }
  });
});
