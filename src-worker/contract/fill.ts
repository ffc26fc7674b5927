export type Params = Readonly<Record<string, string | number>>;

/**
 * Puts values into a message. `{name}` is the value of `name`; `{runs:run|runs}` is the word that goes with the number `runs`, the
 * first for what the language counts as one. A value that is not given stays visible as `{name}`.
 */
export function fill(message: string, params: Params, language: string): string {
  return message.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, other?: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (one === undefined) return String(value);
    return (new Intl.PluralRules(language).select(Number(value)) === 'one' ? one : other) ?? '';
  });
}
