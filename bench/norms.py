"""Texts for the benchmarks, in the manner of norms: short paragraphs that repeat each other's phrases."""

from __future__ import annotations

from app.core.text import Kind, Paragraph, ParagraphId

NORMS = (
    "States should not carry out, or knowingly allow from their territory, activity that disrupts hospitals or the "
    "services on which hospitals depend;",
    "States should not carry out, or knowingly allow from their territory, activity that disrupts the supply of water, "
    "or otherwise impairs services on which the public depends;",
    "States should take reasonable steps to protect the services on which their public depends from threats to the use "
    "of digital technologies;",
    "States should respond to reasonable requests for help by another State whose services on which the public depends "
    "are disrupted by hostile activity;",
    "States should respond to reasonable requests to stop hostile activity that comes from their territory and is "
    "aimed at the services of another State;",
    "States should take reasonable steps to keep the makers of digital products from adding hidden functions, so that "
    "the public can depend on them;",
    "States should encourage the makers of digital products to report weaknesses, and should share with each other "
    "what removes such weaknesses;",
    "States should not carry out, or knowingly support, activity that harms the teams who respond to incidents of "
    "another State;",
    "States should not use the teams who respond to incidents for hostile activity against another State;",
    "States should, in case of an incident, weigh all that is known, including its wider setting and how hard it is to "
    "say from whose territory it comes;",
    "States should respect the rights of the public in the use of digital technologies as they do outside of such use;",
    "States should share with each other what is known of the hostile use of digital technologies, and should weigh "
    "what further steps help to stop such use;",
)


def norms() -> list[Paragraph]:
    return [Paragraph(ParagraphId(f"n{at}"), Kind.PARAGRAPH, 0, text) for at, text in enumerate(NORMS)]


def long_text(paragraphs: int) -> list[Paragraph]:
    """Norms one after the other, each with words of its own; about 75 words a paragraph."""
    return [
        Paragraph(
            ParagraphId(f"p{at}"),
            Kind.OPERATIVE,
            0,
            f"In matter {at}, {NORMS[at % len(NORMS)]} in cluster {at // 7}, {NORMS[(at * 5 + 1) % len(NORMS)]} "
            f"as set out in part {at * 3} of the report, {NORMS[(at * 7 + 3) % len(NORMS)]}",
        )
        for at in range(paragraphs)
    ]
