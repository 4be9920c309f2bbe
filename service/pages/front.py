"""The front page: in plain words, what answers at this address, what it never does, and where to read on."""

from models.markup import Markup, bullets, code, element, paragraph, section, text
from models.plain_words import STAMP
from service.answers.authority import NOBODY, Authority
from service.live import Live, Standby
from service.model_sheet.style import STYLE

TITLE = "Early identification"
_NOTHING = "No model is in use at the moment, so no score is given."


def front_page(live: Live | Standby, authority: Authority = NOBODY, *, evaluation: bool) -> str:
    """Return the page as HTML; it tells nothing that a stranger may not know."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en-GB">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"{element('title', text(TITLE))}<style>{STYLE}</style></head>",
            "<body>",
            element("header", element("h1", text(TITLE)), *_stamp(evaluation=evaluation)),
            element("main", *_what(), *_now(live), *_about_a_child(), *_who(authority), *_for_programs(), id="main"),
            "</body></html>",
            "",
        ]
    )


def _stamp(*, evaluation: bool) -> list[Markup]:
    return [element("p", text(STAMP[0].upper() + STAMP[1:]), class_="stamp")] if evaluation else []


def _what() -> list[Markup]:
    return [
        paragraph(
            text(
                "This is a service of a local authority. The case systems of people who work with families ask it, child by "
                "child, how likely it is that a child will need more help at a later age, from what agencies already know."
            )
        ),
        paragraph(
            text(
                "An answer is a number with a range, and the reasons for it in words. It suggests whom to offer support to. "
                "It decides nothing: people decide, and they can disagree with it."
            )
        ),
    ]


def _now(live: Live | Standby) -> list[Markup]:
    said = _NOTHING if isinstance(live, Standby) else _in_use(live)
    return [
        section(
            "now",
            "What is in use now",
            paragraph(text(said)),
            paragraph(text("Two pages tell of it:")),
            bullets(
                [
                    Markup(
                        _link("/v1/model/pack", "the pack of its board") + text(": how it was audited across groups")
                    ),
                    Markup(_link("/v1/model/curves", "the whole model") + text(": every curve, in drawings and words")),
                ]
            ),
            paragraph(
                text(
                    "They open for a system that says who asks; a browser alone is refused. A board, or anybody whom the "
                    "authority lets read them, has them as files from those who run this service: "
                ),
                code("earlyid pack --live --out FOLDER"),
                text(" writes the pack, and "),
                code("earlyid model show BUNDLE --out FILE"),
                text(" the whole model."),
            ),
        )
    ]


def _in_use(live: Live) -> str:
    named = f"“{live.bundle.contract.label}”, bundle {live.bundle.id[:12]}"
    if live.released is None:
        return f"The model in use is {named}."
    at = live.released.at
    return f"The model in use is {named}, since {at.day} {at:%B %Y}. Two people signed its release; it was decided that it may be used."


def _who(authority: Authority) -> list[Markup]:
    """Return who answers for the scores, as the authority has it; nothing where it is not said."""
    told = [
        (authority.controller, "Responsible"),
        (authority.enquiries, "Questions"),
        (authority.human_contact, "Talk to a person"),
        (authority.challenge, "Challenge a score"),
        (authority.privacy_notice, "Privacy notice"),
        (authority.how_to_object, "Ask that no score is given"),
    ]
    known = [Markup(text(f"{name}: ") + _said(words)) for words, name in told if words is not None]
    return [section("who", "Who answers for it, and where to turn", bullets(known))] if known else []


def _said(words: str) -> Markup:
    # Whoever writes the authority file may write an address, or a sentence with one in it.
    return _link(words, words) if words.startswith("https://") and " " not in words else text(words)


def _about_a_child() -> list[Markup]:
    return [
        section(
            "child",
            "If there is a score about you or your child",
            bullets(
                [
                    text(
                        "You can ask the authority what was said about your child, when, to whom, and on what it rested."
                    ),
                    text(
                        "You can have what is wrong put right; the score is then worked out again, and the old one kept."
                    ),
                    text("You can challenge a score, and ask that none is given of your child."),
                    text(
                        "Nobody can look up a child on this page. Ask the team that works with you, or the authority."
                    ),
                ]
            ),
        )
    ]


def _for_programs() -> list[Markup]:
    return [
        section(
            "programs",
            "For those who connect a case system",
            paragraph(
                text("What can be asked, and how, stands in "),
                _link("/openapi.json", "the description of the interface"),
                text(". Every call but this page and the two probes says who asks."),
            ),
        )
    ]


def _link(address: str, words: str) -> Markup:
    return element("a", text(words), href=address)
