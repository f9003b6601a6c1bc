class Prompts(nn.Module):
    """More tokens for one block, which its attention reads and nothing else (deep prompts, arXiv:2203.12119)."""

    def __init__(self, width, tokens):
        super().__init__()
        self.prompts = nn.Parameter(torch.zeros(tokens, width))

    def extend(self, x, mask):
        mask = mask if mask is None else F.pad(mask.bool(), (0, len(self.prompts)), value=True)
        return torch.cat([x, self.prompts.expand(len(x), -1, -1)], 1), mask, x.shape[1]
