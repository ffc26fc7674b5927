import type { Dataset } from '../../src-worker/contract/dataset.ts';
import { loadDataset } from '../client/datasets.ts';

/** The dataset of a picture: null until it is loaded. Called while a component is made. */
export function shownDataset(nameOf: () => string): { readonly current: Dataset | null } {
  let dataset = $state.raw<Dataset | null>(null);
  $effect(() => {
    const name = nameOf();
    let isWanted = true;
    dataset = null;
    loadDataset(name).then(
      (loaded) => isWanted && (dataset = loaded),
      (error: unknown) => console.warn(`No picture of “${name}”.`, error) // the run itself will say why
    );
    return () => (isWanted = false);
  });
  return {
    get current() {
      return dataset;
    }
  };
}
