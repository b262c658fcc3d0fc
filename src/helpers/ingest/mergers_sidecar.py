"""The events that the rows of texts tell of, and the sidecar of ``mergers.csv``."""

from helpers.sidecars import Column, Licence, Sidecar

# date, event, groups, direction, place, status, pattern over "date | event | groups" of a text's row
EVENTS: list[tuple[str, str, str, str, str, str, str]] = [
    ("2007-12", "TTP formed", "about 13 groups", "merger", "", "verified", r"formation of TTP"),
    ("2014-02", "Ahrar-ul-Hind leaves TTP", "Ahrar-ul-Hind", "split", "", "verified", r"^2014-02 "),
    ("2014-05-28", "Mehsud faction leaves TTP", "Mehsud faction of Khan Said Sajna", "split",
     "South Waziristan", "verified", r"^2014-05-28"),
    ("2014-09", "Ahrar-ul-Hind joins Jamaat-ul-Ahrar", "Ahrar-ul-Hind; Jamaat-ul-Ahrar", "merger", "",
     "verified", r"^2014-09 "),
    ("2014-09-04", "Jamaat-ul-Ahrar leaves TTP", "Jamaat-ul-Ahrar", "split", "Mohmand", "verified",
     r"^2014(?:-09-04)? \| split.*Jamaat-ul-Ahrar"),
    ("2014-10", "TTP commanders pledge to Islamic State",
     "Shahidullah Shahid; Hafiz Saeed Khan; Hafiz Dolat Khan; Gul Fateh; Mufti Hassan; Khalid Mansoor",
     "split", "Orakzai; Kurram; Khyber; Peshawar; Hangu", "verified", r"^2014-10"),
    ("2014-11-07", "TTP and Lashkar-e-Islam join hands", "TTP; Lashkar-e-Islam", "alliance", "Khyber",
     "verified", r"^2014-11-07"),
    ("2015-02", "Joint committee of four groups", "TTP; Lashkar-e-Islam; Jamaat-ul-Ahrar; IS Khorasan",
     "alliance", "Khyber", "verified", r"^2015-02"),
    ("2015-03-12", "Jamaat-ul-Ahrar and Lashkar-e-Islam join TTP", "TTP; Jamaat-ul-Ahrar; Lashkar-e-Islam",
     "merger", "Khyber", "verified", r"^2015-03-12"),
    ("2015-08-03", "Followers of Baitullah Mehsud pledge to Islamic State", "followers of Baitullah Mehsud",
     "split", "Waziristan", "verified", r"^2015-08-03"),
    ("2017", "Hizb-ul-Ahrar leaves Jamaat-ul-Ahrar", "Hizb-ul-Ahrar", "split", "", "verified", r"^2017 \|"),
    ("2017-10-30", "BLA and BLF ally", "BLA; BLF", "alliance", "Balochistan", "verified", r"^2017-10-30"),
    ("2018-04-20", "Baloch Republican Guard joins the alliance of BLA and BLF",
     "Baloch Republican Guard; BLA; BLF", "alliance", "Balochistan", "verified", r"^2018-04-20"),
    ("2018-11-10", "BRAS formed", "BLA; BLF; Baloch Republican Guard; BRA (Gulzar Imam)", "alliance",
     "Balochistan", "verified", r"^2018(?:-11-10)? \| BRAS formed"),
    ("2020-07-25", "BRAS and Sindhudesh Revolutionary Army ally", "BRAS; Sindhudesh Revolutionary Army",
     "alliance", "Sindh", "partly", r"BRAS-SRA|SRA joins"),
    ("2020-08", "Followers of Asmatullah Muawiya rejoin TTP", "Punjabi Taliban of Asmatullah Muawiya",
     "merger", "", "partly", r"Punjabi Taliban"),
    ("2020-08", "Commanders of the Shehryar Mehsud group rejoin TTP",
     "commanders of the Shehryar Mehsud group", "merger", "", "partly", r"Sheheryar Mehsud group"),
    ("2020-08", "Lashkar-e-Jhangvi said to rejoin TTP", "Lashkar-e-Jhangvi", "merger", "", "unverified",
     r"^2020-08.*\| Lashkar-e-Jhangvi"),
    ("2020-08-17", "Jamaat-ul-Ahrar and Hizb-ul-Ahrar rejoin TTP", "Jamaat-ul-Ahrar; Hizb-ul-Ahrar; TTP",
     "merger", "Paktia and Kunar, Afghanistan", "verified", r"^2020-08(?:-17)? \|"),
    ("2020-12", "Aleem Khan group of Hafiz Gul Bahadur joins TTP", "Aleem Khan group", "merger",
     "North Waziristan", "verified", r"^2020-12"),
    ("2021-04", "Madakhel group joins TTP", "group of Mustafa Doga Madakhel", "merger",
     "Datta Khel, North Waziristan", "partly", r"^2021-04"),
    ("2021-06", "Groups listed by the United Nations as rejoined to TTP",
     "Shehryar Mehsud group; Jamaat-ul-Ahrar; Hizb-ul-Ahrar; Amjad Farooqi group; Usman Saifullah group",
     "merger", "", "partly", r"^2021-06 "),
    ("2021-10-06", "Three commanders of the Shehryar Mehsud faction pledge to TTP",
     "Sher Alam; Asad; Hameed (Shehryar Mehsud faction)", "merger", "", "verified", r"^2021-10-06"),
    ("2022-01-11", "Baloch Nationalist Army formed", "Baloch Republican Army; United Baloch Army", "merger",
     "Balochistan", "verified", r"^2022-01-11"),
    ("2022-06", "Aslam Baloch group joins TTP", "Aslam Baloch group", "merger", "Noshki, Balochistan",
     "verified", r"Aslam Baloch|two Baloch militant groups"),
    ("2022-12-23", "Mazar Baloch group joins TTP", "Mazar Baloch group", "merger", "Makran, Balochistan",
     "verified", r"Mazar Baloch|two Baloch militant groups"),
    ("2023-04", "Akram Baloch group joins TTP", "Akram Baloch group", "merger", "Kalat, Balochistan",
     "verified", r"Akram Baloch"),
    ("2023-04", "Asim Baloch group joins TTP", "Asim Baloch group", "merger", "Quetta, Balochistan",
     "verified", r"Asim Baloch"),
    ("2023-12-20", "Baloch Nationalist Army dissolved", "Baloch Nationalist Army", "split", "Balochistan",
     "verified", r"BNA dissolved"),
    ("2025-01", "Ali Dawar group of Hafiz Gul Bahadur joins TTP", "Ali Dawar group", "merger",
     "North Waziristan", "verified", r"^2025-01"),
    ("2025-02", "Count of factions that joined TTP", "about 75 factions", "count", "", "verified",
     r"^2025-02"),
    ("2025-04", "Ittihad-ul-Mujahideen Pakistan formed",
     "Hafiz Gul Bahadur group; Lashkar-e-Islam; Harkat-e-Inqilab-e-Islami Pakistan", "alliance", "",
     "partly", r"^2025-04"),
    ("2025-07", "Muhammad Baloch group pledges to TTP", "group of Muhammad Baloch", "merger",
     "Kalat, Balochistan", "partly", r"Muhammad Baloch group"),
    ("2025-07-18", "Count of factions that joined TTP", "over 60 factions", "count", "", "verified",
     r"^2025-07-18"),
]

