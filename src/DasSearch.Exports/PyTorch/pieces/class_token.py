class ClassToken(nn.Module):
    """A trained vector in the place of every text's first token, after the embeddings' norm."""

    def __init__(self, width):
        super().__init__()
        self.token4classifier = nn.Parameter(torch.zeros(1, 1, width))

    def change_output(self, layer, inputs, output):
        return torch.cat([self.token4classifier.expand(len(output), -1, -1), output[:, 1:]], 1)
