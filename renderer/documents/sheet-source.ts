/** Width and height of a page in CSS pixels at 100 %: 96 to the inch. */
export interface SheetSize {
  readonly width: number;
  readonly height: number;
}

/** One line of text on a page, CSS pixels at 100 %; x and y are the beginning of its base line, the angle degrees clockwise. */
export interface SheetText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  readonly angle: number;
}

/** A value that the file itself states. */
export interface FileField {
  readonly name: string;
  readonly value: string;
}

/** A place on a page in the coordinates of its file; what is left open is null. */
export interface GoalPlace {
  readonly left: number | null;
  readonly top: number | null;
}

/** A place on a page, CSS pixels at 100 %. */
export interface SheetSpot {
  readonly x: number;
  readonly y: number;
}

/** Goes to a page, or to a place on it. */
export type GoTo = (page: number, place?: GoalPlace | null) => void;

/** An entry of the outline, or a named place; `page` is null where it leads to none. */
export interface OutlineLine {
  readonly kind: 'outline' | 'bookmark';
  readonly title: string;
  readonly page: number | null;
  /** Where on the page; null for all of it. */
  readonly goal: GoalPlace | null;
  /** How deep it stands, from 0. */
  readonly level: number;
}

/** Something on a page that would lead elsewhere: to a page, which may be followed, or out of the document, which is only told. */
export interface SheetLink {
  readonly kind: 'page' | 'address' | 'attachment' | 'sound' | 'movie';
  readonly page: number | null;
  /** Where on that page; null for all of it. */
  readonly goal: GoalPlace | null;
  /** What the document names as its goal: hostile text. */
  readonly target: string | null;
  /** CSS pixels at 100 %; null for the whole page. */
  readonly place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null;
}

/** Which document of a file, from 0, and which of its versions; null for the current one. */
export interface DocumentPick {
  readonly document: number;
  readonly version: string | null;
}

/** What there is to choose from; a file of one document in one version has one title and no versions. */
export interface DocumentChoices {
  readonly titles: readonly (string | null)[];
  readonly versions: readonly { readonly id: string; readonly name: string | null; readonly created: string | null; readonly isCurrent: boolean }[];
  /** The version that is open. */
  readonly version: string | null;
}

/** An open document, whatever its format: the viewer knows nothing else of it. Pages count from 1. */
export interface SheetSource {
  readonly pages: number;
  readonly choices: DocumentChoices;
  outline(): Promise<readonly OutlineLine[]>;
  links(page: number): Promise<readonly SheetLink[]>;
  /** Read when they are asked for: the first page comes before them. */
  fields(): Promise<readonly FileField[]>;
  size(page: number): Promise<SheetSize>;
  /** Where a place lies on the page as it is drawn; what it leaves open is the edge. */
  locate(page: number, place: GoalPlace): Promise<SheetSpot>;
  /** The page as a picture, so many device pixels to one CSS pixel; a too large page comes with fewer. */
  draw(page: number, ratio: number): Promise<CanvasImageSource & { readonly width: number; readonly height: number }>;
  text(page: number): Promise<readonly SheetText[]>;
  close(): void;
}

/** Why a document cannot be shown: the part of its reading that refused it, or that it took too long. */
export type SheetRefusal = 'package' | 'xml' | 'document' | 'page' | 'damaged' | 'too-slow';

/** What a source rejects with. */
export class SheetError extends Error {
  readonly refusal: SheetRefusal;

  constructor(refusal: SheetRefusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

/** The reason behind a rejection; anything unforeseen means a damaged file. */
export function refusalOf(error: unknown): SheetRefusal {
  return error instanceof SheetError ? error.refusal : 'damaged';
}
