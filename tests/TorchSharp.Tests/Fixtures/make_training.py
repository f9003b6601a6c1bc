"""Training fixtures: the losses of a small Transformer under AdamW, and of a two-layer net under each optimizer."""
import torch
import torch.nn.functional as fn

WIDTH, HEADS, LAYERS, VOCABULARY, CLASSES = 16, 2, 2, 20, 3
STEPS, BATCH, TOKENS = 50, 4, 6
WARM_UP = 10

OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
    "sgd_nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=True),
    "sgd_dampening": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, dampening=0.3),
    "adam": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.01),
    "adam_amsgrad": lambda p: torch.optim.Adam(p, lr=0.05, amsgrad=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1),
    "adamw_amsgrad": lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.1, amsgrad=True),
}


def transformer_weights():
    """Named as the fields of SmallTransformer in the tests."""
    def linear(name, outputs, inputs):
        return {f"{name}.weight": 0.3 * torch.randn(outputs, inputs), f"{name}.bias": 0.1 * torch.randn(outputs)}

    def norm(name):
        return {f"{name}_weight": 1 + 0.1 * torch.randn(WIDTH), f"{name}_bias": 0.1 * torch.randn(WIDTH)}

    weights = {"embedding.weight": torch.randn(VOCABULARY, WIDTH), "positions": 0.1 * torch.randn(TOKENS, WIDTH)}
    for layer in range(LAYERS):
        block = f"blocks.{layer}"
        weights.update(norm(f"{block}.norm1"))
        for part in ("query", "key", "value", "output"):
            weights.update(linear(f"{block}.{part}", WIDTH, WIDTH))
        weights.update(norm(f"{block}.norm2"))
        weights.update(linear(f"{block}.up", 4 * WIDTH, WIDTH))
        weights.update(linear(f"{block}.down", WIDTH, 4 * WIDTH))
    weights.update(norm("final"))
    weights.update(linear("head", CLASSES, WIDTH))
    return weights


def transformer(w, ids):
    """Pre-norm encoder; mean over tokens; class scores."""
    batch, tokens = ids.shape

    def linear(name, x):
        return fn.linear(x, w[f"{name}.weight"], w[f"{name}.bias"])

    def norm(name, x):
        return fn.layer_norm(x, (WIDTH,), w[f"{name}_weight"], w[f"{name}_bias"], 1e-5)

    def heads(x):
        return x.view(batch, tokens, HEADS, WIDTH // HEADS).transpose(1, 2)

    x = fn.embedding(ids, w["embedding.weight"]) + w["positions"]
    for layer in range(LAYERS):
        block = f"blocks.{layer}"
        y = norm(f"{block}.norm1", x)
        q, k, v = (heads(linear(f"{block}.{part}", y)) for part in ("query", "key", "value"))
        mixed = (q @ k.transpose(-2, -1) / (WIDTH // HEADS) ** 0.5).softmax(-1) @ v
        x = x + linear(f"{block}.output", mixed.transpose(1, 2).reshape(batch, tokens, WIDTH))
        x = x + linear(f"{block}.down", fn.gelu(linear(f"{block}.up", norm(f"{block}.norm2", x))))
    return linear("head", norm("final", x).mean(1))


def schedule(step):
    """Linear warm-up, then linear decay to nothing."""
    return (step + 1) / WARM_UP if step < WARM_UP else (STEPS - step) / (STEPS - WARM_UP)


def train_transformer(tensors):
    torch.manual_seed(1)
    weights = transformer_weights()
    ids = torch.randint(0, VOCABULARY, (STEPS, BATCH, TOKENS))
    labels = (ids[:, :, 0] + ids[:, :, -1]) % CLASSES
    tensors.update({f"transformer/{name}": value.clone() for name, value in weights.items()})
    tensors.update({"transformer.ids": ids, "transformer.labels": labels})
    for value in weights.values():
        value.requires_grad_()
    decay = [value for value in weights.values() if value.dim() > 1]
    rest = [value for value in weights.values() if value.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": decay, "lr": 5e-3, "weight_decay": 0.1},
                                   {"params": rest, "lr": 1e-2, "weight_decay": 0.0}])
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, schedule)
    losses, norms, rates = [], [], []
    for step in range(STEPS):
        rates.append([group["lr"] for group in optimizer.param_groups])
        optimizer.zero_grad()
        loss = fn.cross_entropy(transformer(weights, ids[step]), labels[step])
        loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(list(weights.values()), 1.0)))
        optimizer.step()
        scheduler.step()
        losses.append(float(loss))
    tensors["transformer.losses"] = torch.tensor(losses)
    tensors["transformer.norms"] = torch.tensor(norms)
    tensors["transformer.rates"] = torch.tensor(rates, dtype=torch.float64)


def train_small(tensors):
    torch.manual_seed(2)
    data = {"x": torch.randn(6, 3), "y": torch.randn(6, 2), "w1": torch.randn(3, 4), "w2": torch.randn(4, 2)}
    data = {name: value.double() for name, value in data.items()}
    tensors.update({f"small/{name}": value for name, value in data.items()})
    for name, make in OPTIMIZERS.items():
        w1, w2 = (data[key].clone().requires_grad_() for key in ("w1", "w2"))
        optimizer = make([w1, w2])
        losses = []
        for _ in range(20):
            optimizer.zero_grad()
            loss = fn.mse_loss((data["x"] @ w1).tanh() @ w2, data["y"])
            loss.backward()
            optimizer.step()
            losses.append(float(loss))
        tensors[f"small.{name}/losses"] = torch.tensor(losses, dtype=torch.float64)
        tensors[f"small.{name}/w1"] = w1.detach()
        tensors[f"small.{name}/w2"] = w2.detach()


def build():
    tensors = {}
    train_transformer(tensors)
    train_small(tensors)
    return tensors
