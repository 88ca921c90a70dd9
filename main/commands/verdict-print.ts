import type { Verdict } from '../../domain/contracts/counter.ts';
import { printVisibleText } from '../../domain/text-safety.ts';

const marks = { passed: '✓', failed: '✗', warned: '!', 'not-made': '·' } as const;

/** A verdict as lines for a person: the state first, then the checks, then what was granted. */
export function printVerdict(verdict: Verdict): string[] {
  const { state, supportCode, kind, subject, consentDigest } = verdict;
  return [
    `${state.toUpperCase()}${supportCode === null ? '' : `   ${supportCode}`}`,
    ...(state === 'not-a-service-code' ? [`  it is: ${kind}`] : []),
    ...(subject === null ? [] : [`  ${show(subject.name)}   ${subject.uscc}   ${show(subject.type)}`]),
    ...(verdict.expiresAt === null ? [] : [`  until ${new Date(verdict.expiresAt).toISOString()}`]),
    '',
    ...verdict.checks.map(({ id, outcome, ms }) => `  ${marks[outcome]} ${id.padEnd(16)}${outcome}${ms === null ? '' : `   ${ms.toFixed(2)} ms`}`),
    ...(consentDigest === null ? [] : ['', `  consent digest ${consentDigest.equal ? 'equal' : 'DIFFERENT'}: ${consentDigest.inCode}`]),
    ...printGranted(verdict),
  ];
}

function printGranted({ permissions, information, certificates, state }: Verdict): string[] {
  if (state !== 'verified') return [];
  const given = Object.entries(permissions).flatMap(([name, isGiven]) => (isGiven ? [name] : []));
  return [
    `  granted: ${given.join(', ')}`,
    ...information.flatMap(({ title, fields }) => ['', `  ${show(title)}`, ...fields.map(({ label, value }) => `    ${show(label)}：${show(value)}`)]),
    ...(certificates.length === 0 ? [] : ['', '  certificates']),
    ...certificates.map(({ type, number, issueDept }) => `    ${show(type)}   ${show(number)}   ${show(issueDept)}`),
  ];
}

/** What came over the network may hold anything. */
const show = (text: string): string => printVisibleText(text);
