/**
 * The self-test of a scanner: symbols with every character that codes need, and the comparison of what came through with
 * what was printed.
 */
const tests = {
  /** Digits and capitals: what the text form of an enterprise service code consists of (C 0300-2021 3.7). */
  'code-characters': 'COUNTER/T1/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ/END1',
  /** All of printable ASCII: links and personal codes. */
  'all-characters': `COUNTER/T2/${String.fromCharCode(...Array.from({ length: 95 }, (_, at) => 0x20 + at))}/END2`,
  /** UTF-8 beyond ASCII. */
  chinese: 'COUNTER/T3/ABCDEFGHIJKLMNOP/企业服务码窗口验码终端核验通过/END3',
  /** As long as a service code: shows buffers and pauses that cut codes to pieces. */
  long: `COUNTER/T4/${'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.repeat(8).slice(0, 268)}/END4`,
} as const;

/** Which test symbol. */
export type ScannerTestId = keyof typeof tests;

/** The ids in the order in which they are worth trying. */
export const scannerTestIds = Object.keys(tests) as ScannerTestId[];

/** What the symbol of a test holds; drawn as QR Code in UTF-8. */
export function scannerTestText(id: ScannerTestId): string {
  return tests[id];
}

/** How one character differs. */
export const testFindingKinds = ['missing', 'altered', 'added'] as const;

/** Settings that explain differences; the window has words for each. */
export const testHints = [
  'aim-identifier',
  'prefix',
  'suffix',
  'full-width-input',
  'caps-lock',
  'case-conversion',
  'keyboard-layout',
  'character-set',
  'parity-or-data-bits',
  'baud-rate',
  'sent-twice',
  'cut-in-pieces',
  'dropped-characters',
] as const;
export type TestHint = (typeof testHints)[number];

/** One character that did not come through; control characters and blanks are printed `U+XXXX`. */
export interface TestFinding {
  readonly kind: (typeof testFindingKinds)[number];
  readonly place: number;
  readonly expected: string;
  readonly received: string;
}

/** What one scan during the test came to; see `TestResultSchema` of the contract. */
export interface ScannerTestResult {
  readonly outcome: 'good' | 'altered' | 'other';
  readonly findings: TestFinding[];
  readonly hints: TestHint[];
  readonly expected: number;
  readonly matched: number;
}

const maxFindings = 40;
const maxReceived = 1200;

/** Compares what a scanner gave with the symbol of the test; pure, never throws, looks at 1,200 characters at most. */
export function judgeScannerTest(id: ScannerTestId, received: string): ScannerTestResult {
  const [want, got] = [[...tests[id]], [...received].slice(0, maxReceived)];
  const steps = align(want, got);
  const matched = steps.filter((step) => step.kind === 'same').length;
  const differences = steps.filter((step) => step.kind !== 'same');
  if (!isTestSymbol(want, got)) {
    return { outcome: 'other', findings: [], hints: looksLikeNoise(got) ? ['baud-rate', 'parity-or-data-bits'] : [], expected: want.length, matched };
  }
  return {
    outcome: differences.length === 0 ? 'good' : 'altered',
    findings: differences.slice(0, maxFindings).map(describe),
    hints: testHints.filter((hint) => explanations[hint](differences, want, got)),
    expected: want.length,
    matched,
  };
}

interface Step {
  readonly kind: 'same' | 'missing' | 'altered' | 'added';
  /** Place in the expected text. */
  readonly place: number;
  readonly expected: string;
  readonly received: string;
}

/** The shortest way from one text to the other, in steps of a character. */
function align(want: readonly string[], got: readonly string[]): Step[] {
  const width = got.length + 1;
  const costs = new Uint16Array((want.length + 1) * width);
  const cost = (i: number, j: number): number => costs[i * width + j] ?? 0;
  for (let i = want.length; i >= 0; i--) {
    for (let j = got.length; j >= 0; j--) {
      const replace = i < want.length && j < got.length ? cost(i + 1, j + 1) + (want[i] === got[j] ? 0 : 1) : Infinity;
      const miss = i < want.length ? cost(i + 1, j) + 1 : Infinity;
      const add = j < got.length ? cost(i, j + 1) + 1 : Infinity;
      costs[i * width + j] = i === want.length && j === got.length ? 0 : Math.min(replace, miss, add);
    }
  }
  const steps: Step[] = [];
  for (let i = 0, j = 0; i < want.length || j < got.length; ) {
    const [expected, received] = [want[i] ?? '', got[j] ?? ''];
    const isSame = i < want.length && j < got.length && expected === received;
    if (i < want.length && j < got.length && cost(i, j) === cost(i + 1, j + 1) + (isSame ? 0 : 1)) {
      steps.push({ kind: isSame ? 'same' : 'altered', place: i, expected, received });
      [i, j] = [i + 1, j + 1];
    } else if (i < want.length && cost(i, j) === cost(i + 1, j) + 1) {
      steps.push({ kind: 'missing', place: i, expected, received: '' });
      i += 1;
    } else {
      steps.push({ kind: 'added', place: i, expected: '', received });
      j += 1;
    }
  }
  return steps;
}

