/** The words most like a misspelt one, the nearest first; none where nothing is near. */
export function nearestWords(word: string, known: readonly string[], most = 3): readonly string[] {
  const asked = word.toLowerCase().slice(0, 40);
  const limit = Math.max(1, Math.floor(asked.length / 3));
  return known
    .map((one) => ({ one, distance: distanceOf(asked, one.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.one < b.one ? -1 : 1))
    .slice(0, most)
    .map(({ one }) => one);
}

function distanceOf(asked: string, known: string): number {
  return asked.length > 1 && known.startsWith(asked) ? 1 : editDistance(asked, known.slice(0, 40));
}

/** Levenshtein distance. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
