import { refusal, shapeText, type Refusal } from '../contract/refusal.ts';
import { sizeOf, type Shape } from '../plan/program.ts';

/** Said by layers that take [N] alone, of anything else. */
export const needsRow = (code: 'needs-row' | 'needs-word-row', kind: string, x: Shape): Refusal =>
  refusal(code, { kind, expected: shapeText([sizeOf(x)]), actual: shapeText(x) }, [
    { before: { kind: 'flatten' } },
    ...(code === 'needs-row' ? [{ before: { kind: 'global-average-pool' } }] : [])
  ]);