# Rows that tell of no merger, split or alliance: make-up of an organisation, talks without result, and a
# count of Baloch groups whose members are events above.
NO_EVENT = (r"TTP make-up|administrative units|merger talks|seeks merger with al-Qaeda|count of Baloch groups"
            r"|umbrella of 56")

SIDECAR = Sidecar(
    producer="The compendium's authors, from the texts in column url",
    title="Mergers, splits and alliances of militant groups in Pakistan",
    description="Dated events, each collapsed from the rows of the texts that tell of it.",
    citation_full="The compendium's authors: mergers, splits and alliances, from the texts named in column "
                  "url.",
    version="collection closed 2026-11-23",
    url="see column url",
    date_accessed="2026-11-23",
    licence=Licence(name="facts; each event with its addresses", url=""),
    redistribution="dates, names, places and addresses only; the texts stay with their publishers",
    built_by="python -m helpers.ingest mergers mergers_more.csv militant_mergers_and_splits.csv",
    notes=[
        "Not a complete list: of the 22 groups that a text counts by December 2022, only a few are named "
        "here.",
        "Cumulative counts since July 2020 as printed conflict: 22 (December 2022), about 75 (February "
        "2025), over 60 (July 2025). Rows with direction count are such statements, not events: leave them "
        "out when counting.",
        "The article's 65 factions since July 2020 and 17 in 2024 stand in article.csv; no other text has "
        "them.",
        "status partly: the day or month is that of the text, or one source only reports it; unverified: the "
        "text itself calls it unconfirmed.",
        "2020-07-25 (BRAS and Sindhudesh Revolutionary Army): the day is from chronology.csv, the rows give "
        "the year.",
        "Left out: talks without result (2023, 2024), a list of administrative units, sizes of an umbrella.",
    ],
    key=["date", "event"],
    columns={
        "date": Column(type="date", meaning="day, month or year of the event, as far as known"),
        "event": Column(type="string", meaning="what happened, in our words"),
        "groups": Column(type="string", meaning="groups or leaders, separated by semicolons"),
        "direction": Column(type="string", meaning="merger, split, alliance, or count (a statement of a "
                                                   "stock)",
                            allowed=["merger", "split", "alliance", "count"]),
        "place": Column(type="string", meaning="place as the texts give it", nullable=True),
        "cumulative_since_2020_07": Column(type="integer", unit="groups", nullable=True, minimum=0,
                                           meaning="groups that joined TTP since July 2020, as printed"),
        "n_sources": Column(type="integer", unit="texts", meaning="number of addresses", minimum=1),
        "url": Column(type="string", meaning="addresses, separated by ' | '"),
        "status": Column(type="string", meaning="see notes", allowed=["verified", "partly", "unverified"]),
    },
)
