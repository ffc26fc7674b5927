/** TeX as MathML, which the browser draws itself: no fonts, nothing fetched. The renderer is loaded when the first formula is shown. */
type Render = (tex: string, options: { displayMode: boolean }) => string;

let loading: Promise<Render> | null = null;

const load = (): Promise<Render> =>
  (loading ??= import('temml').then(
    ({ default: temml }) =>
      (tex, options) =>
        temml.renderToString(tex, options)
  ));

/** One formula a line. */
export async function mathmlOf(tex: string): Promise<string[]> {
  const render = await load();
  return tex.split('\n').map((line) => render(line, { displayMode: true }));
}
