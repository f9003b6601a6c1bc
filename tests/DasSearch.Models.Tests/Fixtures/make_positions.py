"""A position table of 3×3 patches, and what PyTorch resizes it to: run with a Python that has torch, from this folder. Writes positions.npz."""
import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(7)
table = torch.randn(1 + 9, 4)
arrays = {"in": table.numpy()}
for side in (2, 5, 6):
    patches = table[1:].reshape(1, 3, 3, 4).permute(0, 3, 1, 2)
    resized = F.interpolate(patches, (side, side), mode="bicubic", align_corners=False)
    arrays[f"out.{side}"] = torch.cat([table[:1], resized.permute(0, 2, 3, 1).reshape(side * side, 4)]).numpy()
np.savez("positions.npz", **arrays)
