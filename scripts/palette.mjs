// Makes a small PNG of a screenshot: 256 colours, best compression. Screens have few colours besides the soft edges of letters.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** A PNG of 8 bits a channel, with or without alpha (which is dropped), as one of a palette. */
export function toPalette(png) {
  const { width, height, pixels, channels } = decode(png);
  const buckets = new Map();
  const bucketOf = (at) => ((pixels[at] >> 3) << 10) | ((pixels[at + 1] >> 3) << 5) | (pixels[at + 2] >> 3);
  for (let at = 0; at < pixels.length; at += channels) {
    const key = bucketOf(at);
    const bucket = buckets.get(key) ?? { count: 0, sum: [0, 0, 0], exact: new Map() };
    buckets.set(key, bucket);
    bucket.count += 1;
    const exact = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    bucket.exact.set(exact, (bucket.exact.get(exact) ?? 0) + 1);
  }
  // A plain area keeps its very colour: the most frequent of its bucket stands for the rest.
  const colors = [...buckets.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, 256)
    .map(({ exact }) => [...exact].reduce((best, next) => (next[1] > best[1] ? next : best))[0]);
  const palette = colors.map((color) => [color >> 16, (color >> 8) & 255, color & 255]);
  const nearest = new Map();
  const indexOf = (at) => {
    const key = bucketOf(at);
    const known = nearest.get(key);
    if (known !== undefined) return known;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, [r, g, b]] of palette.entries()) {
      const distance = (r - pixels[at]) ** 2 + (g - pixels[at + 1]) ** 2 + (b - pixels[at + 2]) ** 2;
      if (distance < least) [best, least] = [index, distance];
    }
    nearest.set(key, best);
    return best;
  };
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + x + 1] = indexOf((y * width + x) * channels);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const parts = [
    ['IHDR', header],
    ['PLTE', Buffer.from(palette.flat())],
    ['IDAT', deflateSync(rows, { level: 9 })],
    ['IEND', Buffer.alloc(0)],
  ];
  return Buffer.concat([signature, ...parts.map(([name, data]) => chunk(name, data))]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const size = Buffer.alloc(4);
  const sum = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, sum]);
}

function decode(png) {
  const data = [];
  let width = 0;
  let height = 0;
  let channels = 3;
  for (let at = 8; at < png.length; ) {
    const size = png.readUInt32BE(at);
    const name = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + size);
    if (name === 'IHDR') {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      channels = body[9] === 6 ? 4 : 3;
      if (body[8] !== 8 || (body[9] !== 2 && body[9] !== 6)) throw new Error('a PNG of 8 bits a channel is wanted');
    }
    if (name === 'IDAT') data.push(body);
    at += size + 12;
  }
  return {
    width,
    height,
    channels,
    pixels: unfilter(inflateSync(Buffer.concat(data)), width * channels, height, channels),
  };
}

/** Undoes the filters of the lines (PNG specification, section 9). */
function unfilter(raw, stride, height, channels) {
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const left = x >= channels ? pixels[y * stride + x - channels] : 0;
      const up = y > 0 ? pixels[(y - 1) * stride + x] : 0;
      const corner = x >= channels && y > 0 ? pixels[(y - 1) * stride + x - channels] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      pixels[y * stride + x] = (raw[y * (stride + 1) + 1 + x] + guess) & 255;
    }
  }
  return pixels;
}

function paeth(left, up, corner) {
  const [a, b, c] = [left, up, corner].map((one) => Math.abs(left + up - corner - one));
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
