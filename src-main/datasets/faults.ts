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

const COPY = 'Change its permissions, or copy it to a folder of your own.';
const MOVE = 'Change its permissions, or set CAVIAR_HOME to a folder that can be written.';
const reasons: Record<string, [reason: string, remedyToRead: string, remedyToWrite: string]> = {
  ENOENT: ['it does not exist', 'Check the path.', 'Check the path.'],
  EACCES: ['permission is denied', COPY, MOVE],
  EPERM: ['permission is denied', COPY, MOVE],
  EROFS: ['the disk is read-only', COPY, MOVE],
  EISDIR: ['it is a folder', 'Name a file.', 'Remove it.'],
  ENOTFILE: ['it is a device or a pipe', 'Name a file.', 'Remove it.'],
  ENOTDIR: ['it is not a folder', 'Name the folder that holds the files.', MOVE]
};

/** A file or folder that the system does not let us read (or write). */
export function unreadable(file: string, error: unknown, doing: 'read' | 'write' = 'read'): LabError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LabError('disk_full', `${file} cannot be written: the disk is full. Free some space and try again.`, {
      file
    });
  const anew = 'Check the disk and try again.';
  const [reason, toRead, toWrite] = reasons[code] ?? [message, anew, anew];
  const says = doing === 'read' ? `read: ${reason}. ${toRead}` : `written: ${reason}. ${toWrite}`;
  return new LabError('unreadable_file', `${file} cannot be ${says}`, { file, system: code }, { cause: error });
}
