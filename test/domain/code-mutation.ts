import fc from 'fast-check';

/** Characters that mutations put in: code characters first, then what scanners, keyboards and attackers add. */
const insertions = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefqym1', ' ', '\r', '\t', '-', '=', '\u0000', '\u200b', '\u202e', '０', '，', '\ud800', '𠮷'];

/** One step from a text to another: what a bad read, a clumsy hand or an attacker does. */
export type Mutation = (text: string, donor: string) => string;

const position = fc.nat({ max: 300 });
const character = fc.constantFrom(...insertions);
const codeCharacter = fc.constantFrom(...'0123456789ABCDEF');

const substitute = fc.tuple(position, fc.oneof(character, codeCharacter)).map(
  ([at, inserted]): Mutation =>
    (text) => {
      const place = at % text.length;
      return text.slice(0, place) + inserted + text.slice(place + 1);
    },
);
const hexSubstitute = fc.tuple(fc.nat({ max: 191 }), codeCharacter).map(
  ([at, inserted]): Mutation =>
    (text) => {
      // Counted from the end: digest and signature, which every structure check lets through.
      const place = Math.max(0, text.length - 1 - at);
      return text.slice(0, place) + inserted + text.slice(place + 1);
    },
);
const insert = fc.tuple(position, character).map(
  ([at, inserted]): Mutation =>
    (text) =>
      text.slice(0, at % text.length) + inserted + text.slice(at % text.length),
);
const remove = fc.tuple(position, fc.nat({ max: 8 })).map(
  ([at, count]): Mutation =>
    (text) =>
      text.slice(0, at % text.length) + text.slice((at % text.length) + count + 1),
);
const swap = fc.tuple(position, position).map(
  ([a, b]): Mutation =>
    (text) => {
      const characters = [...text];
      const [x, y] = [a % characters.length, b % characters.length];
      [characters[x], characters[y]] = [characters[y] ?? '', characters[x] ?? ''];
      return characters.join('');
    },
);
/** The head of one valid code on the tail of another: every field right by itself. */
const splice = position.map(
  (at): Mutation =>
    (text, donor) =>
      text.slice(0, at) + donor.slice(at),
);
const doubled: fc.Arbitrary<Mutation> = fc.constant((text) => text + text);
const lowered: fc.Arbitrary<Mutation> = fc.constant((text) => text.toLowerCase());

/** One to three steps. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.oneof(
    { arbitrary: substitute, weight: 5 },
    { arbitrary: hexSubstitute, weight: 5 },
    { arbitrary: insert, weight: 2 },
    { arbitrary: remove, weight: 2 },
    { arbitrary: swap, weight: 2 },
    { arbitrary: splice, weight: 2 },
    { arbitrary: doubled, weight: 1 },
    { arbitrary: lowered, weight: 1 },
  ),
  { minLength: 1, maxLength: 3 },
);

const codeAlphabet = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const hexText = (length: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: length, maxLength: length });

/** Strings from pure noise to well-formed codes with a random signature. */
export const randomContents: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.string({ unit: 'binary', maxLength: 400 }), weight: 3 },
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 200 }), weight: 2 },
  { arbitrary: fc.string({ unit: codeAlphabet, minLength: 100, maxLength: 300 }), weight: 2 },
  { arbitrary: fc.webUrl({ withQueryParameters: true, withFragments: true }), weight: 1 },
  { arbitrary: fc.json(), weight: 1 },
  { arbitrary: fc.tuple(hexText(64), hexText(128)).map(([digest, signature]) => `91310000MA1K000006911QYM131000020260101010500${digest}${signature}`), weight: 2 },
  { arbitrary: fc.tuple(fc.string({ unit: codeAlphabet, minLength: 18, maxLength: 18 }), fc.string({ unit: codeAlphabet, minLength: 212, maxLength: 212 })).map(([a, rest]) => `${a}911QYM1${rest}`), weight: 1 },
);
