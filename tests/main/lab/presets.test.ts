import { describe, expect, it } from 'vitest';
import { findPreset, presetNames } from '../../../src-main/lab/presets.ts';

describe('the presets', () => {
  it('are found by their file names', async () => {
    expect(await presetNames()).toEqual(expect.arrayContaining(['fashion-5-layer', 'spiral', 'xor']));
    const { experiment } = await findPreset('fashion-5-layer');
    expect(experiment.network.nodes.filter(({ kind }) => kind === 'dense').map(({ units }) => units)).toEqual([
      ...[100, 100, 100, 100, 10]
    ]);
  });

  it('when misspelt are answered with the nearest one and all known ones', async () => {
    const known = await presetNames();
    await expect(findPreset('fashion-5-layers')).rejects.toMatchObject({
      code: 'preset_not_found',
      message: expect.stringContaining('Did you mean “fashion-5-layer”?') as string,
      details: { known }
    });
    await expect(findPreset('../package')).rejects.toMatchObject({ code: 'preset_not_found' });
  });
});
