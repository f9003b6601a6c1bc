"""What PictureReading.cs measures, in PyTorch: reading.py FOLDER WORKERS SECONDS prints images, seconds, and processors' seconds."""
import pathlib
import resource
import sys
import time

import numpy
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Pictures(Dataset):
    def __init__(self, folder):
        self.paths = sorted(pathlib.Path(folder, "train", "one").iterdir())

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, place):
        picture = Image.open(self.paths[place]).convert("RGB").resize((512, 384), Image.BICUBIC)
        return torch.from_numpy(numpy.array(picture)).permute(2, 0, 1).float().div_(255).sub_(0.5).div_(0.5).contiguous()


def main(folder, workers, seconds):
    torch.set_num_threads(1)
    loader = DataLoader(Pictures(folder), batch_size=32, shuffle=True, num_workers=int(workers), persistent_workers=True)
    next(iter(loader))
    start, images = time.monotonic(), 0
    before = resource.getrusage(resource.RUSAGE_SELF)
    while time.monotonic() - start < float(seconds):
        for batch in loader:
            images += len(batch)
    elapsed, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_SELF)
    del loader
    import gc
    gc.collect()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime + children.ru_utime + children.ru_stime
    print(images, elapsed, used)


main(*sys.argv[1:])
