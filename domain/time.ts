/** Offset of the times that the standards print without a zone: Asia/Shanghai, which has no summer time (wire notes R3). */
const chinaOffsetMs = 8 * 3_600_000;

/** Parses `YYYYMMDDHHMMSS` in UTC to epoch milliseconds; null unless it names an existing second (C 0300-2021 6.1.1 b4). */
export function parseUtcTime(text: string): number | null {
  const match = /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})$/.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [number, number, number, number, number, number];
  if (year < 1970) return null;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC rolls 31 April or 24:00:00 over to another day: only a time that prints back is one.
  return printUtcTime(ms) === text ? ms : null;
}

/** Prints epoch milliseconds as `YYYYMMDDHHMMSS` in UTC; fractions of a second are cut off. */
export function printUtcTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace(/[-:T]/g, '');
}

/** Parses `YYYYMMDDHHMMSS` in Asia/Shanghai (+08:00) to epoch milliseconds (C 0300-2021 6.1.2). */
export function parseChinaTime(text: string): number | null {
  const ms = parseUtcTime(text);
  return ms === null ? null : ms - chinaOffsetMs;
}

/** Prints epoch milliseconds as `YYYYMMDDHHMMSS` in Asia/Shanghai (+08:00). */
export function printChinaTime(ms: number): string {
  return printUtcTime(ms + chinaOffsetMs);
}

/** Parses ISO 8601 with a zone (`Z` or `±HH:MM`) to epoch milliseconds; a time without a zone is none. */
export function parseIsoTime(text: string): number | null {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$/.exec(text);
  if (match === null || readDate(match[1], match[2], match[3]) === null) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/**
 * Parses what a person enters to epoch milliseconds: a day, or a day and a time with or without seconds (`2026-11-22T08:00`), in Asia/Shanghai
 * unless a zone stands behind it; null for what names no moment.
 */
export function parseEnteredTime(text: string): number | null {
  const [, day, time = '00:00', second = ':00', zone = '+08:00'] = /^([0-9-]{10})(?:[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$/.exec(text) ?? [];
  return day === undefined ? null : parseIsoTime(`${day}T${time}${second}${zone}`);
}

/** Prints epoch milliseconds for people: ISO 8601 to the second in Asia/Shanghai, with its zone. */
export function printZonedTime(ms: number): string {
  return `${new Date(ms + chinaOffsetMs).toISOString().slice(0, 19)}+08:00`;
}

/** Prints epoch milliseconds as ISO 8601 UTC with milliseconds. */
export function printIsoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** A calendar day as certificates print it: `YYYY-MM-DD`, or no end. */
export type CertificateDate = { readonly kind: 'day'; readonly day: string } | { readonly kind: 'unlimited' };

/** Reads the free date forms of certificates: YYYYMMDD, YYYY-MM-DD, YYYY年M月D日, 长期, 9999-12-31 (wire notes W20). */
export function parseCertificateDate(text: string): CertificateDate | null {
  const trimmed = text.trim();
  if (/^(长期|长期有效|永久|永久有效|无期限)$/.test(trimmed)) return { kind: 'unlimited' };
  const match =
    /^([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{6})?$/.exec(trimmed) ??
    /^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?$/.exec(trimmed) ??
    /^([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日$/.exec(trimmed);
  if (match === null) return null;
  const day = readDate(match[1], match[2], match[3]);
  if (day === null) return null;
  return day === '9999-12-31' ? { kind: 'unlimited' } : { kind: 'day', day };
}

function readDate(year = '', month = '', day = ''): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? text : null;
}
