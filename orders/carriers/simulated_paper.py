"""The simulator's label on paper: 4 x 6 inch, as PDF and as ZPL for label printers (203 dpi)."""

import unicodedata
from dataclasses import dataclass
from io import BytesIO

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas

from orders.carriers.port import Address

WIDTH, HEIGHT = 4 * inch, 6 * inch
MARGIN = 0.2 * inch


@dataclass(frozen=True)
class Paper:
    """What stands on the label."""

    carrier: str
    service: str
    tracking_number: str
    reference: str
    sender: Address
    recipient: Address
    weight_g: int


def pdf(paper: Paper) -> bytes:
    """One page; the same label gives the same bytes."""
    out = BytesIO()
    page = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1)
    page.setTitle(f"{paper.carrier} {paper.tracking_number}")
    page.setLineWidth(1.2)
    page.rect(0.1 * inch, 0.1 * inch, WIDTH - 0.2 * inch, HEIGHT - 0.2 * inch)
    _header(page, paper)
    _addresses(page, paper)
    _bars(page, paper)
    page.showPage()
    page.save()
    return out.getvalue()


def _header(page: Canvas, paper: Paper) -> None:
    page.setFont("Helvetica-Bold", 30)
    page.drawString(MARGIN, HEIGHT - 0.62 * inch, _latin(paper.service[:1].upper()))
    page.setFont("Helvetica-Bold", 15)
    page.drawString(MARGIN + 0.5 * inch, HEIGHT - 0.42 * inch, _latin(paper.carrier))
    page.setFont("Helvetica", 11)
    page.drawString(MARGIN + 0.5 * inch, HEIGHT - 0.62 * inch, _latin(paper.service))
    page.drawRightString(WIDTH - MARGIN, HEIGHT - 0.42 * inch, f"{paper.weight_g / 1000:.2f} kg")
    page.setFont("Helvetica-Bold", 8)
    page.drawRightString(WIDTH - MARGIN, HEIGHT - 0.62 * inch, "SIMULATED - NOT POSTAGE")
    page.line(0.1 * inch, HEIGHT - 0.75 * inch, WIDTH - 0.1 * inch, HEIGHT - 0.75 * inch)


def _addresses(page: Canvas, paper: Paper) -> None:
    page.setFont("Helvetica", 8.5)
    top = HEIGHT - 0.95 * inch
    for text in _lines(paper.sender):
        page.drawString(MARGIN, top, _fitting(text, 60))
        top -= 11
    page.line(0.1 * inch, HEIGHT - 1.75 * inch, WIDTH - 0.1 * inch, HEIGHT - 1.75 * inch)
    page.setFont("Helvetica-Bold", 8)
    page.drawString(MARGIN, HEIGHT - 1.95 * inch, "SHIP TO")
    top = HEIGHT - 2.22 * inch
    for text in _lines(paper.recipient):
        page.setFont("Helvetica-Bold" if text == _lines(paper.recipient)[-1] else "Helvetica", 14)
        page.drawString(MARGIN + 0.2 * inch, top, _fitting(text, 34))
        top -= 19
    page.line(0.1 * inch, 2.4 * inch, WIDTH - 0.1 * inch, 2.4 * inch)


def _bars(page: Canvas, paper: Paper) -> None:
    room = WIDTH - 2 * MARGIN
    bars = Code128(paper.tracking_number, barHeight=1.1 * inch, barWidth=1.0, quiet=0)
    thin = room / bars.width
    bars = Code128(paper.tracking_number, barHeight=1.1 * inch, barWidth=min(thin, 1.6), quiet=0)
    page.setFont("Helvetica-Bold", 9)
    page.drawCentredString(WIDTH / 2, 2.2 * inch, "TRACKING #")
    bars.drawOn(page, (WIDTH - bars.width) / 2, 0.95 * inch)
    page.setFont("Helvetica-Bold", 12)
    page.drawCentredString(WIDTH / 2, 0.72 * inch, _spaced(paper.tracking_number))
    page.line(0.1 * inch, 0.55 * inch, WIDTH - 0.1 * inch, 0.55 * inch)
    page.setFont("Helvetica", 8.5)
    page.drawString(MARGIN, 0.28 * inch, f"Ref {_fitting(paper.reference, 50)}")


def zpl(paper: Paper) -> str:
    """The same on a thermal printer; `^CI28` makes it UTF-8."""
    rows = ["^XA", "^CI28", "^PW812", "^LL1218", "^FO20,20^GB772,1178,3^FS"]
    rows += [f"^FO45,50^A0N,60,60^FD{_plain(paper.carrier)}^FS", f"^FO45,115^A0N,36,36^FD{_plain(paper.service)}^FS"]
    rows += [f"^FO560,60^A0N,36,36^FD{paper.weight_g / 1000:.2f} kg^FS", "^FO20,165^GB772,3,3^FS"]
    rows += [f"^FO45,{190 + n * 30}^A0N,24,24^FD{_plain(text)}^FS" for n, text in enumerate(_lines(paper.sender))]
    rows += ["^FO20,350^GB772,3,3^FS", "^FO45,370^A0N,24,24^FDSHIP TO^FS"]
    rows += [f"^FO80,{415 + n * 52}^A0N,42,42^FD{_plain(text)}^FS" for n, text in enumerate(_lines(paper.recipient))]
    rows += ["^FO20,720^GB772,3,3^FS", f"^FO70,770^BY3^BCN,230,N,N,N^FD{_plain(paper.tracking_number)}^FS"]
    rows += [f"^FO70,1020^A0N,36,36^FD{_spaced(paper.tracking_number)}^FS", "^FO20,1085^GB772,3,3^FS"]
    rows += [f"^FO45,1120^A0N,24,24^FDRef {_plain(paper.reference)}^FS", "^XZ"]
    return "\n".join(rows) + "\n"


def _lines(address: Address) -> list[str]:
    town = " ".join(filter(None, [address.city + ("," if address.city else ""), address.region, address.postal_code]))
    country = address.country if address.country != "US" else ""
    return [text for text in (address.name, address.line1, address.line2, town, country) if text.strip()]


def _fitting(text: str, longest: int) -> str:
    text = _latin(text)
    return text if len(text) <= longest else text[: longest - 1] + "..."


def _latin(text: str) -> str:
    """What the built-in fonts can print: accents they do not know are dropped, the letter stays."""
    kept = []
    for letter in text:
        try:
            letter.encode("cp1252")
            kept.append(letter)
        except UnicodeEncodeError:
            kept.append(unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or "?")
    return "".join(kept)


def _plain(text: str) -> str:
    """Without the characters that begin a command of the printer."""
    return text.replace("^", " ").replace("~", " ").replace("\n", " ")[:60]


def _spaced(number: str) -> str:
    return " ".join(number[n : n + 4] for n in range(0, len(number), 4))
