import { number } from '../contract/fields.ts';
import { defineInitializer } from './initializer.ts';

/** One value everywhere: to see that units which start alike stay alike. */
export const constant = defineInitializer({
  kind: 'constant',
  help: 'One value everywhere',
  config: { value: number(0, 'The value') },
  fill: (values, _, { value }) => void values.fill(value)
});
