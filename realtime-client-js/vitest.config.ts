import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Real sockets on a busy machine: a condition may take a while, a hang must still end.
    testTimeout: 15_000,
  },
});
