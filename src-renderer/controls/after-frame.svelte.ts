/** What takes its time to find: looked for after the frame that shows what it is of. For components. */

/** `found` is undefined until then, and again when `source` is another. */
export function afterFrame<S extends object, F>(source: () => S, find: (source: S) => F) {
  let last = $state.raw<{ readonly source: S; readonly found: F }>();
  $effect(() => {
    const of = source();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => (last = { source: of, found: find(of) }));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  });
  return {
    get found(): F | undefined {
      return last?.source === source() ? last.found : undefined;
    }
  };
}
