import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['test/engine-fault.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          // The longest test takes 15 s alone; a machine that is ten times as busy makes none of them wrong.
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // The default of one second is a timed assertion.
          expect: { poll: { timeout: 20_000 } },
          maxWorkers: 2,
        },
      },
      {
        // Real devices, disks, processes and browser windows: one at a time, so that they do not starve one another.
        test: {
          name: 'native',
          setupFiles: ['test/engine-fault.ts'],
          include: ['native-test/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // What a page polls for comes every few seconds.
          expect: { poll: { timeout: 20_000 } },
          maxWorkers: 1,
        },
      },
    ],
  },
});
