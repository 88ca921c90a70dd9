declare module 'pdfjs-dist/image_decoders/pdf.image_decoders.mjs' {
  interface DecoderOptions {
    readonly useWasm: boolean;
    readonly useWorkerFetch: boolean;
    readonly wasmUrl: string;
    readonly getHandler: () => { readonly sendWithPromise: (message: string, asked: { readonly filename: string }) => Promise<Uint8Array | null> };
  }
  export const Jbig2Image: {
    readonly instance: { decode(bytes: Uint8Array, width: number, height: number, globals: null, fax: null): Promise<Uint8Array> };
    setOptions(options: DecoderOptions): void;
  };
  export const JpxImage: {
    readonly instance: { decode(bytes: Uint8Array): Promise<Uint8ClampedArray> };
  };
}
