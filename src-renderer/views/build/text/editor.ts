/** The editor component around CodeMirror: an experiment's text with completion, help and marks. */
import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult
} from '@codemirror/autocomplete';
import { defaultKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { bracketMatching, foldGutter, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { Annotation, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  type Tooltip
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { parseJson, placeAt } from './json-places.ts';
import { leastChange } from './json-text.ts';
import { helpAt, suggestionsAt, type Known } from './suggestions.ts';

export interface Editor {
  /** What is written. */
  text(): string;
  /** From outside: where nothing differs the cursor stays. */
  show(text: string): void;
  mark(diagnostics: readonly Diagnostic[]): void;
  /** What keeps the text from being JSON; null where nothing does. */
  fault(): Diagnostic | null;
  close(): void;
}

interface Options {
  readonly label: string;
  readonly text: string;
  known(): Known;
  typed(text: string): void;
  undo(): void;
  redo(): void;
}

/** A change that did not come from the keyboard. */
const fromOutside = Annotation.define<boolean>();

export function openEditor(parent: HTMLElement, options: Options): Editor {
  const view = new EditorView({
    parent,
    state: EditorState.create({ doc: options.text, extensions: extensionsOf(options) })
  });
  // What scrolls must be reached by keyboard, also where nothing in it has the focus.
  view.scrollDOM.tabIndex = 0;
  const text = () => view.state.doc.toString();
  return {
    text,
    show(next) {
      const change = leastChange(text(), next);
      if (change) view.dispatch({ changes: change, annotations: fromOutside.of(true) });
    },
    mark: (diagnostics) => view.dispatch(setDiagnostics(view.state, diagnostics)),
    fault: () => jsonParseLinter()(view)[0] ?? null,
    close: () => view.destroy()
  };
}

function extensionsOf({ label, known, typed, undo, redo }: Options): Extension {
  const act = (work: () => void) => () => {
    work();
    return true;
  };
  return [
    lineNumbers(),
    foldGutter(),
    lintGutter(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label }),
    json(),
    syntaxHighlighting(colours),
    theme,
    autocompletion({ override: [(context) => complete(context, known())], activateOnTyping: true }),
    hoverTooltip((view, at) => helpTooltip(view, at, known())),
    // The draft's own history knows every edit, also those of the canvas.
    keymap.of([
      { key: 'Tab', run: acceptCompletion },
      { key: 'Mod-z', run: act(undo) },
      { key: 'Mod-y', run: act(redo) },
      { key: 'Mod-Shift-z', run: act(redo) },
      ...lintKeymap,
      ...defaultKeymap
    ]),
    EditorView.updateListener.of(({ docChanged, transactions, state }) => {
      if (docChanged && !transactions.some((one) => one.annotation(fromOutside))) typed(state.doc.toString());
    })
  ];
}

function complete({ state, pos, explicit }: CompletionContext, known: Known): CompletionResult | null {
  const text = state.doc.toString();
  const place = placeAt(parseJson(text), text, pos);
  if (!place) return null;
  const { from, to } = place.range;
  if (!explicit && from === to) return null;
  const hasValue = /^\s*:/.test(text.slice(to));
  return {
    from,
    to,
    filter: false,
    options: matching(suggestionsAt(place, known), text.slice(from, pos).replaceAll('"', '')).map((suggestion) => ({
      label: suggestion.label,
      apply: place.what === 'name' && hasValue ? JSON.stringify(suggestion.label) : suggestion.text,
      type: place.what === 'name' ? 'property' : 'constant',
      ...(suggestion.detail && { detail: suggestion.detail }),
      ...(suggestion.info && { info: suggestion.info })
    }))
  };
}

/** Those that begin with what is written, then those that have it inside. */
function matching<T extends { readonly label: string }>(suggestions: readonly T[], written: string): T[] {
  const wanted = written.toLowerCase();
  const placeOf = ({ label }: T) => label.toLowerCase().indexOf(wanted);
  return suggestions
    .filter((one) => placeOf(one) >= 0)
    .toSorted((a, b) => Number(placeOf(a) > 0) - Number(placeOf(b) > 0));
}

function helpTooltip(view: EditorView, at: number, known: Known): Tooltip | null {
  const text = view.state.doc.toString();
  const line = view.state.doc.lineAt(at);
  const found = [...line.text.matchAll(/"(\w+)"\s*:/g)].find(({ index, 1: name }) => {
    const from = line.from + index;
    return at >= from && at <= from + name!.length + 2;
  });
  if (!found) return null;
  const from = line.from + found.index;
  const place = placeAt(parseJson(text), text, from);
  const help = place ? helpAt(place, found[1]!, known) : [];
  if (help.length === 0) return null;
  return {
    pos: from,
    end: from + found[1]!.length + 2,
    create() {
      const dom = document.createElement('div');
      dom.className = 'help';
      dom.append(...help.map((sentence) => Object.assign(document.createElement('p'), { textContent: sentence })));
      return { dom };
    }
  };
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--ink-1)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--accent)' },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: 'var(--ink-3)' }
]);

const theme = EditorView.theme({
  '&': { height: '100%', fontSize: 'var(--text-s)', color: 'var(--ink-1)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--ink-1)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink-1)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-3)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 2px 0 6px', minWidth: '24px' },
  '.cm-foldGutter .cm-gutterElement': { padding: '0 3px', color: 'var(--ink-3)' },
  '.cm-gutter-lint': { width: '12px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--surface-3) 45%, transparent)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft)'
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--surface-3)', outline: '1px solid var(--hair-strong)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface-2)',
    color: 'var(--ink-1)',
    border: '1px solid var(--hair)',
    borderRadius: 'var(--radius)',
    boxShadow: 'var(--float-shadow)',
    fontFamily: 'var(--font)',
    fontSize: 'var(--text-s)'
  },
  '.cm-tooltip .help': { padding: '6px 9px', maxWidth: '280px', lineHeight: '1.4' },
  '.cm-tooltip .help p + p': { color: 'var(--ink-3)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '220px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--ink-1)' },
  '.cm-completionDetail': { color: 'var(--ink-3)', fontStyle: 'normal' },
  '.cm-completionIcon': { display: 'none' },
  '.cm-tooltip.cm-completionInfo': { padding: '6px 9px', maxWidth: '260px', whiteSpace: 'pre-line' },
  '.cm-diagnostic': { padding: '5px 9px', maxWidth: '320px', fontFamily: 'var(--font)' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--warn)' },
  '.cm-diagnosticAction': {
    backgroundColor: 'var(--surface-3)',
    color: 'var(--ink-1)',
    border: '1px solid var(--hair-strong)',
    borderRadius: 'var(--radius)'
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textUnderlineOffset: '3px'
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--warn)',
    textUnderlineOffset: '3px'
  },
  '.cm-lint-marker': { width: '8px', height: '8px', margin: '5px 1px', borderRadius: '50%', content: 'none' },
  '.cm-lint-marker-error': { background: 'var(--bad)' },
  '.cm-lint-marker-warning': { background: 'var(--warn)' }
});
