/** Drafts and moments of Build as they are looked at: each brings the page there from wherever it is. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect } from './lab.ts';

type Node = { id: string; kind: string; [setting: string]: unknown };
type Wire = [string, string];

const preset = (name: string) =>
  (JSON.parse(readFileSync(`resources/presets/${name}.json`, 'utf8')) as { experiment: Record<string, unknown> })
    .experiment;

const small = preset('small-cnn') as { network: { nodes: Node[]; edges: Wire[] } };

const withNetwork = (name: string, nodes: Node[], edges: Wire[]) => ({ ...small, name, network: { nodes, edges } });

const chain = (nodes: readonly Node[]): Wire[] => nodes.slice(1).map(({ id }, i) => [nodes[i]!.id, id]);

function broken() {
  const { nodes, edges } = small.network;
  const flatten = nodes.find(({ kind }) => kind === 'flatten')!.id;
  const before = edges.find(([, to]) => to === flatten)![0];
  const joined = edges
    .filter(([, to]) => to !== flatten)
    .map(([from, to]): Wire => [from === flatten ? before : from, to]);
  return withNetwork(
    'without flatten',
    nodes.filter(({ id }) => id !== flatten),
    joined
  );
}

function long() {
  const nodes: Node[] = [
    { id: 'input', kind: 'input' },
    {
      id: 'the-first-convolution-of-the-whole-network-with-a-very-long-name',
      kind: 'conv2d',
      filters: 1024,
      kernel: 11
    },
    { id: 'global-average-over-everything-that-has-been-found-until-here', kind: 'global-average-pool' },
    { id: 'a-dense-layer-with-many-more-units-than-anybody-needs-for-this', kind: 'dense', units: 123456 },
    { id: 'out', kind: 'dense', units: 9 }
  ];
  return withNetwork('an experiment whose name is as long as a sentence can be', nodes, chain(nodes));
}

function branches() {
  const conv = (id: string, kernel: number): Node => ({ id, kind: 'conv2d', filters: 8, kernel, padding: 'same' });
  const nodes: Node[] = [
    { id: 'input', kind: 'input' },
    conv('stem', 3),
    ...[conv('one', 1), conv('three', 3), conv('five', 5)],
    { id: 'all', kind: 'concat' },
    conv('mix', 1),
    { id: 'sum', kind: 'add' },
    { id: 'mean', kind: 'global-average-pool' },
    { id: 'out', kind: 'dense', units: 10 }
  ];
  const edges: Wire[] = [
    ['input', 'stem'],
    ...['one', 'three', 'five'].flatMap((id): Wire[] => [
      ['stem', id],
      [id, 'all']
    ]),
    ...(['all>mix', 'mix>sum', 'stem>sum', 'sum>mean', 'mean>out'].map((wire) => wire.split('>')) as Wire[])
  ];
  return withNetwork('branches', nodes, edges);
}

function large() {
  const hidden = Array.from({ length: 29 }, (_, i): Node[] => [
    { id: `h${i}`, kind: 'dense', units: 32 },
    { id: `a${i}`, kind: 'relu' }
  ]).flat();
  const nodes: Node[] = [
    { id: 'input', kind: 'input' },
    { id: 'flat', kind: 'flatten' },
    ...hidden,
    { id: 'out', kind: 'dense', units: 10 }
  ];
  return withNetwork('sixty layers', nodes, chain(nodes));
}

/** A file of it, dropped on the window. */
export async function openExperiment(page: Page, experiment: unknown): Promise<void> {
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'scene.json'));
    return transfer;
  }, JSON.stringify(experiment));
  const { name } = experiment as { name: string };
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
  await expect(page.getByRole('banner').getByText(name, { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
}

const card = (page: Page, id: string) => page.locator(`.svelte-flow__node[data-id="${id}"]`);

export const scenes: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  preset: (page) => openExperiment(page, preset('residual-block')),
  empty: (page) => openExperiment(page, withNetwork('nothing yet', [{ id: 'input', kind: 'input' }], [])),
  broken: (page) => openExperiment(page, broken()),
  async lint(page) {
    await openExperiment(page, preset('deep-linear'));
    await page.locator('.mark').last().click();
  },
  long: (page) => openExperiment(page, long()),
  async chosen(page) {
    await openExperiment(page, branches());
    await card(page, 'mix').click();
  },
  large: (page) => openExperiment(page, large()),
  async text(page) {
    await openExperiment(page, preset('lenet-5'));
    await page.locator('[data-inspector] header label').last().click();
    await expect(page.locator('.cm-content')).toBeVisible();
  }
};
