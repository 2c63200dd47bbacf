import type { ModelFiles } from '#core/catalog/model-files.ts';
import type { AskHub } from '#core/host.ts';
import { nodeWire, type WireOptions } from './price-wire.ts';

/** The hub's own address; `HF_ENDPOINT` names another, as for its own libraries. */
const publicHub = 'https://huggingface.co';
/** An answer of more characters is no model's description. */
const largestText = 1024 * 1024;
const answerWithin = 10_000;

/**
 * Asks a hub for one public model: the dimensions in its `config.json`, and the count of its weights from its record. The id
 * is all that is sent: no token, no cookie, no word of any file. Nothing is loaded, and a redirect to another host is not followed.
 */
export function hubAsker(options: WireOptions = {}): AskHub {
  const env = options.env ?? process.env;
  const wire = nodeWire(undefined, {
    timeout: answerWithin,
    ...options,
    env: { ...env, FLOPWISE_PRICES_MIRROR: undefined },
  });
  const hub = hubOf(env['HF_ENDPOINT']);
  const text = async (path: string): Promise<{ readonly text: string } | { readonly reason: string }> => {
    const url = `${hub}/${path}`;
    try {
      const answer = await wire.send({ url });
      if (new URL(answer.url).origin !== new URL(url).origin) return { reason: 'sent elsewhere' };
      if (answer.status === 401 || answer.status === 403 || answer.status === 404)
        return { reason: 'has no public model of that name' };
      if (answer.status !== 200) return { reason: `answered ${answer.status}` };
      return answer.text.length > largestText ? { reason: 'answered with too much' } : { text: answer.text };
    } catch (error) {
      return { reason: `gave no answer (${error instanceof Error ? error.message : String(error)})` };
    }
  };
  return async (id) => {
    const path = id.split('/').map(encodeURIComponent).join('/');
    const [config, record] = await Promise.all([text(`${path}/resolve/main/config.json`), text(`api/models/${path}`)]);
    const counted = 'text' in record ? countIn(record.text) : undefined;
    const isObject = 'text' in config && objectIn(config.text) !== undefined;
    if (!isObject && counted === undefined) {
      if ('reason' in config && 'reason' in record) return { reason: config.reason };
      return { reason: 'answered what is no description of a model' };
    }
    const files: ModelFiles = {
      id,
      source: `${id} on ${new URL(hub).host}`,
      ...(isObject && { config: config.text }),
      ...(counted !== undefined && { counted }),
    };
    return files;
  };
}

function hubOf(endpoint: string | undefined): string {
  const asked = endpoint?.trim().replace(/\/+$/, '') ?? '';
  return URL.canParse(asked) && /^https?:$/.test(new URL(asked).protocol) ? asked : publicHub;
}

/** `safetensors.total` of a model's record: the exact count of its weights. */
function countIn(text: string): number | undefined {
  const weights = objectIn(text)?.['safetensors'];
  const total = typeof weights === 'object' && weights !== null && 'total' in weights ? weights.total : undefined;
  return typeof total === 'number' && Number.isSafeInteger(total) && total > 0 ? total : undefined;
}

function objectIn(text: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { readonly [key: string]: unknown })
      : undefined;
  } catch {
    return undefined;
  }
}
