import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../src-worker/contract/json-patch.ts';
import { messageOf } from '../../src-worker/contract/problems.ts';
import { mended } from '../../src-worker/report/mend.ts';
import { reportOf } from '../../src-worker/report/report.ts';
import { describedDatasets } from '../support/datasets.ts';
import cases from './broken.json' with { type: 'json' };

/** Where shapes, and not limits or counts of wires, are concerned. */
const isShape = (text: string | null) => text !== null && /^\d+(×\d+)*$/.test(text);

describe('thirty broken networks', () => {
  it.each(cases)('$title', ({ spec, layer, code, expected, actual, fix }) => {
    const [first] = reportOf(spec, describedDatasets).problems;
    expect(first).toMatchObject({ node: layer, code, expected, actual });
    for (const text of [expected, actual]) if (isShape(text)) expect(messageOf(first!)).toContain(text);
    if (fix !== null) expect(first!.fixes.map(({ label }) => label)).toContain(fix);
    const after = applyPatch(spec as unknown, first!.fixes[0]!.patch);
    expect(reportOf(after, describedDatasets).problems).toEqual([]);
    expect(mended(spec, describedDatasets).report.problems).toEqual([]);
  });

  it('are thirty, each of its own', () => expect(new Set(cases.map(({ title }) => title)).size).toBe(30));
});
