import { readConsentRecord } from './consent-record.ts';
import { type EnterpriseReply, EnterpriseReplySchema } from './contracts/enterprise.ts';
import {
  type CatalogueEntry,
  CatalogueEntrySchema,
  CodeVerifyReplySchema,
  type FileEntry,
  FileEntrySchema,
  type InfoEntry,
  InfoEntrySchema,
  type Scenario,
  ScenarioSchema,
  type SearchHit,
  SearchHitSchema,
} from './contracts/sharing.ts';
import { fail, ok, type Result } from './failure.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson, readField } from './json.ts';
import { isOkCode } from './success.ts';

/** A list reply in its canonical form. */
export interface ListReply<T> {
  readonly total: number;
  readonly dataList: readonly T[];
}

/** Reads 12.1.3: an array or any list wrapper, `ertificateType` for `certificateType` (wire notes W9, W10). */
export function readCatalogueReply(value: unknown): Result<ListReply<CatalogueEntry>> {
  return readList(value, CatalogueEntrySchema);
}

/** Reads 12.1.4: one scenario or a list of them. */
export function readScenariosReply(value: unknown): Result<ListReply<Scenario>> {
  const isSingle = isJsonObject(value) && readField(value, 'itemCode') !== undefined;
  return readList(isSingle ? [value] : value, ScenarioSchema, (entry) => {
    const types = readRows(entry['dataList']);
    return { ...entry, dataList: types?.map((type) => (isJsonObject(type) ? nameFields(type, scenarioTypeNames) : type)) ?? null };
  });
}

/** Reads 12.1.5. */
export function readSearchReply(value: unknown): Result<ListReply<SearchHit>> {
  return readList(value, SearchHitSchema);
}

/** Reads 12.1.6 and 12.1.7; `pdf` and `.ofd` are read as `PDF` and `OFD`. */
export function readFileReply(value: unknown): Result<ListReply<FileEntry>> {
  return readList(value, FileEntrySchema, (entry) => {
    const format = entry['fileFormat'];
    return { ...entry, fileFormat: typeof format === 'string' ? format.replace(/^\./, '').toUpperCase() : (format ?? null) };
  });
}

/** Reads 12.1.8 and 12.1.9; `surface` as object or as text, its values as text in the order given (wire notes W16, W19). */
export function readInfoReply(value: unknown): Result<ListReply<InfoEntry>> {
  return readList(value, InfoEntrySchema, (entry) => ({
    certificateValidateStart: '',
    certificateValidateEnd: '',
    ...entry,
    surface: readSurface(entry['surface']),
  }));
}

/** Takes the one entry that a call by certificate id must give (wire notes W14). */
export function takeOnly<T>(reply: ListReply<T>): Result<T> {
  const [first] = reply.dataList;
  if (first === undefined) return fail('certificate/not-found');
  return reply.dataList.length === 1 ? ok(first) : fail('remote/malformed', 'several entries for one id');
}

/** Whether a `certificateNumber` is the identifier of GB/T 36904 and not the number printed on the certificate (wire notes W17). */
export function isCertificateIdentifier(certificateNumber: string): boolean {
  return certificateNumber.startsWith('1.2.156.3005.2.');
}

/** Reads 12.1.10: only `result` 1 means authentic; without a result nothing was verified. */
export function readFileVerifyReply(value: unknown): Result<{ readonly authentic: boolean }> {
  const result = isJsonObject(value) ? readField(unwrapData(value), 'result') : undefined;
  return result === undefined ? fail('remote/malformed', 'result') : ok({ authentic: isOkCode(result) });
}

/** What 12.2.1 and 12.2.3 answer; the token wherever the peer put it (wire notes W4). */
export interface TokenReply {
  readonly accepted: boolean;
  readonly message: string;
  readonly token?: string;
}

/** Reads 12.2.1 (application token). */
export function readAppRegisterReply(value: unknown): Result<TokenReply> {
  return readTokenReply(value);
}

/** Reads 12.2.3 (holder token). */
export function readPersonTokenReply(value: unknown): Result<TokenReply> {
  return readTokenReply(value);
}

/** What 12.2.2 answers, in its canonical form. */
export interface CodeVerifyReply {
  readonly userInfo: {
    readonly idCard: string;
    readonly trustedToken: string;
    readonly userName?: string | undefined;
    readonly phone?: string | undefined;
  };
  readonly certificateList?: readonly (Omit<SearchHit, 'certificateID'> & { readonly certificateId: string })[] | undefined;
}

/** Reads 12.2.2, holder and certificates nested or flat (wire notes W18, W24). */
export function readCodeVerifyReply(value: unknown): Result<CodeVerifyReply> {
  if (!isJsonObject(value)) return fail('remote/malformed', 'object');
  const body = unwrapData(value);
  const holder = readField(body, 'userInfo');
  const userInfo = nameFields(isJsonObject(holder) ? holder : body, fieldNames(CodeVerifyReplySchema.entries.userInfo));
  const list = readRows(readField(body, 'certificateList', 'dataList'));
  if (list === null) return conform(CodeVerifyReplySchema, { userInfo });
  const names = fieldNames(CodeVerifyReplySchema.entries.certificateList.wrapped.item);
  return conform(CodeVerifyReplySchema, {
    userInfo,
    certificateList: list.map((entry) => (isJsonObject(entry) ? nameFields(entry, names) : entry)),
  });
}

/** An enterprise query's answer, beside it the consent record exactly as it came (for its digest). */
export interface ReadEnterpriseReply {
  readonly reply: EnterpriseReply;
  readonly receivedRecord?: JsonValue;
}

