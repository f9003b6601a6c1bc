class Channels(nn.Module):
    """At a part: chosen channels c of its output, or of the residual after it, become c + L c (TTC, arXiv:2303.07910)."""

    def __init__(self, channels, bias, reads):
        super().__init__()
        self.reads = reads
        self.weight = nn.Parameter(torch.zeros(channels, channels))
        self.bias = nn.Parameter(torch.zeros(channels)) if bias else None
        self.register_buffer("channels", torch.arange(channels))

    def join(self, stream, read, output):
        x = stream + output if self.reads == "sum" else output
        return output.index_add(-1, self.channels, F.linear(x[..., self.channels], self.weight, self.bias))
