import type { BaseLanguageClient } from 'vscode-languageclient';

/** Ends the server, one that is just starting as well. */
export async function stopServer(client: BaseLanguageClient): Promise<void> {
  if (!client.needsStop()) return;
  await client.start();
  await client.stop();
}
