class Lora(nn.Module):
    """Around qkv: queries and values change by scale · B A x (LoRA, arXiv:2106.09685)."""

    def __init__(self, width, ranks, scale):
        super().__init__()
        self.scale = scale
        self.lora_A = nn.ModuleDict({part: nn.Linear(width, rank, bias=False) for part, rank in ranks.items()})
        self.lora_B = nn.ModuleDict({part: nn.Linear(rank, width, bias=False) for part, rank in ranks.items()})

    def change_output(self, layer, inputs, output):
        query, value = (self.scale * self.lora_B[part](self.lora_A[part](inputs[0])) for part in ("query", "value"))
        return output + torch.cat([query, torch.zeros_like(query), value], -1)
