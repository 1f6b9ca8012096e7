"""Photographs and traces, drawn. Pillow is imported on use: the web worker never loads it."""

from io import BytesIO
from math import cos, exp, radians, sin
from random import Random

from models.demonstration.pages import Sheet, pdf

# one heartbeat as (position in the beat, width, height): P, Q, R, S, T waves
HEARTBEAT = (
    (0.2, 0.03, 6),
    (0.36, 0.009, -7),
    (0.4, 0.012, 52),
    (0.44, 0.011, -14),
    (0.66, 0.05, 11),
)
LEADS = (("I", 0.6), ("II", 1.0), ("III", 0.5), ("aVR", -0.8), ("aVL", 0.4), ("aVF", 0.8))


def encoded(image, form: str, **options) -> bytes:
    buffer = BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def page_image(sheet: Sheet, scale: float):
    # PDFium has accented letters; the font that Pillow carries has none
    import pypdfium2

    with pypdfium2.PdfDocument(pdf(sheet)) as document:
        return document[0].render(scale=scale).to_pil().convert("RGB")


def shadow(size):
    """The light of a kitchen: bright at one corner, dim at the other."""
    from PIL import Image

    small = Image.new("L", (8, 8))
    small.putdata([255 - 5 * x - 6 * y for y in range(8) for x in range(8)])
    return small.resize(size, Image.Resampling.BICUBIC)


def photo(sheet: Sheet) -> bytes:
    from PIL import Image, ImageChops, ImageDraw

    random = Random(f"{sheet.title} {sheet.dated}")
    paper = page_image(sheet, 1.35)
    paper = paper.crop((0, 0, paper.width, int(paper.height * 0.72))).convert("RGBA")
    paper = paper.rotate(random.uniform(-2.5, 2.5), Image.Resampling.BICUBIC, expand=True)
    table = Image.new("RGB", (paper.width + 90, paper.height + 90), (128, 92, 62))
    draw = ImageDraw.Draw(table)
    for y in range(0, table.height, 3):
        tone = random.randint(-9, 9)
        draw.line((0, y, table.width, y), (128 + tone, 92 + tone, 62 + tone), 2)
    table.paste(paper, (45, 45), paper)
    lit = ImageChops.multiply(table, Image.merge("RGB", [shadow(table.size)] * 3))
    return encoded(lit, "JPEG", quality=52, optimize=True)


def card(sheet: Sheet) -> bytes:
    page = page_image(sheet, 1.6)
    return encoded(page.crop((0, 0, page.width, int(page.height * 0.45))), "JPEG", quality=60)


def beat_height(position: float) -> float:
    return sum(
        height * exp(-(((position - center) / width) ** 2)) for center, width, height in HEARTBEAT
    )


def graph_paper(size):
    from PIL import Image, ImageDraw

    image = Image.new("RGB", size, (255, 246, 244))
    draw = ImageDraw.Draw(image)
    for step, color in ((8, (250, 222, 218)), (40, (238, 178, 172))):
        for x in range(0, size[0], step):
            draw.line((x, 0, x, size[1]), color)
        for y in range(0, size[1], step):
            draw.line((0, y, size[0], y), color)
    return image, draw


def ecg(sheet: Sheet) -> bytes:
    image, draw = graph_paper((1040, 800))
    random = Random(sheet.title)
    for number, (lead, gain) in enumerate(LEADS):
        base = 120 + number * 120
        draw.text((12, base - 60), lead, (20, 20, 40), font_size=20)
        trace = [
            (x, base - gain * beat_height((x % 172) / 172) + random.uniform(-0.8, 0.8))
            for x in range(0, 1040, 2)
        ]
        draw.line(trace, (20, 20, 60), 2, joint="curve")
    heading = f"Odette EXEMPLE   {sheet.dated:%d/%m/%Y}   25 mm/s   10 mm/mV   Document fictif"
    draw.text((12, 8), heading, (20, 20, 40), font_size=20)
    return encoded(image.quantize(48), "PNG", optimize=True)


