"""What torch draws after manual_seed(7), one draw after each seeding."""
import math

import torch
import torch.nn as nn

WEIGHTS = [0.1, 2.0, 0.5, 1.0, 0.25, 3.0]


def initialised(function, *shape):
    tensor = torch.empty(*shape)
    function(tensor)
    return tensor


def in_two_draws():
    """The second of two draws: the generator went on from the first."""
    torch.rand(3)
    return torch.rand(3)


DRAWS = {
    "rand": lambda: torch.rand(20),
    "rand_double": lambda: torch.rand(4, dtype=torch.float64),
    "rand_second": in_two_draws,
    "randn_few": lambda: torch.randn(7),
    "randn_many": lambda: torch.randn(37),
    "randn_double_few": lambda: torch.randn(7, dtype=torch.float64),
    "randn_double_many": lambda: torch.randn(37, dtype=torch.float64),
    "randint": lambda: torch.randint(3, 100, (4, 5)),
    "randint_wide": lambda: torch.randint(0, 1 << 40, (6,)),
    "randperm": lambda: torch.randperm(17),
    "normal_": lambda: torch.empty(20).normal_(1.0, 2.0),
    "uniform_": lambda: torch.empty(20).uniform_(-1.0, 3.0),
    "random_": lambda: torch.empty(20).random_(2, 9),
    "normal_tensors": lambda: torch.normal(torch.linspace(-1, 1, 5), torch.linspace(0.5, 1, 5)),
    "bernoulli_": lambda: torch.empty(30).bernoulli_(0.3),
    "bernoulli_tensor": lambda: torch.empty(6).bernoulli_(torch.linspace(0.1, 0.9, 6)),
    "bernoulli": lambda: torch.linspace(0.1, 0.9, 6).bernoulli(),
    "multinomial": lambda: torch.multinomial(torch.tensor(WEIGHTS), 4),
    "multinomial_replacement": lambda: torch.multinomial(torch.tensor(WEIGHTS), 12, replacement=True),
    "exponential_": lambda: torch.empty(8).exponential_(0.5),
    "dropout": lambda: nn.functional.dropout(torch.ones(40), 0.4),
    "xavier_uniform_": lambda: initialised(nn.init.xavier_uniform_, 5, 7),
    "xavier_normal_": lambda: initialised(nn.init.xavier_normal_, 5, 7),
    "kaiming_uniform_": lambda: initialised(lambda t: nn.init.kaiming_uniform_(t, a=math.sqrt(5)), 5, 7),
    "kaiming_normal_": lambda: initialised(lambda t: nn.init.kaiming_normal_(t, mode="fan_out", nonlinearity="relu"), 5, 7),
    "trunc_normal_": lambda: initialised(lambda t: nn.init.trunc_normal_(t, std=0.5, a=-0.75, b=0.5), 5, 7),
    "linear_weight": lambda: nn.Linear(6, 4).weight.detach(),
    "linear_bias": lambda: nn.Linear(6, 4).bias.detach(),
    "embedding_weight": lambda: nn.Embedding(5, 4).weight.detach(),
}


def build():
    tensors = {}
    for name, draw in DRAWS.items():
        torch.manual_seed(7)
        tensors[name] = draw()
    generator = torch.Generator()
    generator.manual_seed(7)
    torch.manual_seed(1)
    tensors["generator"] = torch.rand(5, generator=generator)
    return tensors
