/** Every golden case on one backend, each as a test. */
import { describe, expect, it } from 'vitest';
import type { Backend, BackendHost } from '../../src-worker/backends/backend.ts';
import { runCase } from '../../src-worker/verify/verify.ts';
import { plainHost } from '../support/backends.ts';
import { casesOf, goldenFiles, type Listed } from './read.ts';

export interface Way {
  readonly backend: Backend;
  readonly host?: BackendHost;
  readonly threads?: number;
  /** Which cases; all unless it is said. */
  readonly only?: (listed: Listed) => boolean;
}

const files = await goldenFiles();

export function runAll(title: string, { backend, host = plainHost, threads = 1, only = () => true }: Way): void {
  describe(title, () => {
    it.each(casesOf(files).filter(only))(
      '$name',
      async ({ file, one }) => {
        const result = await runCase(file, one, { backend, host, threads, files });
        expect(result, JSON.stringify(result)).toMatchObject({ status: 'passed' });
      },
      120_000
    );
  });
}
