import type { Result } from '../../domain/failure.ts';
import type { FileContents } from './file-contents.ts';
import type { RenderInput, RenderedSheet, Rendering } from './page-rendering.ts';
import type { SignatureResult, SignedFile } from './signature-check.ts';
import type { CopyInput, WatermarkedCopy } from './watermarked-copy.ts';

/** A question after signatures; anchors as DER, because parsed certificates are made where they are used. */
export interface VerifyInput extends SignedFile {
  readonly anchors: readonly Uint8Array[];
  /** Lists of revoked certificates, DER. */
  readonly revocationLists?: readonly Uint8Array[];
  readonly now: number;
}

/** A piece of work on a file that nobody vouches for. */
export type DocumentTask =
  | { readonly kind: 'copy'; readonly input: CopyInput }
  | { readonly kind: 'verify'; readonly input: VerifyInput }
  | { readonly kind: 'render'; readonly input: RenderInput }
  | { readonly kind: 'describe'; readonly input: SignedFile };
/** What a worker is told: a piece of work, or that there is no more. */
export type DocumentMessage = DocumentTask | { readonly kind: 'end' };
/** What comes of it. */
export type DocumentResult = Result<WatermarkedCopy | SignatureResult | Rendering | FileContents>;
/** What a worker says: that it is at work, a page as soon as it is there, and at last the result. */
export type DocumentReply = { readonly kind: 'page' } | { readonly kind: 'sheet'; readonly sheet: RenderedSheet } | { readonly kind: 'done'; readonly result: DocumentResult };
