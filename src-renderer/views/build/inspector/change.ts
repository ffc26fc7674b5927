/** Settings of this kind as they are unless they are said. */
export const standardOf = (kind: string, config: Readonly<Record<string, { readonly default: unknown }>>) => ({
  kind,
  ...Object.fromEntries(Object.entries(config).map(([name, field]) => [name, field.default]))
});
