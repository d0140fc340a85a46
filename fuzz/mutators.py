"""Changes that keep a container whole, so that most inputs get past its directory to what stands inside."""

import random
import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO

import atheris
import pikepdf
from PIL import Image

_WHOLE = 0.1
"""How often a container is changed as bytes, its directory included."""
_GROWTH = 4096
_PICTURES_AS_BYTES = 0.4
"""How often a picture's bytes are changed besides."""
_MOST_PIXELS = 4_000_000
"""What is larger is changed as bytes alone: the memory that counts is the parser's."""


def mutate_package(data: bytes, largest: int, seed: int) -> bytes:
    """One entry of a ZIP changed, doubled, renamed or taken out; the rest as it was."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = [(info.filename, archive.read(info)) for info in archive.infolist()[:400]]
    except Exception:  # whatever zipfile says of bytes that are no package
        return atheris.Mutate(data, largest)
    if not entries or chance.random() < _WHOLE:
        return atheris.Mutate(data, largest)
    index = chance.randrange(len(entries))
    name, content = entries[index]
    match chance.randrange(12):
        case 0:
            entries.pop(index)
        case 1:
            entries[index] = (chance.choice(entries)[0], content)
        case 2:
            entries[index] = (name, chance.choice(entries)[1])
        case _:
            entries[index] = (name, atheris.Mutate(content, len(content) + 4096))
    out = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in entries:
                archive.writestr(name, content)
    return _fitting(out.getvalue(), data, largest)


def mutate_pdf(data: bytes, largest: int, seed: int) -> bytes:
    """One stream, or one entry of a dictionary, of a PDF changed; the rest as it was."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    if chance.random() < _WHOLE:
        return atheris.Mutate(data, largest)
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            objects = [each for each in pdf.objects if isinstance(each, pikepdf.Stream | pikepdf.Dictionary)][:400]
            chosen = chance.choice(objects)
            if isinstance(chosen, pikepdf.Stream) and chance.random() < 0.7:
                content = chosen.read_bytes()
                chosen.write(atheris.Mutate(content, len(content) + _GROWTH))
            else:
                key = chance.choice(list(chosen.keys()))
                chosen[key] = pikepdf.Object.parse(atheris.Mutate(chosen[key].unparse(), _GROWTH))
            out = BytesIO()
            pdf.save(out, static_id=True)
            return _fitting(out.getvalue(), data, largest)
    except Exception:  # whatever a reader says of bytes that are no PDF
        return atheris.Mutate(data, largest)


def mutate_picture(data: bytes, largest: int, seed: int) -> bytes:
    """Some of a picture's pixels, or its size, changed; a file again, whole or not, in any of the forms that are taken.

    The bytes of the new file are those that change: libFuzzer soon keeps the seeds of one or two forms alone.
    """
    chance = random.Random(seed)  # noqa: S311 - not a secret
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(BytesIO(data))
            if opened.width * opened.height > _MOST_PIXELS:
                return atheris.Mutate(data, largest)
            image = opened.convert("RGB")
    except Exception:  # whatever Pillow says of bytes that are no picture
        return atheris.Mutate(data, largest)
    for _ in range(chance.randrange(5)):
        left, top = chance.randrange(image.width), chance.randrange(image.height)
        box = (left, top, left + 1 + chance.randrange(image.width), top + 1 + chance.randrange(image.height))
        match chance.randrange(5):
            case 0:
                image.paste(tuple(chance.randrange(256) for _ in range(3)), box)
            case 1:
                image.paste(image.crop(box), (chance.randrange(image.width), chance.randrange(image.height)))
            case 2:
                image = image.rotate(chance.randrange(360), fillcolor="white")
            case 3:
                image = image.resize((chance.randrange(1, 600), chance.randrange(1, 600)))
            case _:
                image = Image.blend(image, Image.effect_noise(image.size, 90).convert("RGB"), chance.random())
    out = BytesIO()
    image.save(out, chance.choice(("PNG", "JPEG", "BMP", "TIFF", "GIF")))
    changed = _fitting(out.getvalue(), data, largest)
    return atheris.Mutate(changed, largest) if chance.random() < _PICTURES_AS_BYTES else changed


def _fitting(changed: bytes, data: bytes, largest: int) -> bytes:
    """libFuzzer takes nothing longer than it asked for."""
    return changed if len(changed) <= largest else data


MUTATORS: dict[str, Callable[[bytes, int, int], bytes]] = {
    "package": mutate_package,
    "pdf": mutate_pdf,
    "picture": mutate_picture,
}
