class StayingPrompts(nn.Module):
    """More tokens behind the others before the first block, which stay (shallow prompts, arXiv:2203.12119)."""

    def __init__(self, width, tokens):
        super().__init__()
        self.register_parameter("0", nn.Parameter(torch.zeros(tokens, width)))

    def extend(self, x, mask):
        """Later blocks, which are given the same mask, have the tokens already."""
        prompts = getattr(self, "0")
        if x.shape[1] == mask.shape[1]:
            x = torch.cat([x, prompts.expand(len(x), -1, -1)], 1)
        return x, F.pad(mask.bool(), (0, len(prompts)), value=True), x.shape[1]
