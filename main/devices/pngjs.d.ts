declare module 'pngjs' {
  export const PNG: {
    readonly sync: {
      read(bytes: Uint8Array): { readonly width: number; readonly height: number; readonly data: Uint8Array };
      write(
        picture: { readonly width: number; readonly height: number; readonly data: Uint8Array },
        options: { readonly colorType: 0; readonly inputColorType: 0; readonly inputHasAlpha: false },
      ): Uint8Array;
    };
  };
}
