"""A text as a PDF file with line numbers, tagged for screen readers. Pure: the words in, bytes out."""

from app.core.pdf.writing import PdfLabels, to_pdf

__all__ = ["PdfLabels", "to_pdf"]
