import { defineInitializer } from './initializer.ts';

/** All zeros: right for a bias; for weights it leaves all units of a layer alike forever. */
export const zeros = defineInitializer({
  kind: 'zeros',
  help: 'All zeros; for a bias',
  config: {},
  fill: (values) => void values.fill(0)
});
