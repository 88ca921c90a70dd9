import type { OfdFailureCode } from '../../ofd/result.ts';
import type { DocumentChoices, DocumentPick, FileField, OutlineLine, SheetLink, SheetSize, SheetSpot, SheetText } from './sheet-source.ts';

/** Window to worker; the first request opens the document. Pages count from 1. */
export type OfdRequest =
  | { readonly id: number; readonly type: 'open'; readonly bytes: Uint8Array; readonly pick: DocumentPick }
  | { readonly id: number; readonly type: 'fields' }
  | { readonly id: number; readonly type: 'outline' }
  | { readonly id: number; readonly type: 'links'; readonly page: number }
  | { readonly id: number; readonly type: 'size'; readonly page: number }
  | { readonly id: number; readonly type: 'draw'; readonly page: number; readonly ratio: number }
  | { readonly id: number; readonly type: 'text'; readonly page: number };

/** What each kind of request gives. */
export interface OfdAnswers {
  readonly open: { readonly pages: number; readonly choices: DocumentChoices };
  readonly fields: readonly FileField[];
  readonly outline: readonly OutlineLine[];
  readonly links: readonly SheetLink[];
  /** With the corner of the page in millimetres of its own coordinates. */
  readonly size: SheetSize & { readonly corner: SheetSpot };
  readonly draw: ImageBitmap;
  readonly text: readonly SheetText[];
}

/** Worker to window; a request without an answer means that the document hangs. */
export type OfdAnswer =
  | { readonly id: number; readonly ok: true; readonly value: OfdAnswers[keyof OfdAnswers] }
  | { readonly id: number; readonly ok: false; readonly code: OfdFailureCode };
