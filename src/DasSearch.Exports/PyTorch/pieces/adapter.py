class Adapter(nn.Module):
    """A(x) = scale · up(relu(down(norm(x)))), with or without the norm; added to a part's output, or in place of a part or block.

    It reads the residual stream (DAS, arXiv:2309.01479), what the part read (scaled parallel adapters, arXiv:2110.04366) or
    what the part gave (arXiv:1902.00751).
    """

    def __init__(self, width, bottleneck, scale, norm, reads="stream"):
        super().__init__()
        self.scale, self.reads = scale, reads
        self.adapter_layer_norm_before = nn.LayerNorm(width) if norm else None
        self.down_proj = nn.Linear(width, bottleneck)
        self.up_proj = nn.Linear(bottleneck, width)

    def forward(self, x):
        if self.adapter_layer_norm_before is not None:
            x = self.adapter_layer_norm_before(x)
        return self.scale * self.up_proj(F.relu(self.down_proj(x)))


class AdapterBeside(Adapter):
    def join(self, stream, read, output):
        return output + self(dict(stream=stream, read=read, output=output)[self.reads])


class AdapterInPlace(Adapter):
    def replace(self, x):
        return x + self(x)
