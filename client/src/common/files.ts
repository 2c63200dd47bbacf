import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  type ReadAssetParams,
  type ReadAssetResult,
  type ReadFileParams,
  type ReadFileResult,
  type ReadFolderParams,
  type ReadFolderResult,
  readAssetRequest,
  readFileRequest,
  readFolderRequest,
} from '../../../server/src/protocol.ts';

/** Larger files are no code; they are not even read. */
const readAtMost = 8 * 1024 * 1024;

/** Answers the server's questions for files that it cannot read itself, and for the assets that ship with the extension. */
export function serveFiles(client: BaseLanguageClient, assets: vscode.Uri): vscode.Disposable {
  return vscode.Disposable.from(
    client.onRequest(readFileRequest, async ({ uri }: ReadFileParams): Promise<ReadFileResult> => {
      const target = vscode.Uri.parse(uri, true);
      const info = await present(vscode.workspace.fs.stat(target));
      if (!info || info.type === vscode.FileType.Directory || info.size > readAtMost) return {};
      const bytes = await present(vscode.workspace.fs.readFile(target));
      return bytes ? { text: new TextDecoder().decode(bytes) } : {};
    }),
    client.onRequest(readFolderRequest, async ({ uri }: ReadFolderParams): Promise<ReadFolderResult> => {
      const folder = vscode.Uri.parse(uri, true);
      const entries = await present(vscode.workspace.fs.readDirectory(folder));
      if (!entries) return {};
      const urisOf = (wanted: typeof entries) => wanted.map(([name]) => vscode.Uri.joinPath(folder, name).toString());
      return {
        uris: urisOf(entries.filter(([, type]) => type !== vscode.FileType.Directory)),
        // Links to folders have both bits and are not followed: they may lead in circles.
        folders: urisOf(entries.filter(([, type]) => type === vscode.FileType.Directory)),
      };
    }),
    client.onRequest(readAssetRequest, async ({ name }: ReadAssetParams): Promise<ReadAssetResult> => {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(assets, baseName(name)));
      return { base64: toBase64(bytes) };
    }),
  );
}

/** The answer, or undefined where the file system says that it is not there. */
async function present<T>(work: Thenable<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (fault) {
    if (fault instanceof vscode.FileSystemError) return undefined;
    throw fault;
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function toBase64(bytes: Uint8Array): string {
  const chunk = 0x8000;
  let text = '';
  for (let at = 0; at < bytes.length; at += chunk) text += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return btoa(text);
}