/** Reads the answer of the enterprise query with a tolerant consent record (wire notes R1–R5). */
export function readEnterpriseReply(value: unknown): Result<ReadEnterpriseReply> {
  if (!isJsonObject(value)) return fail('remote/malformed', 'object');
  const { authRecord, certList, ...rest } = value;
  const record = authRecord === undefined || authRecord === null ? undefined : readConsentRecord(authRecord);
  if (record === null) return fail('remote/malformed', 'authRecord');
  const certificates = readRows(certList);
  const checked = conform(EnterpriseReplySchema, {
    ...dropNulls(rest),
    ...(record === undefined ? {} : { authRecord: record }),
    ...(certificates === null ? {} : { certList: certificates.map((entry) => (isJsonObject(entry) ? readCertificate(entry) : entry)) }),
  });
  if (!checked.ok) return checked;
  return ok(authRecord === undefined ? { reply: checked.value } : { reply: checked.value, receivedRecord: authRecord });
}

function readCertificate(entry: JsonObject): JsonObject {
  return nameFields(entry, [...fieldNames(SearchHitSchema), 'certificateTypeCode', 'validUntil']);
}

const scenarioTypeNames = ['certificateType', 'certificateTypeCode'] as const;

/** Names that a table misprints: canonical name → what is read when it is absent. */
const misprints: Readonly<Record<string, string>> = { certificateType: 'ertificateType' };

function readList<T>(
  value: unknown,
  schema: EntrySchema<T>,
  complete: (entry: JsonObject) => JsonObject = (entry) => entry,
): Result<ListReply<T>> {
  const rows = readRows(value);
  if (rows === null) return fail('remote/malformed', 'list');
  const names = fieldNames(schema);
  const dataList: T[] = [];
  for (const row of rows) {
    if (!isJsonObject(row)) return fail('remote/malformed', 'entry');
    const entry = conform(schema, complete(nameFields(row, names)));
    if (!entry.ok) return entry;
    dataList.push(entry.value);
  }
  return ok({ total: dataList.length, dataList });
}

/** An array, `{dataList}`, `{total, dataList}`, the same under `data`; null when there is no list. */
function readRows(value: unknown): readonly JsonValue[] | null {
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value)) return null;
  const list = readField(unwrapData(value), 'dataList', 'list', 'data');
  return Array.isArray(list) ? list : null;
}

function unwrapData(value: JsonObject): JsonObject {
  const data = readField(value, 'data');
  return isJsonObject(data) ? data : value;
}

/**
 * The named fields of an entry, found by exact name, then by name without blanks, underscores, hyphens and case, then by
 * the table's misprint; numbers become text, null is absent.
 */
function nameFields(entry: JsonObject, names: readonly string[]): JsonObject {
  const loose = new Map(Object.entries(entry).map(([key, member]) => [looseName(key), member]));
  const named: [string, JsonValue][] = [];
  for (const name of names) {
    const member = readField(entry, name) ?? loose.get(looseName(name)) ?? readField(entry, misprints[name] ?? name);
    if (member !== undefined && member !== null) named.push([name, typeof member === 'number' ? String(member) : member]);
  }
  return Object.fromEntries(named);
}

function looseName(name: string): string {
  return name.replace(/[\s_-]/g, '').toLowerCase();
}

function readSurface(value: JsonValue | undefined): JsonObject {
  const surface = typeof value === 'string' ? parseSurface(value) : value;
  if (!isJsonObject(surface)) return {};
  const rows = Object.entries(surface).map(([key, member]): [string, string] => [
    key,
    typeof member === 'string' ? member : JSON.stringify(member),
  ]);
  return Object.fromEntries(rows);
}

function parseSurface(text: string): JsonValue | null {
  return text.trim() === '' ? null : parseJson(text, { maxLength: maxSurfaceLength });
}

const maxSurfaceLength = 1_000_000;

function readTokenReply(value: unknown): Result<TokenReply> {
  if (!isJsonObject(value)) return fail('remote/malformed', 'object');
  const code = readField(value, 'code');
  if (code === undefined) return fail('remote/malformed', 'code');
  const msg = readField(value, 'msg', 'message');
  const message = typeof msg === 'string' ? msg : '';
  const accepted = isOkCode(code);
  const token = readField(unwrapData(value), 'token', 'appToken', 'trustedToken') ?? (tokenShape.test(message) ? message : undefined);
  return ok(accepted && typeof token === 'string' && token !== '' ? { accepted, message, token } : { accepted, message });
}

/** Words are no token: a message counts as one only when it is long, without blanks and has a digit. */
const tokenShape = /^(?=.*[0-9])[0-9A-Za-z._~+/=-]{16,4000}$/;

function dropNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, member]) => member !== null));
}

/** A schema of the contracts, asked through the interface that schema libraries share. */
interface Schema<T> {
  readonly '~standard': { readonly validate: (value: unknown) => SchemaOutcome<T> | Promise<SchemaOutcome<T>> };
}
type SchemaOutcome<T> = { readonly value: T; readonly issues?: undefined } | { readonly issues: readonly { readonly path?: unknown }[] };
type EntrySchema<T> = Schema<T> & { readonly entries: Readonly<Record<string, unknown>> };

function fieldNames(schema: { readonly entries: Readonly<Record<string, unknown>> }): readonly string[] {
  return Object.keys(schema.entries);
}

function conform<T>(schema: Schema<T>, value: unknown): Result<T> {
  const outcome = schema['~standard'].validate(value);
  if (outcome instanceof Promise || outcome.issues !== undefined) return fail('remote/malformed', 'schema');
  return ok(outcome.value);
}
