import { createFrameReader, createVideoSession, decodeMatrix, drawPixels, encodeHanXin, symbolSize, type EncodeOptions, type GreyImage } from '../../hanxin/index.ts';
import { readPayload } from '../../hanxin/payload.ts';

/** What became of one input: read as what it was made from, nothing found, or refused by the documented RangeError. */
export type HostileOutcome = 'read' | 'nothing' | 'refused';

/** One kind of hostile input; `feed` makes the next one, hands it in, and throws for whatever should not happen. */
export interface HostileKind {
  readonly name: string;
  /** How many of a thousand inputs are of this kind. */
  readonly share: number;
  /** What becomes of some of them: a kind that shows less has gone blind. */
  readonly outcomes: readonly HostileOutcome[];
  readonly feed: () => HostileOutcome;
}

/** A small repeatable source of whole numbers from 0 to below a bound. */
export type Draw = (below: number) => number;

/** Creates a source of numbers; equal seeds give equal numbers. */
export function createDraw(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Every kind of hostile input of the library, each with numbers, readers and memory of its own that serve all its inputs. */
export function createHostileKinds(seed: number): readonly HostileKind[] {
  const kinds = [
    ['bit streams', 400, feedBits, ['read', 'nothing']],
    ['random matrices', 120, feedNoiseMatrix, ['nothing']],
    ['spoilt matrices', 150, feedSpoiltMatrix, ['read', 'nothing']],
    ['misdeclared matrices', 60, feedWrongMatrix, ['nothing', 'refused']],
    ['random pictures', 120, feedNoisePicture, ['nothing']],
    ['strips', 20, feedStrip, ['nothing']],
    ['mutated pictures', 30, feedMutated, ['read', 'nothing']],
    ['mutated frames', 20, feedFrames, ['read', 'nothing']],
    ['misdeclared pictures', 60, feedWrongPicture, ['nothing', 'refused']],
    ['contents to encode', 20, feedContent, ['read', 'nothing', 'refused']],
  ] as const;
  return kinds.map(([name, share, prepare, outcomes], index) => ({ name, share, outcomes, feed: prepare(createDraw(seed * 100 + index)) }));
}

/** An input and what was made of it do not fit together. */
function complain(what: string): never {
  throw new Error(what);
}

/** Only the documented error is an answer; any other goes on. */
function refusedBy(error: unknown): HostileOutcome {
  if (error instanceof RangeError && /^(A [a-z]|The text holds)/.test(error.message)) return 'refused';
  throw error;
}

function feedBits(draw: Draw): () => HostileOutcome {
  return () => {
    const bytes = drawBytes(draw, 1 + draw(48));
    // Half of them begin with an indicator that exists.
    if (draw(2) === 0) bytes[0] = ((1 + draw(9)) << 4) | draw(16);
    const payload = readPayload(bytes);
    if ((payload?.bytes.length ?? 0) > 65_536) complain('more than 64 KiB out of 48 bytes');
    return payload === null ? 'nothing' : 'read';
  };
}

function feedNoiseMatrix(draw: Draw): () => HostileOutcome {
  return () => {
    // Small ones mostly: they have the least redundancy.
    const size = symbolSize(1 + (draw(20) === 0 ? draw(84) : draw(6)));
    const limit = draw(16) === 0 ? 256 : 2;
    const modules = new Uint8Array(size * size).map(() => draw(limit));
    return decodeMatrix({ size, modules }) === null ? 'nothing' : complain(`a random matrix of size ${size} was read`);
  };
}

function feedSpoiltMatrix(draw: Draw): () => HostileOutcome {
  const text = '防伪 0123456789 anti-forgery';
  const symbols = [4, 5, 6, 8].flatMap((version) => (['L1', 'L3'] as const).map((level) => encodeHanXin(text, { version, level }))).filter((symbol) => symbol !== null);
  return () => {
    const symbol = symbols[draw(symbols.length)] ?? complain('no symbol');
    const modules = symbol.modules.slice();
    for (let flips = draw(draw(3) === 0 ? modules.length : 60); flips > 0; flips--) {
      const at = draw(modules.length);
      modules[at] = 1 - (modules[at] ?? 0);
    }
    const doubts = draw(2) === 0 ? undefined : drawBytes(draw, modules.length);
    const found = decodeMatrix({ size: symbol.size, modules }, doubts);
    if (found !== null && found.text !== text) complain(`a spoilt matrix was read as ${JSON.stringify(found.text)}`);
    return found === null ? 'nothing' : 'read';
  };
}

const absurd: readonly number[] = [0, -1, 1, 2, 22, 24, 190, 191, 1.5, 23.5, Number.NaN, Infinity, -Infinity, 2 ** 31, 2 ** 53, 1e300, -0];

function feedWrongMatrix(draw: Draw): () => HostileOutcome {
  const matrix = encodeHanXin('x', { version: 1 }) ?? complain('no symbol');
  return () => {
    const size = draw(2) === 0 ? matrix.size : (absurd[draw(absurd.length)] ?? 0);
    const modules = matrix.modules.slice(0, draw(matrix.modules.length));
    const doubts = draw(3) === 0 ? drawBytes(draw, draw(900)) : undefined;
    try {
      return decodeMatrix({ size, modules }, doubts) === null ? 'nothing' : complain('a truncated matrix was read');
    } catch (error) {
      return refusedBy(error);
    }
  };
}

function feedNoisePicture(draw: Draw): () => HostileOutcome {
  const reader = createFrameReader();
  return () => {
    const image = drawNoise(draw, 1 + draw(48), 1 + draw(48));
    return reader.read(image).symbols.length === 0 ? 'nothing' : complain('noise was read');
  };
}

function feedStrip(draw: Draw): () => HostileOutcome {
  const reader = createFrameReader();
  return () => {
    const [long, short] = [draw(200) === 0 ? 8192 : 1 + draw(900), 1 + draw(3)];
    const image = draw(2) === 0 ? drawNoise(draw, long, short) : drawNoise(draw, short, long);
    return reader.read(image).symbols.length === 0 ? 'nothing' : complain('a strip was read');
  };
}

function feedMutated(draw: Draw): () => HostileOutcome {
  const clean = drawOriginals();
  const reader = createFrameReader();
  return () => judge(reader.read(mutate(clean[draw(clean.length)] ?? complain('no picture'), draw)).symbols);
}

function feedFrames(draw: Draw): () => HostileOutcome {
  const clean = drawOriginals();
  const session = createVideoSession();
  return () => judge(session.read(mutate(clean[draw(clean.length)] ?? complain('no picture'), draw)).symbols);
}

const original = '只此一文';

function drawOriginals(): readonly GreyImage[] {
  const small = encodeHanXin(original, { version: 1, level: 'L2' }) ?? complain('no symbol');
  const larger = encodeHanXin(original, { version: 4, level: 'L3' }) ?? complain('no symbol');
  return [drawPixels(small, { moduleSize: 2 }), drawPixels(small, { moduleSize: 3 }), drawPixels(larger, { moduleSize: 2 })];
}

function judge(symbols: readonly { readonly text: string }[]): HostileOutcome {
  for (const { text } of symbols) if (text !== original) complain(`a mutated picture was read as ${JSON.stringify(text)}`);
  return symbols.length === 0 ? 'nothing' : 'read';
}

function feedWrongPicture(draw: Draw): () => HostileOutcome {
  const reader = createFrameReader();
  const session = createVideoSession();
  const side = (): number => (draw(2) === 0 ? 1 + draw(40) : (absurd[draw(absurd.length)] ?? 0));
  return () => {
    const [width, height] = [side(), side()];
    const data = drawData(draw);
    const isPicture = data instanceof Uint8Array && [width, height].every((value) => Number.isInteger(value) && value >= 1) && data.length >= width * height;
    try {
      const { symbols } = (draw(2) === 0 ? reader : session).read({ width, height, data: data as Uint8Array });
      return symbols.length === 0 && isPicture ? 'nothing' : complain(`${width} × ${height} was taken for a picture`);
    } catch (error) {
      return isPicture ? complain(`${width} × ${height} was refused: ${String(error)}`) : refusedBy(error);
    }
  };
}

function drawData(draw: Draw): unknown {
  const kinds = [() => drawBytes(draw, draw(1600)), () => new Float32Array(1600), () => Array.from({ length: 1600 }, () => 0), () => null, () => undefined, () => 'pixels'];
  return (draw(3) > 0 ? kinds[0] : kinds[draw(kinds.length)])?.();
}

const someText = ['a', '0', 'é', '汉', '𰻞', '\ud800', '\udc00', '\u0000', '\ufffe', 'http://', '𬭎', '，', '\ue000'];

function feedContent(draw: Draw): () => HostileOutcome {
  const number = (): number => (draw(2) === 0 ? 1 + draw(6) : (absurd[draw(absurd.length)] ?? 0));
  return () => {
    const text = Array.from({ length: draw(40) }, () => someText[draw(someText.length)] ?? '').join('');
    const content = draw(2) === 0 ? text : drawBytes(draw, draw(40));
    const options = { ...(draw(3) === 0 ? { version: number() } : {}), ...(draw(3) === 0 ? { mask: number() } : {}), ...(draw(3) === 0 ? { markShare: number() } : {}) };
    try {
      const symbol = encodeHanXin(content, options as EncodeOptions);
      if (symbol === null) return 'nothing';
      const bytes = decodeMatrix(symbol)?.bytes;
      return bytes !== undefined && (typeof content === 'string' || isEqual(bytes, content)) ? 'read' : complain('what was encoded is not what is read');
    } catch (error) {
      return refusedBy(error);
    }
  };
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function drawBytes(draw: Draw, length: number): Uint8Array {
  return new Uint8Array(length).map(() => draw(256));
}

function drawNoise(draw: Draw, width: number, height: number): GreyImage {
  const flat = draw(256);
  const fills = [() => flat, () => draw(256), () => 255 * draw(2), () => (draw(9) === 0 ? 0 : flat)];
  const fill = fills[draw(fills.length)] ?? complain('no fill');
  return { width, height, data: new Uint8Array(width * height).map(fill) };
}

/** Cuts, bands, noise, shifts, inversions and truncations of a picture. */
function mutate(clean: GreyImage, draw: Draw): GreyImage {
  const { width, height } = clean;
  const data = clean.data.slice();
  for (let step = draw(4); step >= 0; step--) {
    const kind = draw(5);
    if (kind === 0) for (let i = draw(data.length >> 2); i > 0; i--) data[draw(data.length)] = draw(256);
    if (kind === 1) data.fill(draw(256), draw(data.length), draw(data.length));
    if (kind === 2) data.copyWithin(draw(data.length), draw(data.length));
    if (kind === 3) for (let i = 0; i < data.length; i++) data[i] = 255 - (data[i] ?? 0);
    if (kind === 4) for (let y = draw(height); y < height; y++) data.copyWithin(y * width, y * width + draw(3), (y + 1) * width);
  }
  // A picture cut short still declares a size: its own rows only.
  return draw(8) === 0 ? { width, height: 1 + draw(height), data } : { width, height, data };
}
