/** The errors of this room: each names the file, what is wrong, what was expected, what was found, and what to do. */
import { LabError } from '../../src-worker/contract/errors.ts';

/** A file that can be read but does not hold what it should. */
export function badFile(
  file: string,
  what: string,
  expected: string,
  found: string,
  remedy = 'Get the file again.'
): LabError {
  return new LabError('bad_dataset', `${file}: ${what}. Expected ${expected}, found ${found}. ${remedy}`, {
    file,
    what,
    expected,
    found
  });
}

const reasons: Record<string, [reason: string, remedy: string]> = {
  ENOENT: ['it does not exist', 'Check the path.'],
  EACCES: ['permission is denied', 'Change its permissions, or copy it to a folder of your own.'],
  EPERM: ['permission is denied', 'Change its permissions, or copy it to a folder of your own.'],
  EISDIR: ['it is a folder', 'Name a file.'],
  ENOTFILE: ['it is a device or a pipe', 'Name a file.'],
  ENOTDIR: ['it is not a folder', 'Name the folder that holds the files.'],
  EROFS: ['the disk is read-only', 'Set CAVIAR_HOME to a folder that can be written.']
};

/** A file or folder that the system does not let us read (or write). */
export function unreadable(file: string, error: unknown, doing: 'read' | 'write' = 'read'): LabError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LabError('disk_full', `${file} cannot be written: the disk is full. Free some space and try again.`, {
      file
    });
  const [reason, remedy] = reasons[code] ?? [message, 'Check the disk and try again.'];
  const verb = doing === 'read' ? 'read' : 'written';
  return new LabError(
    'unreadable_file',
    `${file} cannot be ${verb}: ${reason}. ${remedy}`,
    { file, system: code },
    { cause: error }
  );
}
