"""What stands around an article without being it: end marks, contacts, "read more", page marks, repeated paragraphs."""

# ruff: noqa: E501 - a pattern is read best on one line

from __future__ import annotations

import re

from briefings.find import signoffs
from briefings.find.key_points import bare, fold
from briefings.find.layout import Layout, Part

_PAGE_MARK = re.compile(r"[\W_]*\[?(?:PAGE[ \t]\d+[ \t](?:START|END)\]?|Page[ \t]\d+(?:[ \t](?:of|/)[ \t]\d+)?)[\W_]*")
_RELEASE = re.compile(
    r"\W*(?:for immediate (?:release|use|publication)|(?:strictly )?embargo(?:ed)?\b[^\n]{0,80}|(?:press|news|media) (?:release|statement)"
    r"|(?:pour )?diffusion immédiate|sous embargo\b[^\n]{0,80}|communiqué de presse|para (?:su )?(?:publicación|difusión) inmediata"
    r"|comunicado de prensa|nota de prensa|بيان صحفي|للنشر الفوري)\W*",
    re.IGNORECASE,
)
_END = re.compile(
    r"\W*(?:/?ENDS?/?|/?ends/?|FIN|-30-|–30–|30)\W*|#{3}|#[ \t]#[ \t]#|\(END\)|\(FIN\)|(?:-|–|—)[ \t]?انتهى[ \t]?(?:-|–|—)?|انتهى"
)
_NUMBER_END = re.compile(r"30")
_CONTACT = re.compile(
    r"(?:notes? (?:to|for) (?:the )?editors?|editor['’]?s? notes?|media contacts?|press contacts?|contacts?(?: details| information)?(?=[ \t]*(?::|$))|for (?:more|further) information[^.\n]{0,60}(?:contact|visit|please)|for (?:media|press) (?:enquiries|inquiries|queries)"
    r"|for interviews|contacts? presse|contact médias|pour (?:plus d['’]informations|toute information)|notes? aux (?:rédacteurs|rédactions)|para (?:más|mayor) información|contacto(?: de)? prensa|notas? (?:para|a) los editores|للمزيد من المعلومات|للاتصال|للتواصل)\b[ \t]*[:,.]?",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:read (?:more|also|next|the full)|also read|see also|see more|related(?: (?:articles?|stories|news|content|links?|topics?))?|more (?:on this|stories|from)|recommended|you may also like|don['’]t miss"
    r"|lire aussi|lire la suite|à lire(?: aussi)?|voir aussi|sur le même sujet|en savoir plus|lea (?:también|más)|leer más|te puede interesar|le puede interesar|ver también|vea también|más información"
    r"|اقرأ (?:أيضا|أيضًا|أيضاً|المزيد)|شاهد (?:أيضا|أيضًا|أيضاً)|مواضيع ذات صلة|للمزيد)[ \t]*[:|»>…-]",
    re.IGNORECASE,
)
_MORE_ALONE = re.compile(
    r"(?:read more|related|see also|related (?:articles?|stories|news|content|links?)|more|advertisement|share(?: this)?(?: article| story)?|print|tweet|comments?|subscribe|sign up|download|lire aussi|publicité|partager|lea también|publicidad|compartir|اقرأ أيضا|شارك)\W*",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"(?:follow (?:us|@?\w+) on|follow @|like us on|join (?:us|our)|sign up (?:for|to)|subscribe (?:to|for|now)|click here|download (?:the|our|from)|get the app|share this|this site uses cookies|we use cookies|support our|donate (?:now|to)"
    r"|suivez[- ]nous|abonnez-vous|cliquez ici|téléchargez|síganos|síguenos|suscríbase|suscríbete|haga clic|descargue|تابعونا|تابعنا|اشترك|اضغط هنا|انقر هنا)\b",
    re.IGNORECASE,
)


def mark_page_marks(layout: Layout) -> None:
    """Mark the page marks that converters leave (``[PAGE 1 START]``), and the line that heads a press release."""
    for block in layout.seed.blocks[:4]:
        if _RELEASE.fullmatch(block.text):
            layout.add(Part(block.start, block.end, "advisory", "line that heads a release", "release"))
    for block in layout.seed.blocks:
        if len(block.text) < 60 and _PAGE_MARK.fullmatch(block.text):
            layout.add(Part(block.start, block.end, "page mark", "page mark", "page-mark"))


def mark_end(layout: Layout) -> None:
    """Mark an end mark and all that follows: the article is over there. It must come after most of the text."""
    blocks = layout.seed.blocks
    for index, block in enumerate(blocks):
        if index < 2 or len(block.text) > 12 or not _END.fullmatch(block.text) or _NUMBER_END.fullmatch(block.text):
            continue
        if block.start < 0.4 * len(layout.seed.text):
            continue
        layout.add(Part(block.start, block.end, "end", "end mark", "end-mark"))
        for other in blocks[index + 1 :]:
            if signoffs.mark_rights(layout, other):
                continue
            for span in list(layout.free(other)):
                layout.add(Part(*span, "after end", "after the end mark", "end-mark"))
        return


def mark_duplicates(layout: Layout) -> None:
    """Mark paragraphs that were printed before, and a headline printed again."""
    text = layout.seed.text
    heads = [(part.start, part.end) for part in layout.of("title")]
    heads = heads or [span for part in layout.of("header") for span in part.spans("title")]
    title = fold(" ".join(text[start:end] for start, end in heads))
    seen: set[str] = set()
    for number, (_, block) in enumerate(list(layout.open_blocks())):
        spans = list(layout.free(block))
        if spans != [(block.start, block.end)]:
            continue
        words = fold(block.text[bare(block.text) :])
        if title and words == title and number < 4:
            layout.add(Part(block.start, block.end, "duplicate", "repeats the headline", "repeated"))
        elif len(words) >= 40 and words in seen:
            layout.add(Part(block.start, block.end, "duplicate", "repeats a paragraph above", "repeated"))
        seen.add(words)


def mark(layout: Layout) -> None:
    """Mark links to other articles, calls to follow or subscribe, and contacts at the end."""
    blocks = [block for _, block in layout.open_blocks()]
    total = sum(len(block.text) for block in blocks)
    at = 0
    for number, block in enumerate(blocks):
        content = block.text[bare(block.text) :] if block.kind == "item" else block.text
        at += len(block.text)
        if number and (match := _CONTACT.match(content)) and at > 0.5 * total:
            rest = total - at + len(block.text)
            label_only = match.end() >= len(content.rstrip(" :")) - 1
            for other in blocks[number:] if rest < 0.4 * total and (label_only or rest < 1500) else [block]:
                for span in list(layout.free(other)):
                    layout.add(Part(*span, "contact", "contact or note to editors", "contact"))
            if rest < 0.4 * total:
                return
        elif len(content) <= 220 and (
            _MORE.match(content) or (number and _MORE_ALONE.fullmatch(content)) or _CALL.match(content)
        ):
            for span in list(layout.free(block)):
                layout.add(Part(*span, "boilerplate", "link or call that is not part of the article", "boilerplate"))
