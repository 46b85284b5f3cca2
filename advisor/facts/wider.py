"""The referral, the household, events, services and meetings."""

from __future__ import annotations

from typing import Literal

from advisor.facts.base import ask, ask_list
from advisor.facts.terms import (
    Agency,
    Concern,
    Decision,
    DecisionPoint,
    EventKind,
    MeetingKind,
    ReferralSource,
)
from advisor.values import Bool, Count, Date, DateOrNone, Fact, Identifier, Listing, Model

_CSC = "childrens_social_care"


class AgencyCheck(Model):
    """One agency asked about the family for this referral, and what it said."""

    id: Identifier | None = None
    agency: Fact[Agency] = ask("Which agency was asked?")
    state: Fact[
        Literal["not_asked", "requested", "answered", "nothing_held", "refused", "no_match"]
    ] = ask("What came of asking?")
    said: Listing[Concern] = ask_list("Which concerns does that agency hold?")


class Referral(Model):
    """The referral, or the decision to be made on new information."""

    received_on: Fact[Date] = ask(
        "When was this received?",
        data=[
            "cin:CINreferralDate",
            "annex_a:Date of Referral",
            "ssd:referral_date",
            "dfe_api:referral_date",
        ],
    )
    source: Fact[ReferralSource] = ask(
        "Who made the referral?",
        data=["cin:ReferralSource", "annex_a:Referral Source", "ssd:referral_source"],
    )
    about: Listing[Identifier] = ask_list("Which children is it about?")
    reports: Listing[Concern] = ask_list("What does it report?")
    incident_on: Fact[Date] = ask("When did what it reports happen?")
    referrer_saw_child: Fact[Bool] = ask("Did the referrer see the child or the injury?")
    referrer_spoken_to: Fact[Bool] = ask(
        "Has the referrer been spoken with, beyond the first message?"
    )
    decision_point: Fact[DecisionPoint] = ask("Which decision is being made?")
    decision: Fact[Decision] = ask(
        "Which decision is proposed?", hint="The decision being checked; never what came of it."
    )
    decision_rests_on: Listing[
        Literal[
            "child_seen",
            "assessment",
            "parent_account",
            "medical_opinion",
            "gp_opinion",
            "explanation_plausible",
            "parent_cooperates",
            "parents_separated",
            "family_moved",
            "adult_absent_or_in_custody",
            "order_or_bail",
            "nobody_charged",
            "no_information_held",
            "other_service_involved",
            "other_authority_responsible",
            "harm_was_to_an_adult",
            "children_not_present",
            "threshold_not_met",
            "consent_not_given",
            "legal_advice",
            "advice_of_another_professional",
            "no_incidents_reported",
            "good_reports_of_parent",
            "service_is_voluntary",
            "adult_risk_tool",
            "no_marks_seen",
            "no_new_partner",
            "working_agreement",
        ]
    ] = ask_list("What is the proposed decision based on?")
    reasons_recorded: Fact[Bool] = ask("Are the reasons for it recorded?")
    decided_by: Fact[Agency] = ask("Which agency decides?")
    made_by: Fact[Literal["worker", "manager", "panel", "court", "meeting"]] = ask("Who decides?")
    consent: Fact[Literal["given", "refused", "not_sought", "not_needed", "dispensed_with"]] = ask(
        "Was consent sought to share information?"
    )
    checks: Listing[AgencyCheck] = ask_list(
        "Which agencies have been asked, and what did each say?", held_by=[_CSC]
    )
    history_searched: Fact[Bool] = ask(
        "Have the records of every child and adult been searched, under all names?", held_by=[_CSC]
    )
    chronology_read: Fact[Bool] = ask("Has the chronology been read as a whole?", held_by=[_CSC])
    feedback_given: Fact[Bool] = ask(
        "Has the referrer been told the outcome and what would change it?"
    )
    disagreement: Fact[Literal["none", "raised", "escalated", "settled"]] = ask(
        "Has any professional disagreed with this decision?"
    )
    disagreement_has_owner: Fact[Bool] = ask(
        "Is it agreed who takes the disagreement further, with whom and by when?"
    )
    confirmed_in_writing: Fact[Bool] = ask("Has the referrer put the referral in writing?")
    judged_credible: Fact[Bool] = ask("Is what is reported judged to be credible?")
    words_make_less_of_it: Fact[Bool] = ask(
        "Is what happened called by a word that may make it seem less?",
        hint="Such as chastisement or minor, where a blow or a mark is meant.",
    )
    court_cases_linked: Fact[Bool] = ask(
        "Has Cafcass been asked whether any adult here is party to another family case?",
        held_by=["cafcass"],
    )
    visit_made_safe: Fact[Bool] = ask("Is it agreed how whoever visits is kept safe?")
    risk_tool_about: Fact[Literal["child", "adult_victim", "both", "none"]] = ask(
        "Whose danger did the checklist or tool that was used measure?"
    )
    decision_on_file: Fact[Bool] = ask(
        "Is the decision on the child's file, and do those who must act on it hold it in writing?",
        held_by=[_CSC],
    )
    says_it_happened_before: Fact[Bool] = ask(
        "Does the person who reports this say that it has happened before?"
    )


