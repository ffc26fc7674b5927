import { describe, expect, it } from 'vitest';
import { clipFields, frameFields } from '../../../src-worker/graph/frame-fields.ts';

describe('the settings of the frame', () => {
  it('have the limits and defaults of the schema', () => {
    expect(frameFields.training.batchSize).toMatchObject({
      ...{ type: 'number', integer: true, default: 128, min: 1, max: 65_536, scale: 'log', nullable: false }
    });
    expect(frameFields['data.split'].dev).toMatchObject({
      default: 0.1,
      min: 0,
      exclusiveMin: false,
      max: 1,
      exclusiveMax: true
    });
    expect(frameFields[''].seed).toMatchObject({ default: 42, max: 0xffffffff });
    expect(frameFields['training.regularize'].form).toMatchObject({ type: 'choice', default: 'half' });
    expect(frameFields['training.earlyStopping'].restoreBest).toMatchObject({ type: 'flag', default: true });
  });

  it('may be switched off where null is allowed', () => {
    expect(frameFields.data.limit).toMatchObject({ nullable: true, min: 10, integer: true });
    expect(frameFields['training.regularize'].maxNorm).toMatchObject({ nullable: true, min: 0, exclusiveMin: true });
  });

  it('leave out what has parts of its own', () => {
    expect(Object.keys(frameFields.data)).toEqual(['limit', 'normalize', 'normalizeTargets']);
    expect(Object.keys(clipFields)).toEqual(['norm', 'value']);
    expect(Object.keys(clipFields['norm']!)).toEqual(['limit', 'per']);
  });
});
