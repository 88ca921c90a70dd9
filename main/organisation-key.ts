import * as v from 'valibot';
import { decodeBase64, encodeBase64 } from '../domain/crypto/base64.ts';
import { decodeHex, encodeHex } from '../domain/crypto/hex.ts';
import type { RandomBytes } from '../domain/crypto/random.ts';
import { generateSm2KeyPair } from '../domain/crypto/sm2.ts';
import { sm3 } from '../domain/crypto/sm3.ts';
import { decodeUtf8, encodeUtf8 } from '../domain/crypto/utf8.ts';
import { ok, type Result } from '../domain/failure.ts';
import { parseCertificate } from '../ofd/x509-certificate.ts';
import type { Journal } from './desk/journal.ts';
import type { SiteKeeper } from './desk/site.ts';
import { createOrganisationSigner, makeOrganisationCertificate, type OrganisationSigner } from './documents/organisation-certificate.ts';
import type { Store } from './store/store.ts';

/** Where the organisation's key and certificate are kept. */
export interface OrganisationKeyDeps {
  readonly store: Store;
  readonly journal: Journal;
  readonly site: SiteKeeper;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** The organisation's SM2 key, with which copies are signed. */
export interface OrganisationKey {
  /** The signer for the organisation of the site as it is now. */
  signer(): Promise<Result<OrganisationSigner>>;
  /** The certificate as it is now, DER; null before the first copy. */
  certificate(): Promise<Uint8Array | null>;
}

const settingName = 'organisation-key';
const StoredSchema = v.object({ privateKey: v.string(), certificate: v.string() });
const renewBeforeMs = 30 * 24 * 3_600_000;

/**
 * Keeps the organisation's key sealed in the store. It is made here when a copy is first wanted, with a certificate that the
 * organisation signs for itself; another name of the organisation, or the end of the certificate, gets a new certificate for the same key.
 */
export function createOrganisationKey(deps: OrganisationKeyDeps): OrganisationKey {
  let last: Promise<unknown> = Promise.resolve();
  return {
    signer: () => {
      // One after the other, so that two copies at once do not make two keys.
      const found = last.then(() => openSigner(deps));
      last = found.catch(() => {});
      return found;
    },
    certificate: async () => {
      const kept = await deps.store.setting({ name: settingName });
      return kept.ok && kept.value !== null ? (decodeKey(kept.value)?.certificate ?? null) : null;
    },
  };
}

async function openSigner(deps: OrganisationKeyDeps): Promise<Result<OrganisationSigner>> {
  const { store, journal, site, now, random } = deps;
  const kept = await store.setting({ name: settingName });
  if (!kept.ok) return kept;
  const known = kept.value === null ? null : decodeKey(kept.value);
  const { organisation, orgCode } = site.current().site;
  if (known !== null && isFit(known.certificate, organisation, now())) return ok(createOrganisationSigner({ ...known, random }));
  const privateKey = known?.privateKey ?? generateSm2KeyPair(random).privateKey;
  const certificate = makeOrganisationCertificate({ privateKey, subject: { organisation, orgCode }, now: now(), random });
  const noted = await journal.record({
    type: 'key.certified',
    result: 'self-signed',
    ref: encodeHex(sm3(certificate)),
    detail: { certificate: encodeBase64(certificate) },
    row: { table: 'setting', name: settingName, value: encodeUtf8(JSON.stringify({ privateKey: encodeHex(privateKey), certificate: encodeBase64(certificate) })) },
  });
  return noted.ok ? ok(createOrganisationSigner({ privateKey, certificate, random })) : noted;
}

function decodeKey(bytes: Uint8Array): { privateKey: Uint8Array; certificate: Uint8Array } | null {
  const stored = v.safeParse(StoredSchema, JSON.parse(decodeUtf8(bytes) ?? 'null'));
  if (!stored.success) return null;
  const [privateKey, certificate] = [decodeHex(stored.output.privateKey), decodeBase64(stored.output.certificate)];
  return privateKey === null || certificate === null ? null : { privateKey, certificate };
}

function isFit(certificate: Uint8Array, organisation: string, now: number): boolean {
  const parsed = parseCertificate(certificate);
  return parsed !== null && parsed.subjectName.organisation === organisation.slice(0, 64) && now > parsed.notBefore && now < parsed.notAfter - renewBeforeMs;
}
