import type * as v from 'valibot';
import type { FileVerifyReplySchema, FileVerifyRequestSchema } from '../../domain/contracts/sharing.ts';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { printResult } from '../../domain/success.ts';
import { answer, type Outcome, refuse } from '../outcome.ts';
import type { Storage } from '../storage/database.ts';
import type { PublishedLists } from './published-lists.ts';

/** Table 8, output. */
export type FileVerifyReply = v.InferOutput<typeof FileVerifyReplySchema>;

/** A check of the signatures inside a file; handed in by whoever starts the platform. */
export interface FileSignatures {
  /** Whether all signatures hold, cover all that is shown, and are of an issuer that is known; false for a file without any. */
  vouchFor(file: { readonly bytes: Uint8Array; readonly format: 'PDF' | 'OFD' }): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * 12.1.10 电子证照文件核验: whether a file is, byte for byte, one that was issued here, found in the register of issued files
 * by its SM3, or one that a known issuer signed. `result` 0 says no; a matter that is not linked and a file that is no BASE64
 * are refused instead.
 */
export async function verifyFile(
  deps: { readonly storage: Storage; readonly lists: Pick<PublishedLists, 'read'>; readonly signatures?: Pick<FileSignatures, 'vouchFor'> | undefined },
  request: v.InferOutput<typeof FileVerifyRequestSchema>,
): Promise<Outcome<FileVerifyReply>> {
  const refusal = (await deps.lists.read()).rules.check(request);
  if (refusal !== null) return refusal;
  const content = decodeBase64(request.fileEntity);
  if (content === null) return refuse('13', 'fileEntity');
  const issued = await deps.storage.db
    .selectFrom('certificate_file')
    .select('certificate_key')
    .where('file_sm3', '=', encodeHex(sm3(content)))
    .where('file_format', '=', request.fileFormat)
    .executeTakeFirst();
  const isAuthentic = issued !== undefined || (await deps.signatures?.vouchFor({ bytes: content, format: request.fileFormat })) === true;
  return answer({ result: printResult(isAuthentic) });
}
