"""Makes Fixtures/pictures, with Pillow as the oracle: /usr/bin/python3 make_pictures.py (Pillow 9.4)."""
import pathlib
import random
import struct
import zlib

from PIL import Image, ImageEnhance, ImageOps

FOLDER = pathlib.Path(__file__).parent / "pictures"
FOLDER.mkdir(exist_ok=True)


def source():
    """Waves, an edge and noise, with the darkest and the lightest levels left out, so that contrast can be stretched."""
    draw, image = random.Random(7), Image.new("RGB", (61, 43))
    for y in range(43):
        for x in range(61):
            edge = 60 if x > y else 0
            image.putpixel((x, y), (20 + 2 * x + draw.randrange(20), 30 + edge + 3 * y // 2 + draw.randrange(9), 200 - 3 * x // 2 - draw.randrange(30)))
    return image


def operations(image, sign):
    """RandAugment's 14 at magnitude 9, by Pillow."""
    def affine(*matrix):
        return image.transform(image.size, Image.AFFINE, matrix)

    def solarize_add(picture):
        return ImageOps.solarize(picture.point(lambda level: min(255, level + 33)), 128)

    yield ImageOps.autocontrast(image)
    yield ImageOps.equalize(image)
    yield image.rotate(sign * 9)
    yield ImageOps.posterize(image, 1)
    yield ImageOps.solarize(image, 76.8)
    yield solarize_add(image)
    for enhance in (ImageEnhance.Color, ImageEnhance.Contrast, ImageEnhance.Brightness, ImageEnhance.Sharpness):
        yield enhance(image).enhance(0.64)
    yield affine(1, sign * 0.09, 0, 0, 1, 0)
    yield affine(1, 0, 0, sign * 0.09, 1, 0)
    yield affine(1, 0, sign * 30, 0, 1, 0)
    yield affine(1, 0, 0, 0, 1, sign * 30)


def png16(path, image):
    """A PNG of 16 bits, which Pillow does not write of colours."""
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    width, height = image.size
    rows = b"".join(
        b"\0" + b"".join(struct.pack(">3H", *(257 * level for level in image.getpixel((x, y)))) for x in range(width)) for y in range(height))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def quarters():
    """Red and green above blue and white, 48 by 32."""
    image = Image.new("RGB", (48, 32), (255, 0, 0))
    image.paste((0, 255, 0), (24, 0, 48, 16))
    image.paste((0, 0, 255), (0, 16, 24, 32))
    image.paste((255, 255, 255), (24, 16, 48, 32))
    return image


picture = source()
picture.save(FOLDER / "source.png")
for size in [(20, 14), (64, 48), (61, 20), (120, 43), (7, 90)]:
    picture.resize(size, Image.BICUBIC).save(FOLDER / f"resized-{size[0]}x{size[1]}.png")

for name, sign in [("plus", 1), ("minus", -1)]:
    varied = list(operations(picture, sign))
    sheet = Image.new("RGB", (61, 43 * len(varied)))
    for place, one in enumerate(varied):
        sheet.paste(one, (0, 43 * place))
    sheet.save(FOLDER / f"operations-{name}.png")

turned = quarters()
turned.save(FOLDER / "quarters.png")
turned.convert("RGBA").save(FOLDER / "quarters-alpha.png")
turned.convert("P").save(FOLDER / "quarters.gif")
turned.save(FOLDER / "quarters.webp", lossless=True)
turned.convert("CMYK").save(FOLDER / "quarters-cmyk.jpg", quality=95)
png16(FOLDER / "quarters-16.png", turned)
undo = {2: [Image.FLIP_LEFT_RIGHT], 3: [Image.ROTATE_180], 4: [Image.FLIP_TOP_BOTTOM], 5: [Image.TRANSPOSE], 6: [Image.ROTATE_90],
        7: [Image.TRANSVERSE], 8: [Image.ROTATE_270]}
for orientation in range(1, 9):
    stored = turned
    for step in undo.get(orientation, []):
        stored = stored.transpose(step)
    exif = Image.Exif()
    exif[0x112] = orientation
    stored.save(FOLDER / f"quarters-exif-{orientation}.jpg", quality=95, subsampling=0, exif=exif.tobytes())
