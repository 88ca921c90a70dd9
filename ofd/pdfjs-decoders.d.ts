declare module 'pdfjs-dist/image_decoders/pdf.image_decoders.mjs' {
  interface DecoderOptions {
    readonly useWasm: boolean;
    readonly useWorkerFetch: boolean;
    readonly wasmUrl: string;
    readonly getHandler: () => { readonly sendWithPromise: () => Promise<Uint8Array> };
  }
  export const Jbig2Image: {
    readonly instance: { decode(bytes: Uint8Array, width: number, height: number, globals: null, fax: null): Promise<Uint8Array> };
    setOptions(options: DecoderOptions): void;
  };
}
