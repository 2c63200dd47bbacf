import type { Plot } from '#core/report/charts/chart.ts';
import type { Say } from '#core/report/words.ts';
import chartStyle from '../../server/src/page/chart.css';
import { drawChart } from '../../server/src/page/charts/draw.ts';
import { element, renderNode } from '../../server/src/page/nodes.ts';
import type { SavedAs } from '../../server/src/page/section.ts';
import { tableToCsv, tableToMarkdown } from '../../server/src/page/tables.ts';

/** Width of saved pictures in pixels. */
const pictureWidth = 760;
/** Pixels of a saved bitmap for one of the picture. */
const density = 2;

/** A plot in a file format, as base64. */
export async function savePlot(plot: Plot, format: SavedAs, say: Say): Promise<string> {
  switch (format) {
    case 'csv':
      return textToBase64(tableToCsv(plot.table));
    case 'md':
      return textToBase64(`## ${plot.title}\n\n${plot.summary}\n\n${tableToMarkdown(plot.table)}`);
    case 'svg':
      return textToBase64(pictureOf(plot, say));
    case 'png':
      return bitmapOf(pictureOf(plot, say));
  }
}

/** UTF-8 text as base64. */
export function textToBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The chart by itself: its colours are those of the page now, written out. */
function pictureOf({ chart, title, summary }: Plot, say: Say): string {
  if (!chart) return '';
  const drawn = drawChart(chart, pictureWidth, `${title}. ${summary}`, say);
  const styles = getComputedStyle(document.documentElement);
  const resolved = chartStyle.replace(/var\((--[\w-]+)(?:,[^()]*)?\)/g, (_, name: string) => resolve(styles, name));
  const width = Number(drawn.attributes['width']);
  const height = Number(drawn.attributes['height']);
  const ground = element('rect', { width, height, fill: resolve(styles, '--bg') });
  return renderNode({ ...drawn, children: [element('style', {}, resolved), ground, ...drawn.children] });
}

/** A custom property's value, with the properties that it names looked up. */
function resolve(styles: CSSStyleDeclaration, name: string): string {
  const value = styles.getPropertyValue(name).trim();
  return value === '' ? 'sans-serif' : value;
}

async function bitmapOf(picture: string): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;base64,${textToBase64(picture)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * density;
  canvas.height = image.height * density;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const url = canvas.toDataURL('image/png');
  return url.slice(url.indexOf(',') + 1);
}
