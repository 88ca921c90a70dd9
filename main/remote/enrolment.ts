import * as v from 'valibot';
import { enrolPath, EnrolReplySchema, type PlatformProfile } from '../../domain/contracts/enterprise.ts';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import { pinSm2PublicKey } from '../../domain/crypto/sm2.ts';
import { decodeUtf8 } from '../../domain/crypto/utf8.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { parseJson } from '../../domain/json.ts';
import { isGoodKey } from '../../domain/key-list.ts';
import { createHttpChannel } from './http-channel.ts';
import { baseOf } from './sealed-calls.ts';

/** What a counter says when it enrols; `publicKey` is its envelope key, 04 ‖ x ‖ y. */
export interface EnrolmentInput {
  readonly baseUrl: string;
  readonly enrolmentCode: string;
  readonly corpName: string;
  readonly corpCode: string;
  readonly publicKey: Uint8Array;
  readonly monotonic: () => number;
}

/**
 * Enrols at a platform with the code that its operator handed over. `remote/refused`: the platform does not take the code;
 * `remote/malformed`: what it sent is no profile, or names keys that are none.
 */
export async function enrol(input: EnrolmentInput): Promise<Result<PlatformProfile>> {
  const base = URL.canParse(input.baseUrl) ? baseOf(input.baseUrl) : null;
  if (base === null) return fail('remote/unreachable', 'url');
  const channel = createHttpChannel({ hosts: [base.host], monotonic: input.monotonic });
  const { enrolmentCode, corpName, corpCode } = input;
  const reply = await channel.send({
    url: new URL(enrolPath.replace(/^\//, ''), base),
    json: JSON.stringify({ enrolmentCode, corpName, corpCode, publicKey: encodeHex(input.publicKey) }),
    mediaTypes: ['application/json'],
    maxBytes: 262_144,
    timeoutMs: 8000,
  });
  channel.close();
  if (!reply.ok) return isRefusal(reply.failure.detail) ? fail('remote/refused', reply.failure.detail) : reply;
  const text = decodeUtf8(reply.value.body);
  const profile = v.safeParse(EnrolReplySchema, text === null ? null : parseJson(text, { maxLength: 262_144 }));
  return profile.success && hasGoodKeys(profile.output) ? ok(profile.output) : fail('remote/malformed', 'profile');
}

/** Client errors of HTTP: asking again with the same words helps nobody. */
function isRefusal(detail: string | undefined): boolean {
  return /^4[0-9]{2}$/.test(detail ?? '');
}

function hasGoodKeys(profile: PlatformProfile): boolean {
  const isKey = (hex: string): boolean => pinSm2PublicKey(decodeHex(hex) ?? new Uint8Array(0)) !== null;
  return (
    URL.canParse(profile.baseUrl) &&
    isKey(profile.envelopePublicKey) &&
    profile.signingKeys.length > 0 &&
    profile.signingKeys.every(isGoodKey)
  );
}
