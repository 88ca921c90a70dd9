import { builtinModules } from 'node:module';
import { existsSync } from 'node:fs';
import { defineConfig } from 'vite';

// The programs: command line, Electron shell and workers, one file each. Packages stay in node_modules, because some carry
// native parts and others (fonts, WebAssembly) are read as files beside them.
const entries = {
  cli: 'main/cli.ts',
  electron: 'main/electron.ts',
  'store-worker': 'main/store/worker.ts',
  'backup-worker': 'main/store/backup-worker.ts',
  'document-worker': 'main/documents/document-worker.ts',
  'document-process': 'main/documents/document-process.ts',
  'slot-worker': 'main/access/slot-worker.ts',
  'signer-worker': 'main/access/signer-worker.ts',
  'key-process': 'main/usb-key/key-process.ts',
  'drawing-worker': 'platform/sharing/drawing-worker.ts',
};

export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist/main',
    emptyOutDir: true,
    rollupOptions: {
      input: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
      external: [/^node:/, ...builtinModules, 'electron', /^[^./]/],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  ssr: { noExternal: [/^\.\.?\//] },
});
