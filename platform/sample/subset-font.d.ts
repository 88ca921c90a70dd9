declare module 'subset-font' {
  interface SubsetOptions {
    targetFormat?: 'truetype';
    keepAllGlyphs?: boolean;
    variationAxes?: Record<string, number>;
    noHinting?: boolean;
    dropTables?: string[];
  }
  export default function subsetFont(font: Uint8Array, text: string, options?: SubsetOptions): Promise<Uint8Array>;
}
