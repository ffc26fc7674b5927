import { expect, it } from 'vitest';
import { badFile, unreadable } from '../../../src-main/datasets/faults.ts';

it('tells a full disk from a file that cannot be written', () => {
  expect(unreadable('/x', { code: 'ENOSPC' }, 'write')).toMatchObject({
    code: 'disk_full',
    message: '/x cannot be written: the disk is full. Free some space and try again.'
  });
  expect(unreadable('/x', { code: 'EROFS' }, 'write')).toMatchObject({
    code: 'unreadable_file',
    message:
      '/x cannot be written: the disk is read-only. Change its permissions, or set CAVIAR_HOME to a folder that can be written.'
  });
});

it('passes on what the system says where it knows no better', () => {
  expect(unreadable('/x', { code: 'EIO', message: 'input/output error' }).message).toBe(
    '/x cannot be read: input/output error. Check the disk and try again.'
  );
});

it('names file, fault, what was expected, what was found and what to do', () => {
  expect(badFile('/x', 'It is odd', '2', '3', 'Mend it.')).toMatchObject({
    code: 'bad_dataset',
    message: '/x: It is odd. Expected 2, found 3. Mend it.',
    details: { file: '/x', what: 'It is odd', expected: '2', found: '3' }
  });
});
