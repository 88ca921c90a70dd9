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

/** An open document, whatever its format: the viewer knows nothing else of it. Pages count from 1. */
export interface SheetSource {
  readonly pages: number;
  /** Read when they are asked for: the first page comes before them. */
  fields(): Promise<readonly FileField[]>;
  size(page: number): Promise<SheetSize>;
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
