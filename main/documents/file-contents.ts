import type { DocumentPermissions, NamedFont } from '../../ofd/index.ts';

/** A value that a file states of itself, and where: `custom-data`, `custom-tag`, `attachment`, `form`, `info`. */
export interface StatedField {
  readonly source: string;
  readonly name: string;
  readonly value: string;
}

/** Sides of a page in millimetres, as it is looked at, to a hundredth. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** A file inside the file; `bytes` is null when it is named and not there, or its size is not known. */
export interface AttachedFile {
  readonly name: string;
  readonly format: string | null;
  readonly bytes: number | null;
}

/** What the file says about its making; dates as written. */
export interface FileProperties {
  readonly id: string | null;
  readonly title: string | null;
  readonly author: string | null;
  readonly subject: string | null;
  readonly created: string | null;
  readonly modified: string | null;
  readonly producer: string | null;
}

/** One document of the package with the versions that it keeps. */
export interface ListedDocument {
  readonly title: string | null;
  /** Null when it cannot be opened; the reason is in `refused`. */
  readonly pages: number | null;
  readonly refused: string | null;
  /** The version that is shown; null for the plain root. */
  readonly version: string | null;
  readonly versions: readonly { readonly id: string; readonly name: string | null; readonly created: string | null; readonly current: boolean }[];
}

/** Something that the file would lead to; nothing is ever followed. Pages count from 1. */
export interface FileLink {
  readonly kind: string;
  readonly onPage: number | null;
  readonly toPage: number | null;
  readonly target: string | null;
}

/** What a file holds beside its signatures; every text in it is hostile. */
export interface FileContents {
  readonly pages: number;
  /** Of the first thousand pages. */
  readonly sizes: readonly (PageSize | null)[];
  readonly documents: readonly ListedDocument[];
  readonly title: string | null;
  readonly producer: string | null;
  readonly properties: FileProperties;
  readonly fields: readonly StatedField[];
  readonly attachments: readonly AttachedFile[];
  readonly fonts: readonly NamedFont[];
  /** What of its format the file makes use of, in plain words. */
  readonly features: readonly string[];
  readonly links: readonly FileLink[];
  readonly bookmarks: readonly string[];
  /** Null where a PDF restricts nothing. */
  readonly permissions: DocumentPermissions | PdfPermissions | null;
  /** Parts that are named and missing or broken, as codes. */
  readonly defects: readonly string[];
}

/** What an encrypted PDF allows whoever opens it without the owner's password (ISO 32000-1, table 22). */
export interface PdfPermissions {
  readonly print: boolean;
  readonly edit: boolean;
  readonly copy: boolean;
  readonly annotate: boolean;
}
