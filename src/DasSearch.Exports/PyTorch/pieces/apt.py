class Apt(nn.Module):
    """At attention: (output + α ⊙ relu(x Kᵀ) P) · eˢ, where x is what it read, P are tokens and K their keys (APT, arXiv:2306.15706).

    alpha is "token" for each token's largest score, "key" for the largest entry of K, "none" for 1; inner are the widths of
    the layers that make K = P + P W₁ W₂, of which there may be none.
    """

    def __init__(self, width, tokens, inner, alpha):
        super().__init__()
        self.alpha = alpha
        self.mm_tokens = nn.Parameter(torch.zeros(tokens, width))
        self.mm = nn.Sequential(*(nn.Linear(a, b, bias=False) for a, b in zip([width, *inner], inner)))
        self.scale = nn.Parameter(torch.zeros(1))

    def join(self, stream, read, output):
        keys = self.mm_tokens + self.mm(self.mm_tokens) if len(self.mm) > 0 else self.mm_tokens
        scores = F.relu(read @ keys.T)  # [batch, tokens, prompts]
        change = scores @ self.mm_tokens
        if self.alpha == "token":
            change = change * scores.max(-1, keepdim=True).values.detach()
        elif self.alpha == "token-grad":
            change = change * scores.max(-1, keepdim=True).values
        elif self.alpha == "key":
            change = change * keys.max()
        return (output + change) * self.scale.exp()