/** Whether it is the symbol at all: at least two fifths of it in order, whatever happened to case, width and the eighth bit. */
function isTestSymbol(want: readonly string[], got: readonly string[]): boolean {
  const steps = align(want.map(foldCharacter), got.map(foldCharacter));
  const same = steps.filter(({ kind }) => kind === 'same').length;
  return same * 5 >= Math.min(want.length, Math.max(got.length, 20)) * 2 && same >= 8;
}

function foldCharacter(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  if (point >= 0xff01 && point <= 0xff5e) return String.fromCodePoint(point - 0xfee0).toLowerCase();
  if (point >= 0x80 && point <= 0xff) return String.fromCodePoint(point & 0x7f).toLowerCase();
  return character.toLowerCase();
}

function looksLikeNoise(got: readonly string[]): boolean {
  const odd = got.filter((character) => character === '\ufffd' || character < ' ' || (character >= '\u007f' && character <= '\u00ff'));
  return odd.length * 4 >= got.length && got.length > 0;
}

type Explains = (differences: readonly Step[], want: readonly string[], got: readonly string[]) => boolean;

const altered = (differences: readonly Step[]): readonly Step[] => differences.filter(({ kind }) => kind === 'altered');
const isAscii = (character: string): boolean => character >= ' ' && character <= '~';
const isSwapped = ({ expected, received }: Step): boolean =>
  expected !== received && expected.toLowerCase() === received.toLowerCase();
/** Text before the symbol's first, or after its last character. */
const addedAt = (differences: readonly Step[], place: number): string =>
  differences
    .filter((step) => step.kind === 'added' && step.place === place)
    .map(({ received }) => received)
    .join('');
const hasOneCase = (got: readonly string[], pattern: RegExp): boolean => !got.some((character) => pattern.test(character));

const explanations: Readonly<Record<TestHint, Explains>> = {
  'aim-identifier': (differences) => /^\][A-Za-z][0-9A-Za-z]$/.test(addedAt(differences, 0)),
  prefix: (differences) => addedAt(differences, 0) !== '' && !/^\][A-Za-z][0-9A-Za-z]$/.test(addedAt(differences, 0)),
  suffix: (differences, want, got) => addedAt(differences, want.length) !== '' && !isTwice(want, got),
  'full-width-input': (differences) => altered(differences).some(({ expected, received }) => received >= '\uff01' && received <= '\uff5e' && foldCharacter(received) === expected.toLowerCase()),
  'caps-lock': (differences, _, got) => altered(differences).filter(isSwapped).length > 3 && !hasOneCase(got, /[a-z]/) && !hasOneCase(got, /[A-Z]/),
  'case-conversion': (differences, _, got) => altered(differences).filter(isSwapped).length > 3 && (hasOneCase(got, /[a-z]/) || hasOneCase(got, /[A-Z]/)),
  'keyboard-layout': (differences) => altered(differences).some((step) => isAscii(step.expected) && isLayoutPair(step)),
  'character-set': (differences) => differences.some(({ expected }) => expected > '~') && !altered(differences).some(({ expected }) => isAscii(expected)),
  'parity-or-data-bits': (differences) => altered(differences).some(hasOtherEighthBit),
  'baud-rate': () => false,
  'sent-twice': (_, want, got) => isTwice(want, got),
  'cut-in-pieces': (differences, want) => countEndsMissing(differences, want) >= 4,
  'dropped-characters': (differences, want) =>
    differences.filter(({ kind, expected }) => kind === 'missing' && isAscii(expected)).length > countEndsMissing(differences, want),
};

function hasOtherEighthBit({ expected, received }: Step): boolean {
  const [want, got] = [expected.codePointAt(0) ?? 0, received.codePointAt(0) ?? 0];
  return isAscii(expected) && (got === (want | 0x80) || received === '\ufffd');
}

/** Characters that share a key, or neighbour each other, on layouts other than the American one. */
function isLayoutPair({ expected, received }: Step): boolean {
  if (isSwapped({ kind: 'altered', place: 0, expected, received })) return false;
  if (/^(?:yz|zy|aq|qa|zw|wz|m,|,m|m;|;m)$/i.test(expected + received)) return true;
  return !/[0-9A-Za-z]/.test(expected) && received !== '\ufffd' && !hasOtherEighthBit({ kind: 'altered', place: 0, expected, received });
}

function isTwice(want: readonly string[], got: readonly string[]): boolean {
  const [once, all] = [want.join(''), got.join('')];
  return all.indexOf(once) !== all.lastIndexOf(once);
}

/** How many characters are missing in one piece at the beginning or the end. */
function countEndsMissing(differences: readonly Step[], want: readonly string[]): number {
  const missing = new Set(differences.filter(({ kind }) => kind === 'missing').map(({ place }) => place));
  let [head, tail] = [0, 0];
  while (missing.has(head)) head += 1;
  while (missing.has(want.length - 1 - tail)) tail += 1;
  return Math.min(head + tail, missing.size);
}

function describe({ kind, place, expected, received }: Step): TestFinding {
  return { kind: kind === 'same' ? 'altered' : kind, place, expected: printCharacter(expected), received: printCharacter(received) };
}

function printCharacter(character: string): string {
  const point = character.codePointAt(0);
  if (point === undefined || (point > 0x20 && point < 0x7f) || /^[\u4e00-\u9fff\uff01-\uff5e]$/.test(character)) return character;
  return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
}
