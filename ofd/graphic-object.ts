import type { Box, Matrix } from './geometry.ts';
import type { XmlElement } from './xml.ts';

/** What every graphic object has (CT_GraphicUnit, GB/T 33190 8.5); null where the object says nothing and a draw parameter or the default counts. */
export interface ObjectBase {
  readonly id: string;
  /** Millimetres of the space around the object. */
  readonly boundary: Box;
  /** From the object's own space into the boundary. */
  readonly ctm: Matrix;
  /** 0 to 1. */
  readonly alpha: number;
  readonly blendMode: string | null;
  readonly drawParam: string | null;
  readonly line: LineStyle;
  readonly clips: XmlElement | null;
  readonly fillColor: XmlElement | null;
  readonly strokeColor: XmlElement | null;
}

/** How lines are drawn, as far as it is said. */
export interface LineStyle {
  readonly width: number | null;
  readonly join: string | null;
  readonly cap: string | null;
  readonly miterLimit: number | null;
  readonly dashOffset: number | null;
  readonly dashPattern: readonly number[] | null;
}

/** A path (clause 9). */
export interface PathObject extends ObjectBase {
  readonly kind: 'path';
  readonly stroke: boolean;
  readonly fill: boolean;
  readonly rule: 'nonzero' | 'evenodd';
  /** AbbreviatedData as written. */
  readonly data: string;
}

/** A text (clause 11). */
export interface TextObject extends ObjectBase {
  readonly kind: 'text';
  readonly font: string;
  /** Millimetres. */
  readonly size: number;
  readonly stroke: boolean;
  readonly fill: boolean;
  /** Widening of glyphs, 1 for none. */
  readonly hScale: number;
  /** Degrees clockwise. */
  readonly readDirection: number;
  readonly charDirection: number;
  /** 100 to 1000; 400 is regular. */
  readonly weight: number;
  readonly italic: boolean;
  readonly codes: readonly TextCode[];
  readonly glyphMaps: readonly GlyphMap[];
}

/** A run of characters with their positions (11.3), deltas as written. */
export interface TextCode {
  readonly x: number | null;
  readonly y: number | null;
  readonly deltaX: string | null;
  readonly deltaY: string | null;
  readonly text: string;
}

/** Characters that are drawn with glyphs of the font's own numbering (CGTransform, 11.4). */
export interface GlyphMap {
  /** The first character, counted over all runs of the object. */
  readonly position: number;
  readonly codeCount: number;
  readonly glyphs: readonly number[];
}

/** A picture (clause 10) in the unit square of its CTM. */
export interface ImageObject extends ObjectBase {
  readonly kind: 'image';
  readonly resource: string;
  readonly mask: string | null;
  readonly substitution: string | null;
  readonly border: XmlElement | null;
}

/** A composite unit put here (clause 13). */
export interface CompositeObject extends ObjectBase {
  readonly kind: 'composite';
  readonly resource: string;
}

/** Objects in a group (PageBlock, 7.7). */
export interface BlockObject {
  readonly kind: 'block';
  readonly id: string;
  readonly children: readonly GraphicObject[];
}

/** Whatever can stand on a page. */
export type GraphicObject = PathObject | TextObject | ImageObject | CompositeObject | BlockObject;
