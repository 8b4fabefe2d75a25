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
    Reason.COVER: {
        "nl": "U hebt gekozen voor een vast bericht, ook als er niets nieuws is.",
        "en": "You chose a fixed message, also when there is nothing new.",
    },
    Reason.RIGHT_LAPSES: {
        "nl": "Een recht loopt af. Daarom hoort uw vertegenwoordiger het nu.",
        "en": "A right runs out. So your representative hears of it now.",
    },
    Reason.DECEASED: {
        "nl": "Deze persoon is overleden. Er gaat geen bericht meer uit.",
        "en": "This person has died. No message goes out any more.",
    },
    Reason.CONFLICT: {
        "nl": "Deze ontvanger mag dit niet horen. Een hulpverlener kijkt ernaar.",
        "en": "This recipient may not hear this. A care worker looks at it.",
    },
    Reason.CONFLICT_DOUBT: {
        "nl": "Het is niet duidelijk of dit veilig kan. Een hulpverlener beslist.",
        "en": "It is not clear whether this is safe. A care worker decides.",
    },
    Reason.MANDATE_ENDED: {
        "nl": "Deze vertegenwoordiger mag nu niet voor u optreden. Daarom sturen wij niets.",
        "en": "This representative may not act for you now. So we send nothing.",
    },
    Reason.DOES_NOT_KNOW: {
        "nl": "Een hulpverlener moet hier eerst over praten. Tot dan sturen wij niets.",
        "en": "A care worker has to talk about this first. Until then we send nothing.",
    },
    Reason.AGE_UNKNOWN: {
        "nl": "Wij weten de leeftijd niet goed genoeg. Een hulpverlener zoekt dat eerst uit.",
        "en": "We do not know the age well enough. A care worker finds that out first.",
    },
    Reason.FOR_REPRESENTATIVES: {
        "nl": "U bent jonger dan 12. Wie voor u zorgt, hoort het en beslist.",
        "en": "You are younger than 12. Those who care for you hear it and decide.",
    },
    Reason.AUTHORITY_UNCLEAR: {
        "nl": "Het is niet duidelijk wie voor u mag beslissen. Een hulpverlener zoekt dat uit.",
        "en": "It is not clear who may decide for you. A care worker finds that out.",
    },
    Reason.CONSENT_MISSING: {
        "nl": "Niet iedereen die moet kiezen, heeft gekozen. Een hulpverlener vraagt het.",
        "en": "Not everyone who has to choose has chosen. A care worker will ask.",
    },
    Reason.ADULT_NOW: {
        "nl": "U bent nu 18. U kiest nu zelf. Een hulpverlener vraagt u wat u wilt.",
        "en": "You are 18 now. You choose for yourself now. A care worker will ask you what you want.",
    },
    Reason.NOT_CHOSEN: {
        "nl": "Er is niet gekozen dat deze persoon het hoort. Daarom sturen wij die niets.",
        "en": "Nobody chose that this person hears it. So we send them nothing.",
    },
    Reason.THROUGH_LAWYER: {
        "nl": "U hebt gekozen om dit via uw advocaat te horen.",
        "en": "You chose to hear this through your lawyer.",
    },
    Reason.NO_LAWYER: {
        "nl": "U koos om dit via een advocaat te horen. Die is er nu niet. Een hulpverlener belt u.",
        "en": "You chose to hear this through a lawyer. There is none now. A care worker will call you.",
    },
    Reason.QUARANTINED: {
        "nl": "Er is iets dat eerst een mens moet nakijken. Tot dan wordt het niet verteld.",
        "en": "There is something that a human has to check first. Until then it is not told.",
    },
    Reason.RIGHT_LAPSED: {
        "nl": "De tijd voor dit recht is voorbij. Dat staat in het register.",
        "en": "The time for this right is over. The register says so.",
    },
    Reason.HARM: {
        "nl": "Het ging misschien niet goed met u. Daarom sturen wij nu niets. Een hulpverlener belt u.",
        "en": "Perhaps things were not going well. So we send nothing now. A care worker will call you.",
    },
    Reason.UNOPENED: {
        "nl": "U hebt onze laatste berichten niet gelezen. Een hulpverlener belt u om te vragen wat u wilt.",
        "en": "You did not read our last messages. A care worker will call to ask what you want.",
    },
    Reason.QUIET: {
        "nl": "U hebt voor deze dagen rust gekozen. U hoort dit niet eerder dan {date}.",
        "en": "You chose quiet for these days. You hear this on {date} at the earliest.",
    },
    Reason.HOURS: {
        "nl": "U hebt een vaste dag of tijd gekozen. U hoort dit niet eerder dan {date}.",
        "en": "You chose a fixed day or time. You hear this on {date} at the earliest.",
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
