/** Which rules bind: GB/T 22239-2019 8.1.4.1 a (complexity, periodic change) or OWASP ASVS 5 6.2 (length and block-list, neither of the two). */
export const policyProfiles = ['mlps3', 'asvs5'] as const;
export type PolicyProfile = (typeof policyProfiles)[number];

/** What is wrong with a passphrase; the window words each. */
export type PassphraseFault = 'too-short' | 'too-long' | 'too-simple' | 'well-known' | 'names-you';

const shortest = 12;
const longest = 128;
const classesNeeded = 3;
const dayMs = 86_400_000;

/** When a passphrase has to be replaced, ms after it was set; null for never. */
export const passphraseLifeMs: Readonly<Record<PolicyProfile, number | null>> = { mlps3: 90 * dayMs, asvs5: null };

/** The first rule that a new passphrase breaks, or null. `person` is what others know of its owner. */
export function checkPassphrase(passphrase: string, policy: { readonly profile: PolicyProfile; readonly person: readonly string[] }): PassphraseFault | null {
  const characters = [...passphrase];
  if (characters.length < shortest) return 'too-short';
  if (characters.length > longest) return 'too-long';
  const plain = passphrase.toLowerCase();
  if (policy.person.some((part) => isTelling(part) && plain.includes(part.toLowerCase()))) return 'names-you';
  if (isPredictable(plain)) return 'well-known';
  if (policy.profile === 'mlps3' && countClasses(passphrase) < classesNeeded) return 'too-simple';
  return null;
}

// A name of two Chinese characters says as much as one of four letters.
function isTelling(part: string): boolean {
  return part.length > 3 || /^\p{Script=Han}{2,}$/u.test(part);
}

function countClasses(passphrase: string): number {
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^\p{L}\p{N}]/u, /[^\P{L}a-zA-Z]/u];
  return classes.filter((one) => one.test(passphrase)).length;
}

const wellKnown = ['password', 'passw0rd', 'p@ssw0rd', 'administrator', 'admin', 'qwerty', 'iloveyou', 'welcome', 'letmein', 'counter', 'woaini', 'mima', 'changeme', 'default', 'root', 'test', '密码', '口令', '验码'];
const rows = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik', '!@#$%^&*()'];

// What is left after known words, keyboard rows and repetitions are taken out must still be something to guess at.
function isPredictable(plain: string): boolean {
  let rest = plain;
  for (const word of wellKnown) rest = rest.replaceAll(word, '');
  for (const row of rows) for (const line of [row, [...row].toReversed().join('')]) rest = takeOutRuns(rest, line);
  rest = rest.replaceAll(/(.{1,4})\1+/gu, '$1').replaceAll(/(?:19|20)\d\d/g, '');
  return new Set(rest).size < 6;
}

function takeOutRuns(text: string, line: string): string {
  let rest = text;
  for (let length = line.length; length >= 4; length--) for (let at = 0; at + length <= line.length; at++) rest = rest.replaceAll(line.slice(at, at + length), '');
  return rest;
}
