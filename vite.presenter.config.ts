import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** Builds the presenter page into `dist/presenter`: relative addresses, nothing inlined, so that a strict CSP holds. */
export default defineConfig({
  root: path.join(root, 'platform', 'presenter'),
  base: './',
  plugins: [react()],
  build: {
    outDir: path.join(root, 'dist', 'presenter'),
    emptyOutDir: true,
    target: ['chrome111', 'safari16.4', 'firefox121'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
