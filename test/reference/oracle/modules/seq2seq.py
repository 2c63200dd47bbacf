import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self, vocab, emb, hidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(vocab, emb, padding_idx=0)
        self.rnn = nn.LSTM(emb, hidden, num_layers=layers, bidirectional=True, dropout=0.2, batch_first=True)
        self.bridge = nn.Linear(hidden * 2, hidden)


class Decoder(nn.Module):
    def __init__(self, vocab, emb, hidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(vocab, emb)
        self.attention = nn.Bilinear(hidden, 2 * hidden, 1, bias=False)
        self.rnn = nn.GRU(emb + 2 * hidden, hidden, layers, bias=False)
        self.cell = nn.LSTMCell(hidden, hidden)
        self.out = nn.Linear(hidden, vocab)


class Seq2Seq(nn.Module):
    def __init__(self, source, target, **sizes):
        super().__init__()
        self.encoder = Encoder(source, **sizes)
        self.decoder = Decoder(target, **sizes)


sizes = {"emb": 256, "hidden": 512, "layers": 3}
model = Seq2Seq(20_000, 18_000, **sizes)
