import type { TFunction } from 'i18next';
import { failures } from '../../domain/failure.ts';
import { offlineAnswers } from '../../domain/offline-answer.ts';
import { parseCzqx } from '../../domain/permissions.ts';
import { type CheckId, checkIds, type CheckOutcome } from '../../domain/verdict.ts';
import { isConsentName, printConsentName, printConsentValue } from './consent-words.ts';
import { printDayClock } from './durations.ts';
import { entryFields } from './entry-fields.table.ts';
import type { Language } from './language.ts';

/** A value of an audit entry's content, by its path (`certificates.0.certificateType`). */
export interface EntryFact {
  readonly name: string;
  readonly value: string;
}

/** What is shown of facts that belong together: `heading` is empty for what stands by itself. */
export interface EntrySection {
  readonly heading: string;
  readonly rows: readonly { readonly label: string; readonly value: string; readonly isCode: boolean }[];
}

/** The word for a field, by its path; null for one that has none. */
export function printFieldName(path: string, language: Language): string | null {
  const parts = path.split('.').filter((part) => !isNumber(part));
  if (parts[0] === 'consent' && parts.length > 1) return isConsentName(parts.at(-1) ?? '') ? printConsentName(parts.slice(1).join('.'), language) : null;
  const own = [parts.join('.'), parts.slice(-2).join('.'), parts.at(-1) ?? ''].find((name) => Object.hasOwn(entryFields, name));
  return own === undefined ? null : (entryFields[own]?.[language] ?? null);
}

/**
 * The content of an entry in words: what stands by itself first, then each group under its name; a check, and a field of granted information,
 * is one row. A field without a word keeps its name.
 */
export function describeEntry(facts: readonly EntryFact[], language: Language, t: TFunction): readonly EntrySection[] {
  const groups = Map.groupBy(facts, ({ name }) => groupOf(name));
  const sections = new Map<string, EntrySection['rows'][number][]>();
  for (const [group, own] of groups) {
    const { place, rows } = describeGroup(group, own, language, t);
    const heading = printHeading(place, language);
    sections.set(heading, [...(sections.get(heading) ?? []), ...rows]);
  }
  return [...sections].map(([heading, rows]) => ({ heading, rows })).toSorted((a, b) => Number(a.heading !== '') - Number(b.heading !== ''));
}

const isNumber = (part: string): boolean => /^\d+$/.test(part);

/** A list of plain values (`oids.0`) belongs to what holds the list. */
function groupOf(name: string): string {
  const parts = name.split('.');
  const own = isNumber(parts.at(-1) ?? '') ? parts.slice(0, -2) : parts.slice(0, -1);
  return name === 'code.sm3' ? '' : own.join('.');
}

function describeGroup(group: string, facts: readonly EntryFact[], language: Language, t: TFunction): { readonly place: string; readonly rows: EntrySection['rows'] } {
  const of = (name: string): string => facts.find((fact) => fact.name === `${group}.${name}`)?.value ?? '';
  const parent = group.split('.').slice(0, -1).join('.');
  if (/^checks\.\d+$/.test(group)) return { place: parent, rows: [{ ...describeCheck(of('id'), of('outcome'), of('ms'), t), isCode: false }] };
  if (/\.fields\.\d+$/.test(group)) return { place: parent.split('.').slice(0, -1).join('.'), rows: [{ label: of('label'), value: of('value') || '—', isCode: false }] };
  const rows = facts.map(({ name, value }) => ({ label: printFieldName(name, language) ?? name, value: printFieldValue(name, value, t), isCode: isCode(value) }));
  return { place: group, rows };
}

function describeCheck(id: string, outcome: string, ms: string, t: TFunction): { readonly label: string; readonly value: string } {
  const known = checkIds.find((one) => one === id) satisfies CheckId | undefined;
  const said = (['passed', 'failed', 'warned', 'not-made'] satisfies CheckOutcome[]).find((one) => one === outcome);
  const took = ms === '' || ms === 'null' ? '' : ` · ${t('checklist.ms', { ms: Math.round(Number(ms)) })}`;
  return { label: known === undefined ? id : t(`check.${known}`), value: `${said === undefined ? outcome : t(`checkOutcome.${said}`)}${took}` };
}