class Household(Model):
    """Where and with whom the children live."""

    accommodation: Fact[
        Literal["settled", "temporary", "bed_and_breakfast", "refuge", "with_relatives", "none"]
    ] = ask("What kind of home is it?", held_by=["housing"])
    conditions: Fact[Literal["adequate", "poor", "dangerous"]] = ask(
        "What are the home conditions?", held_by=["health_visiting", "housing", "police"]
    )
    conditions_compared: Fact[Bool] = ask(
        "Have the descriptions of the home been set side by side by date?"
    )
    conditions_worsening: Fact[Bool] = ask("Are the home conditions getting worse over time?")
    members_established: Fact[Bool] = ask(
        "Is it established who lives in, or often stays at, the home?"
    )
    unidentified_adult_seen: Fact[Bool] = ask(
        "Has an adult been seen there whom nobody has identified?"
    )
    moves_in_last_year: Fact[Count] = ask("How many times has the family moved in the last year?")
    family_mapped: Fact[Bool] = ask(
        "Is there an up-to-date map of the family on file, with every child and adult?",
        hint="A genogram: who they are, since when they live here, whose children they are.",
        held_by=[_CSC],
    )
    family_meeting: Fact[Literal["held", "offered", "declined", "not_considered"]] = ask(
        "Has the wider family been brought together to plan with the professionals?",
        hint="Such as a family group conference.",
        held_by=[_CSC],
    )
    families_joined: Fact[Bool] = ask("Have two families with children come to live together?")


class Event(Model):
    """Something that happened, or an earlier contact or referral."""

    id: Identifier | None = None
    kind: Fact[EventKind] = ask("What kind of event was it?")
    happened_on: Fact[Date] = ask("When did it happen?")
    children: Listing[Identifier] = ask_list("Which children does it concern?")
    adults: Listing[Identifier] = ask_list("Which adults does it concern?")
    reported_by: Fact[ReferralSource] = ask("Who reported it?")
    concerns: Listing[Concern] = ask_list("Which concerns did it raise?")
    violence: Listing[
        Literal[
            "blow",
            "strangling",
            "push_or_throw",
            "on_stairs",
            "weapon",
            "home_broken_into",
            "threat_to_kill",
            "while_holding_child",
        ]
    ] = ask_list("What was done in it?", held_by=["police"])
    harmed: Listing[Identifier] = ask_list("Which adults were hurt in it?", held_by=["police"])
    risk_grade: Fact[Literal["standard", "medium", "high", "not_graded"]] = ask(
        "How did the police grade the risk?", held_by=["police"]
    )
    images: Fact[Literal["none", "held_not_asked_for", "asked_for", "seen"]] = ask(
        "Are there pictures or video of it, and has anybody looked?", held_by=["police"]
    )
    children_present: Fact[Bool] = ask("Were the children there?")
    children_seen: Fact[Bool] = ask("Were the children seen?")
    followed_up: Fact[Bool] = ask("Was it followed up with the person who reported it?")
    social_care_told: Fact[Bool] = ask("Was children's social care told?", held_by=[_CSC])
    outcome: Fact[Decision] = ask(
        "What was decided?", data=["ssd:contact_outcome", "annex_a:Contacts"]
    )
    considered_now: Fact[Bool] = ask("Has it been weighed in this decision?")
    says_it_happened_before: Fact[Bool] = ask(
        "Does the person who reported this say that it has happened before?"
    )


class Service(Model):
    """A service's involvement with the family."""

    id: Identifier | None = None
    agency: Fact[Agency] = ask("Which service is it?")
    children: Listing[Identifier] = ask_list("Which children does it see?")
    status: Fact[Literal["open", "waiting", "closed", "declined", "disengaged", "refused"]] = ask(
        "Is the service involved now?"
    )
    last_contact_on: Fact[DateOrNone] = ask("When was the service last in contact?")
    worker_changes: Fact[Count] = ask("How many times has the worker changed in six months?")
    handover_done: Fact[Bool] = ask(
        "Did the old worker hand over to the new one, with the records read?"
    )
    knows_of_plan: Fact[Bool] = ask("Does the service know of the plan, order and risks?")
    concerns_held: Listing[Concern] = ask_list("Which concerns does the service hold?")
    concerns_passed_on: Fact[Bool] = ask("Have those concerns reached children's social care?")
    level: Fact[
        Literal["universal", "universal_plus", "universal_partnership_plus", "specialist"]
    ] = ask("At which level does the service see the family?")
    asked_on: Fact[Date] = ask("When was the service asked to take the family on?")
    worker_named_on: Fact[DateOrNone] = ask("When did a named worker take the family on?")
    sees_bedrooms: Fact[Bool] = ask("Does the service look at bedrooms and kitchen on its visits?")
    spoke_with_social_worker: Fact[Bool] = ask(
        "Has the service's worker spoken with the social worker?"
    )
    visits: Fact[Count] = ask("How many visits has the service made in the last six months?")
    visits_unannounced: Fact[Count] = ask("How many of those visits were unannounced?")
    visits_remote: Fact[Count] = ask("How many of them were by video or telephone?")
    contact_by: Fact[Literal["in_person", "home_visits", "video", "phone", "letters"]] = ask(
        "How is the service in contact?"
    )


class Meeting(Model):
    """A meeting or discussion about the child, held or due."""

    id: Identifier | None = None
    kind: Fact[MeetingKind] = ask("What kind of meeting was it?")
    children: Listing[Identifier] = ask_list("Which children was it about?")
    held_on: Fact[DateOrNone] = ask("When was it held?", hint="Write none if it has not been held.")
    due_on: Fact[DateOrNone] = ask("When is it due?")
    attended: Listing[Agency] = ask_list("Which agencies took part?")
    record_agreed: Fact[Bool] = ask(
        "Do all who took part hold the same record of it and of what was agreed?"
    )
    injuries_discussed: Fact[Bool] = ask("Were the injuries since the last meeting discussed?")
    risk_discussed: Fact[Bool] = ask("Did it look at the risks, and whether the plan works?")


class Header(Model):
    """Which snapshot this is."""

    id: Identifier
    as_of: Date
    authority: Fact[Identifier] = ask("Which authority is deciding?")
