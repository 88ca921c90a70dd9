import { defineConfig } from 'vite';

// The preload script: one CommonJS file, because a sandboxed preload script cannot be an ES module.
export default defineConfig({
  publicDir: false,
  build: {
    ssr: 'preload/preload.ts',
    target: 'chrome130',
    outDir: 'dist/preload',
    emptyOutDir: true,
    rollupOptions: { external: ['electron'], output: { format: 'cjs', entryFileNames: 'preload.cjs' } },
  },
});
