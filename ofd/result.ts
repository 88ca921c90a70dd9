/** Why a package, or a part of it, is refused: the closed list. The part before the stroke says which stage refused. */
export type OfdFailureCode =
  | 'package/not-a-zip'
  | 'package/damaged'
  | 'package/too-large'
  | 'package/too-many-entries'
  | 'package/entry-too-large'
  | 'package/unsafe-name'
  | 'package/duplicate-name'
  | 'package/encrypted'
  | 'package/link'
  | 'package/unknown-compression'
  | 'package/entry-missing'
  | 'xml/malformed'
  | 'xml/doctype'
  | 'xml/too-deep'
  | 'xml/too-large'
  | 'document/not-ofd'
  | 'document/no-pages'
  | 'document/no-version'
  | 'page/missing'
  | 'page/too-many-objects'
  | 'page/too-large';

/** A refusal as a value; `detail` is for technicians: an entry name or a count, never text of the document. */
export interface OfdFailure {
  readonly code: OfdFailureCode;
  readonly detail?: string;
}

/** The two outcomes of every reading call of this library; nothing here throws for what a file contains. */
export type OfdResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: OfdFailure };

/** The good outcome. */
export const done = <T>(value: T): OfdResult<T> => ({ ok: true, value });

/** The refusal. */
export const refuse = (code: OfdFailureCode, detail?: string): { ok: false; failure: OfdFailure } => ({
  ok: false,
  failure: detail === undefined ? { code } : { code, detail },
});
