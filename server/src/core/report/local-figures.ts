/** How a language writes figures. */
interface Writing {
  readonly group: string;
  readonly decimal: string;
  /** The sign of a currency stands behind the amount, after this space. */
  readonly behind: string | undefined;
}

const english: Writing = { group: ',', decimal: '.', behind: undefined };
const writings = new Map<string, Writing>();

/** "$1,234.5" and "2.6 h" as a language writes them: "1.234,5 $" and "2,6 h" in German. Names, dates and releases stay. */
export function localFigures(text: string, locale: string): string {
  const writing = writingOf(locale);
  if (writing === english) return text;
  const { behind } = writing;
  return text
    .replace(money, (_, sign: string, amount: string) =>
      behind === undefined ? `${sign}${numeral(amount, writing)}` : `${numeral(amount, writing)}${behind}${sign}`,
    )
    .replace(number, (one) => numeral(one, writing));
}

/** A whole number as a language writes it: "1.279" in German. */
export function localCount(value: number, locale: string): string {
  return Number.isFinite(value) ? new Intl.NumberFormat(supported(locale)).format(value) : String(value);
}

const money = /([$€£¥₹])(\d[\d,]*(?:\.\d+)?)/g;
const number =
  /(?<![\p{L}\d_.,/:]|\p{L}-)(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?![\d_]|[.,]\d|(?![KMBTx](?!\p{L}))\p{L})(?!\u00a0[$€£¥₹])/gu;

function numeral(amount: string, { group, decimal }: Writing): string {
  return amount.replace(/[.,]/g, (sign) => (sign === ',' ? group : decimal));
}

function writingOf(locale: string): Writing {
  const known = writings.get(locale);
  if (known) return known;
  const asked = supported(locale);
  const plain = new Intl.NumberFormat(asked).formatToParts(12_345.6);
  const priced = new Intl.NumberFormat(asked, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' });
  const parts = priced.formatToParts(1);
  const at = parts.findIndex(({ type }) => type === 'currency');
  const before = parts[at - 1];
  const writing = {
    group: plain.find(({ type }) => type === 'group')?.value ?? '',
    decimal: plain.find(({ type }) => type === 'decimal')?.value ?? '.',
    behind: at <= 0 ? undefined : before?.type === 'literal' ? before.value : '',
  };
  const same = writing.group === ',' && writing.decimal === '.' && writing.behind === undefined;
  const kept = same ? english : writing;
  if (writings.size < 16) writings.set(locale, kept);
  return kept;
}

/** A tag that is none would throw. */
function supported(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? 'en';
  } catch (error) {
    if (error instanceof RangeError) return 'en';
    throw error;
  }
}
