import type { Connection } from 'vscode-languageserver';
import { type AnswerParams, type AnswerResult, type AskItem, answerRequest, asksRequest } from '../protocol.ts';
import type { Context } from './context.ts';
import { answerAsk, viewAsks } from './features/asks.ts';
import { safely } from './safely.ts';

/** What the files of a document leave out, and the edits that state it once. */
export function answerAsks(
  connection: Connection,
  { analyses, documents, engine, abilities, log }: Context,
  folders: () => readonly string[],
): void {
  connection.onRequest(asksRequest, ({ uri }: { readonly uri: string }, token) =>
    safely<readonly AskItem[]>(
      log,
      { name: 'asks', uri },
      [],
      async () => {
        const view = await analyses.viewOf(uri);
        return view ? viewAsks(view, (await engine()).catalog, abilities().say) : [];
      },
      token,
    ),
  );
  connection.onRequest(answerRequest, ({ uri, key, value }: AnswerParams, token) =>
    safely<AnswerResult | null>(
      log,
      { name: 'answer', uri },
      null,
      async () => {
        const view = await analyses.viewOf(uri);
        if (!view) return null;
        return answerAsk({
          view,
          key,
          typed: value,
          ...(await engine()),
          folders: folders(),
          abilities: abilities(),
          versionOf: documents.versionOf,
        });
      },
      token,
    ),
  );
}