/** `certificates.1` is the second of the certificates; parts without a word are the names of values inside. */
function printHeading(place: string, language: Language): string {
  const words: string[] = [];
  const parts = place === '' ? [] : place.split('.');
  parts.forEach((part, at) => {
    if (isNumber(part)) words.push(`${words.pop() ?? ''} ${Number(part) + 1}`.trim());
    else words.push(printFieldName(parts.slice(0, at + 1).join('.'), language) ?? part);
  });
  return words.join(' · ');
}

const isCode = (value: string): boolean => /^[0-9a-f-]{32,}$/i.test(value);

const lengths = { roundTripMs: 'ms', clockOffsetMs: 'ms', gapMs: 'ms', idleGapMs: 'ms', idleMinutes: 'minutes', bytes: 'bytes' } as const;

/** A value for reading: yes and no, times, lengths of time, permissions and the closed lists in words; whatever else as it was recorded. */
export function printFieldValue(name: string, value: string, t: TFunction): string {
  const own = name.split('.').findLast((part) => !isNumber(part)) ?? name;
  if (value === 'null' || value === '') return '—';
  if (value === 'true' || value === 'false') return t(value === 'true' ? 'audit.content.yes' : 'audit.content.no');
  if (name.startsWith('consent.')) return printConsentValue(name.slice('consent.'.length), value, t);
  if (own.endsWith('At') && /^\d{12,}$/.test(value)) return printDayClock(Number(value));
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value)) return printDayClock(Date.parse(value));
  if (Object.hasOwn(lengths, own)) return t(`audit.content.${lengths[own as keyof typeof lengths]}`, { n: Math.round(Number(value)).toLocaleString('en-US') });
  if (own === 'permissions') return printPermissions(value, t);
  return printChoice(own, value, t);
}

function printPermissions(value: string, t: TFunction): string {
  const granted = parseCzqx(value);
  const names = granted === null ? [] : (['read', 'retain', 'download', 'transfer'] as const).filter((bit) => granted[bit]).map((bit) => t(`permission.${bit}`));
  return names.length === 0 ? t('audit.content.nothing') : names.join(' · ');
}

const fileStates = ['none', 'valid', 'valid-but-partial', 'valid-but-modified-after', 'untrusted', 'unverifiable', 'partly-invalid', 'invalid'] as const;

function printChoice(own: string, value: string, t: TFunction): string {
  const among = <Choice extends string>(choices: readonly Choice[]): Choice | undefined => choices.find((one) => one === value);
  switch (own) {
    case 'code': {
      const failure = among(Object.keys(failures) as (keyof typeof failures)[]);
      return failure === undefined ? value : t(`failure.${failure}`);
    }
    case 'verdict': {
      const answer = among(offlineAnswers);
      return answer === undefined ? value : t(`records.offline.${answer}`);
    }
    case 'platformVerdict': {
      const verdict = among(['authentic', 'refused', 'not-verified']);
      return verdict === undefined ? value : t(`certificate.platformVerdict.${verdict}`);
    }
    case 'signatures': {
      const state = among(fileStates);
      return state === undefined ? value : t(`signature.file.${state}`);
    }
    case 'presenterRole': {
      const role = among(['legal', 'agent']);
      return role === undefined ? value : t(`subject.role.${role}`);
    }
    case 'whenOffline': {
      const rule = among(['refuse', 'provisional']);
      return rule === undefined ? value : t(`settings.offline.rules.${rule}`);
    }
    case 'mode':
    case 'retention': {
      const profile = among(['hall', 'bank', 'kiosk']);
      return profile === undefined ? value : t(`retention.profiles.${profile}`);
    }
    default:
      return value;
  }
}