# knee: polygons in a 600 x 800 picture, with the brightness of each (flesh, bones, kneecap)
KNEE = (
    (62, ((170, 0), (440, 0), (450, 330), (430, 460), (425, 800), (190, 800), (165, 430))),
    (150, ((240, 0), (350, 0), (356, 250), (412, 340), (405, 398), (320, 384), (300, 372),
           (270, 388), (196, 398), (188, 340), (236, 250))),
    (158, ((196, 418), (300, 410), (408, 418), (402, 470), (345, 560), (335, 800), (248, 800),
           (252, 560), (204, 480))),
    (132, ((396, 492), (424, 500), (414, 560), (410, 800), (386, 800), (388, 560))),
    (196, ((262, 250), (330, 246), (346, 300), (318, 350), (272, 348), (250, 300))),
)  # fmt: skip
MARROW = (
    ((272, 0), (320, 0), (326, 230), (266, 230)),
    ((272, 570), (318, 570), (314, 800), (270, 800)),
)


def xray(sheet: Sheet) -> bytes:
    from PIL import Image, ImageChops, ImageDraw, ImageFilter

    image = Image.new("L", (600, 800), 12)
    for brightness, outline in KNEE:
        layer = Image.new("L", image.size)
        ImageDraw.Draw(layer).polygon(outline, brightness)
        image = ImageChops.lighter(image, layer.filter(ImageFilter.GaussianBlur(7)))
    hollow = Image.new("L", image.size)
    for outline in MARROW:
        ImageDraw.Draw(hollow).polygon(outline, 45)
    image = ImageChops.subtract(image, hollow.filter(ImageFilter.GaussianBlur(9)))
    draw = ImageDraw.Draw(image)
    draw.text((20, 20), f"EXEMPLE Odette  {sheet.dated:%d/%m/%Y}", 235, font_size=20)
    draw.text((20, 760), "Image fictive", 235, font_size=18)
    draw.text((545, 380), "D", 235, font_size=36)
    return encoded(image.quantize(40), "PNG", optimize=True)


def grow_vessel(draw, random, start, heading, width) -> None:
    x, y = start
    while width > 1:
        heading += random.uniform(-13, 13)
        end = x + 17 * cos(radians(heading)), y + 17 * sin(radians(heading))
        draw.line((x, y, *end), (128, 26, 14), round(width))
        x, y = end
        width -= 0.19
        if width > 2 and random.random() < 0.2:
            grow_vessel(draw, random, end, heading + random.choice((-38, 38)), width - 1.2)


def retina(sheet: Sheet) -> bytes:
    from PIL import Image, ImageDraw, ImageFilter

    image = Image.new("RGB", (800, 800), (8, 4, 3))
    draw = ImageDraw.Draw(image)
    for step in range(90):
        radius = 370 - 4 * step
        draw.circle((400, 400), radius, (150 + step // 2, 58 + step // 3, 22 + step // 6))
    for step in range(20):
        draw.circle((520, 415), 66 - 3 * step, (186 - step, 78 - step, 34 - step // 2))
    random = Random(sheet.title)
    for heading in (62, 105, 140, 215, 250, 292, 330, 20):
        grow_vessel(draw, random, (245, 400), heading, 7)
    draw.circle((245, 400), 46, (246, 206, 120))
    draw.circle((238, 400), 20, (255, 236, 176))
    image = image.filter(ImageFilter.GaussianBlur(2))
    frame = Image.new("L", image.size)
    ImageDraw.Draw(frame).circle((400, 400), 368, 255)
    image = Image.composite(image, Image.new("RGB", image.size, (8, 4, 3)), frame)
    label = f"OG   {sheet.dated:%d/%m/%Y}   image fictive"
    ImageDraw.Draw(image).text((14, 770), label, (230, 230, 230), font_size=18)
    return encoded(image, "JPEG", quality=70)
