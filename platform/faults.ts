import { encodeHex } from '../domain/crypto/hex.ts';
import { sm3 } from '../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../domain/crypto/utf8.ts';
import { isJsonObject, type JsonObject } from '../domain/json.ts';
import type { CertificateFiles } from './sharing/certificate-files.ts';

/**
 * Faults that tests switch on at the sharing, trust and information interfaces and at file downloads. Every field may be
 * changed while the platform runs; undefined is no fault.
 */
export interface Faults {
  /** Wait so long before answering. */
  latencyMs?: number | undefined;
  /** Do the work, then drop the connection without an answer. */
  dropAfterCommit?: boolean | undefined;
  /** Answer with this HTTP status and do no work. */
  httpStatus?: number | undefined;
  /** Answer with a body that is not JSON. */
  malformed?: boolean | undefined;
  /** Encrypt the answer for somebody else. */
  wrongKey?: boolean | undefined;
  /** Answer with C2 and C3 the other way round. */
  swappedOrder?: boolean | undefined;
  /** Leave answers unsigned. */
  unsignedReply?: boolean | undefined;
  /** Sign answers with somebody else's key. */
  forgedReply?: boolean | undefined;
  /** Sign answers for another request. */
  swappedReply?: boolean | undefined;
  /** Tell counters that enrol that the signing keys ended yesterday. */
  expiredKeys?: boolean | undefined;
  /** Answer `head.status` with this value and no data. */
  headStatus?: string | undefined;
  /** Say no in the payload (`result` "0", `code` 0), everything else as it would be. */
  resultZero?: boolean | undefined;
  /** Give another consent record than the one whose digest is in the code. */
  digestMismatch?: boolean | undefined;
  /** Serve certificate files with one byte changed. */
  wrongFileHash?: boolean | undefined;
  /** Serve (and announce the digest of) something that is no document. */
  wrongFileMagic?: boolean | undefined;
  /** Verify, but return no information and no certificates. */
  dataMissing?: boolean | undefined;
  /** List a certificate of a type that the consent record does not name beside those that it does. */
  extraCertificate?: boolean | undefined;
  /** Let the platform's clock be wrong by so much. */
  clockOffsetMs?: number | undefined;
}

/** Applies the faults that are in the payload itself. */
export function distortPayload(faults: Faults, payload: JsonObject): JsonObject {
  let distorted = payload;
  if (faults.digestMismatch === true) distorted = changeConsent(distorted);
  if (faults.dataMissing === true) distorted = dropData(distorted);
  if (faults.extraCertificate === true) distorted = addCertificate(distorted);
  if (faults.resultZero === true) distorted = { ...distorted, result: '0', ...('code' in distorted ? { code: 0 } : {}) };
  return distorted;
}

function changeConsent(payload: JsonObject): JsonObject {
  const record = payload['authRecord'];
  return isJsonObject(record) ? { ...payload, authRecord: { ...record, czqx: '15' } } : payload;
}

function dropData(payload: JsonObject): JsonObject {
  if ('dataList' in payload) return { ...payload, total: 0, dataList: [] };
  const { data: _data, certList: _certificates, infoList: _information, ...rest } = payload;
  return rest;
}

function addCertificate(payload: JsonObject): JsonObject {
  const list = payload['certList'];
  if (!Array.isArray(list)) return payload;
  return { ...payload, certList: [...list, extraCertificate] };
}

const extraCertificate: JsonObject = {
  certificateID: 'not-granted',
  certificateType: '出生医学证明',
  certificateTypeCode: 'NOTGRANTED',
  issueDept: '样例机关',
  certificateNumber: '0',
  issueDate: '2020-01-01',
};

/** One byte changed in the middle: what arrives is no longer what was announced. */
export function distortDownload(faults: Faults, content: Uint8Array): Uint8Array {
  if (faults.wrongFileHash !== true) return content;
  const middle = content.length >> 1;
  return content.with(middle, (content[middle] ?? 0) ^ 1);
}

/** Files that announce, truthfully, the digest of something that is no document. */
export function distortFiles(faults: Faults, files: CertificateFiles): CertificateFiles {
  return {
    get: async (held) => {
      const file = await files.get(held);
      return faults.wrongFileMagic === true ? { ...file, content: noDocument, sm3: encodeHex(sm3(noDocument)) } : file;
    },
  };
}

const noDocument = encodeUtf8('<!doctype html><title>Gateway error</title>');
