-- Tries the language server from Neovim 0.7 or newer: hints, hover, diagnostics, a fix. Run by hand from the repository's root:
--   node esbuild.mjs && nvim --headless --clean -u NONE -c 'luafile scripts/try-neovim.lua'
-- Ends with exit code 0 where everything was answered, 1 where something was not.
local root = vim.fn.getcwd()
local failed = false

local function check(title, passed, shown)
  io.stdout:write(string.format('%s %s%s\n', passed and 'ok    ' or 'FAILED', title, shown and (': ' .. shown) or ''))
  if not passed then failed = true end
end

local folder = vim.fn.tempname()
vim.fn.mkdir(folder, 'p')
vim.fn.system({ 'cp', '-r', root .. '/examples/llama-sft/.', folder })
vim.cmd('edit ' .. folder .. '/train.py')
local buffer = vim.api.nvim_get_current_buf()

local client_id = vim.lsp.start_client({
  name = 'flopwise',
  cmd = { 'node', root .. '/dist/cli.cjs', 'lsp', '--stdio' },
  root_dir = folder,
})
vim.lsp.buf_attach_client(buffer, client_id)
local client
vim.wait(20000, function()
  client = vim.lsp.get_client_by_id(client_id)
  return client ~= nil and client.initialized == true
end, 50)
check('the server starts', client ~= nil and client.initialized == true)

local function ask(method, params)
  local answer = client.request_sync(method, params, 20000, buffer)
  return answer and answer.result
end

local document = { uri = vim.uri_from_bufnr(buffer) }
local last = vim.api.nvim_buf_line_count(buffer)
local everywhere = { start = { line = 0, character = 0 }, ['end'] = { line = last, character = 0 } }

local function hints()
  local texts = {}
  for _, hint in ipairs(ask('textDocument/inlayHint', { textDocument = document, range = everywhere }) or {}) do
    local label = hint.label
    if type(label) == 'table' then
      label = table.concat(vim.tbl_map(function(part) return part.value end, label))
    end
    texts[#texts + 1] = string.format('%d: %s', hint.position.line + 1, label)
  end
  return texts
end

local shown = hints()
check('hints', #shown > 0 and table.concat(shown, '\n'):find('%$') ~= nil, table.concat(shown, ' | '))

local function line_of(words)
  for at, text in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local column = text:find(words, 1, true)
    if column then return at - 1, column - 1 end
  end
end

local line, column = line_of('SFTConfig(')
local hover = ask('textDocument/hover', { textDocument = document, position = { line = line, character = column } })
local words = hover and hover.contents and hover.contents.value or ''
check('hover', words:find('GPU', 1, true) ~= nil, words:match('[^\n]*'))

vim.wait(10000, function() return #vim.diagnostic.get(buffer) > 0 end, 50)
local found = vim.diagnostic.get(buffer)
check('diagnostics', #found > 0, found[1] and found[1].message)

line, column = line_of('save_steps=')
column = column + #'save_steps='
local here = { start = { line = line, character = column }, ['end'] = { line = line, character = column } }
local actions = ask('textDocument/codeAction', { textDocument = document, range = here, context = { diagnostics = {} } }) or {}
local fix
for _, action in ipairs(actions) do
  if action.edit and action.title:find('^Keep the last') then fix = action end
end
check('a fix', fix ~= nil, fix and fix.title)
if fix then
  vim.lsp.util.apply_workspace_edit(fix.edit, client.offset_encoding)
  local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
  check('the fix is in the buffer', text:find('save_total_limit=2', 1, true) ~= nil)
  vim.wait(300)
  check('hints follow the unsaved text', table.concat(hints(), '\n') ~= table.concat(shown, '\n'), table.concat(hints(), ' | '))
end

client.stop()
vim.fn.delete(folder, 'rf')
vim.cmd(failed and 'cquit 1' or 'qall!')
