class Grouped(nn.Module):
    """Layers to a smaller width, and from there, by a convolution of one pixel in two groups, back (EAS)."""

    def __init__(self, width, inner, scale, parts):
        super().__init__()
        self.scale = scale
        for part in parts:
            self.add_module(part, nn.Linear(width, inner))
        self.conv_B = nn.Linear(inner // 2, width)  # half of the rows for each half of what it reads

    def forward(self, z):
        halves = zip(z.chunk(2, -1), self.conv_B.weight.chunk(2))
        return self.scale * (torch.cat([F.linear(half, rows) for half, rows in halves], -1) + self.conv_B.bias)


class Pia(Grouped):
    """Before a layer: x + scale · B(A x)."""

    def __init__(self, width, inner, scale):
        super().__init__(width, inner, scale, ["conv_A"])

    def change_input(self, layer, inputs):
        return (inputs[0] + self(self.conv_A(inputs[0])),)


class PiaInPlace(Grouped):
    """In place of a block or part: x + scale · B(½ (C x + mean of A x)); the mean is over all tokens, those of padding, too."""

    reads_padding = True

    def __init__(self, width, inner, scale):
        super().__init__(width, inner, scale, ["conv_A", "conv_C"])

    def replace(self, x):
        return x + self(0.5 * (self.conv_C(x) + self.conv_A(x).mean(1, keepdim=True)))
