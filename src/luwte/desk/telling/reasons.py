"""The sentence for each reason, in Dutch (B1) and English. No framework, no clock, no database."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from luwte.desk.telling.values import Decision, Reason

NO_END = {"nl": "een latere dag", "en": "a later day"}
MONTHS = (
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
)

SENTENCES: dict[Reason, dict[str, str]] = {
    Reason.DUE: {
        "nl": "Er is nieuws, en u hebt gekozen om dat nu te horen.",
        "en": "There is news, and you chose to hear it now.",
    },
    Reason.CALL_CHOSEN: {
        "nl": "Er is nieuws, en u hebt gekozen voor een gesprek. Een hulpverlener belt u.",
        "en": "There is news, and you chose a talk. A care worker will call you.",
    },
    Reason.NEVER_ASKED: {
        "nl": "Er is nog niet gevraagd wat u wilt. Eerst praat een hulpverlener met u. "
        "Tot dan sturen wij niets.",
        "en": "You were not asked yet what you want. A care worker talks with you first. "
        "Until then we send nothing.",
    },
    Reason.NOT_CONFIRMED: {
        "nl": "Er is iets dat lijkt op bekend materiaal. Niemand heeft het bevestigd. "
        "Daarom wordt het niet verteld.",
        "en": "Something resembles known material. Nobody confirmed it. So it is not told.",
    },
    Reason.NOT_WANTED: {
        "nl": "U hebt gekozen om hier niets over te horen. Daarom sturen wij niets.",
        "en": "You chose to hear nothing about this. So we send nothing.",
    },
    Reason.WISH_ENDED: {
        "nl": "Wat u koos, gold tot een bepaalde dag. Die dag is voorbij. "
        "Een hulpverlener vraagt u wat u nu wilt.",
        "en": "What you chose had an end date. That day is over. "
        "A care worker will ask you what you want now.",
    },
    Reason.PAUSED: {
        "nl": "U hebt een pauze gekozen, tot {date}. Wat er is, blijft voor u bewaard.",
        "en": "You chose a pause, until {date}. What there is, is kept for you.",
    },
    Reason.HELD_BY_CARE: {
        "nl": "Uw hulpverlener heeft een pauze gezet, tot {date}. Wat er is, blijft voor u bewaard.",
        "en": "Your care worker set a pause, until {date}. What there is, is kept for you.",
    },
    Reason.ONLY_WHEN_ASKED: {
        "nl": "U hebt gekozen om zelf te vragen of er iets is. Daarom sturen wij niets uit onszelf.",
        "en": "You chose to ask yourself whether there is anything. So we send nothing by ourselves.",
    },
    Reason.CHANNEL_STOPPED: {
        "nl": "De weg die u koos, werkt nu niet. Wij kiezen geen andere weg voor u. "
        "Een hulpverlener zoekt met u een oplossing.",
        "en": "The way you chose does not work now. We choose no other way for you. "
        "A care worker looks for a solution with you.",
    },
    Reason.ON_ITS_WAY: {
        "nl": "Er is al een bericht naar u onderweg. De rest komt later, in uw eigen ritme.",
        "en": "A message to you is on its way. The rest follows later, in your own rhythm.",
    },
    Reason.OTHER_CHANNEL: {
        "nl": "U krijgt nu een bericht langs een andere weg. "
        "Dit komt later, langs de weg die u hiervoor koos.",
        "en": "You get a message another way now. This follows later, the way you chose for it.",
    },
    Reason.RHYTHM: {
        "nl": "U hebt een ritme gekozen. Daarom hoort u dit niet eerder dan {date}.",
        "en": "You chose a rhythm. So you hear this on {date} at the earliest.",
    },
    Reason.CEILING: {
        "nl": "U hoort hoogstens eens per week van ons. Daarom hoort u dit niet eerder dan {date}.",
        "en": "You hear from us at most once a week. So you hear this on {date} at the earliest.",
    },
    Reason.NOTHING_NEW: {
        "nl": "Er is nu niets nieuws om te vertellen.",
        "en": "There is nothing new to tell now.",
    },
}


def explain(decision: Decision, language: str, zone: ZoneInfo) -> str:
    """Return the sentence for `decision` in `language` (nl or en), with dates in the person's own `zone`."""
    when = decision.next_at
    date = day(when, language, zone) if when else NO_END[language]
    return SENTENCES[decision.reason][language].format(date=date)


def day(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """Return the day of `moment` in `zone`, written out: 3 maart 2026, 3 March 2026."""
    local = moment.astimezone(zone)
    return f"{local.day} {MONTHS[language == 'en'][local.month - 1]} {local.year}"
