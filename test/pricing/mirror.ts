import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A local server that stands for the hosts of the price lists. */
export interface Mirror {
  readonly url: string;
  /** Paths that were asked, hosts first. */
  readonly asked: readonly string[];
  /** Headers that came with them, as text. */
  readonly heads: readonly string[];
  /** How it answers from now on. */
  answer(reply: (path: string, response: ServerResponse) => void): void;
  close(): void;
}

/** Starts it on a free port of this machine. */
export async function startMirror(): Promise<Mirror> {
  const asked: string[] = [];
  const heads: string[] = [];
  let reply = (_: string, response: ServerResponse): void => void response.writeHead(404).end();
  const server = createServer((request, response) => {
    request.resume();
    asked.push(request.url ?? '');
    heads.push(JSON.stringify(request.headers));
    reply(request.url ?? '', response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    heads,
    answer(next) {
      reply = next;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An Azure list of the one machine, on demand in eastus. */
export function azureList(dollars: number): string {
  const item = {
    currencyCode: 'USD',
    retailPrice: dollars,
    armRegionName: 'eastus',
    meterName: 'x',
    productName: 'Virtual Machines NC',
    skuName: 'x',
    unitOfMeasure: '1 Hour',
    type: 'Consumption',
    armSkuName: 'Standard_NC24ads_A100_v4',
  };
  return JSON.stringify({ Items: [item], NextPageLink: null });
}
