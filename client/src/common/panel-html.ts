import * as vscode from 'vscode';

/** The panel's document: nothing but our script and our style sheets, each by a nonce made for this page. */
export function panelHtml(webview: vscode.Webview, extension: vscode.Uri, uri: string): string {
  const nonce = makeNonce();
  const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'panel', name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    // Charts are turned into bitmaps by way of an image of our own making.
    'img-src data:',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(vscode.env.language)}" data-editor>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeAttribute(vscode.l10n.t('Cost report'))}</title>
<link rel="stylesheet" nonce="${nonce}" href="${file('panel.css')}">
</head>
<body data-uri="${escapeAttribute(uri)}">
<script nonce="${nonce}" src="${file('panel.js')}"></script>
</body>
</html>`;
}

function makeNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
