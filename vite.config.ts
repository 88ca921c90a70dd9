import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const root = import.meta.dirname;

/** Builds the window into `dist/window`: relative addresses, nothing inlined as a data: URL, so that a strict CSP holds. */
export default defineConfig({
  root: path.join(root, 'renderer'),
  base: './',
  plugins: [react(), copyPdfResources()],
  build: {
    outDir: path.join(root, 'dist', 'window'),
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    chunkSizeWarningLimit: 1200,
  },
  worker: { format: 'es' },
});

/** Character maps, standard fonts and decoders that pdf.js asks for by name: copied beside the window, never fetched from afar. */
function copyPdfResources(): Plugin {
  const from = path.join(root, 'node_modules', 'pdfjs-dist');
  return {
    name: 'copy-pdf-resources',
    generateBundle() {
      for (const folder of ['cmaps', 'standard_fonts', 'wasm', 'iccs'])
        for (const name of readdirSync(path.join(from, folder))) {
          if (name.startsWith('quickjs')) continue; // scripting inside documents is never run
          this.emitFile({ type: 'asset', fileName: `pdfjs/${folder}/${name}`, source: readFileSync(path.join(from, folder, name)) });
        }
    },
  };
}
