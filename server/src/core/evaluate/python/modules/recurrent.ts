import type { Layer } from './sizes.ts';

/** Gates of a cell: one matrix of each kind for every gate. */
const gates = { RNN: 1, LSTM: 4, GRU: 3 } as const;

/** A stack of cells, both ways where bidirectional (`torch/nn/modules/rnn.py`). */
const recurrent = (gate: number): Layer => ({
  signature: [
    'input_size',
    'hidden_size',
    'num_layers',
    'bias',
    'batch_first',
    'dropout',
    'bidirectional',
    'proj_size',
  ],
  parameters: (s) => {
    const hidden = s.number('hidden_size');
    const projected = s.number('proj_size', 0);
    const ways = s.flag('bidirectional', false) ? 2 : 1;
    const width = projected > 0 ? projected : hidden;
    const bias = s.flag('bias', true) ? 2 * gate * hidden : 0;
    const cell = (input: number) => gate * hidden * (input + width) + bias + projected * hidden;
    const layers = s.number('num_layers', 1);
    return { weights: ways * (cell(s.number('input_size')) + (layers - 1) * cell(width * ways)) };
  },
});

const cell = (gate: number): Layer => ({
  signature: ['input_size', 'hidden_size', 'bias'],
  parameters: (s) => {
    const hidden = s.number('hidden_size');
    return {
      weights: gate * hidden * (s.number('input_size') + hidden) + (s.flag('bias', true) ? 2 * gate * hidden : 0),
    };
  },
});

/** Recurrent layers and cells. */
export const recurrentLayers: Readonly<Record<string, Layer>> = {
  RNN: recurrent(gates.RNN),
  LSTM: recurrent(gates.LSTM),
  GRU: recurrent(gates.GRU),
  RNNCell: cell(gates.RNN),
  LSTMCell: cell(gates.LSTM),
  GRUCell: cell(gates.GRU),
};
