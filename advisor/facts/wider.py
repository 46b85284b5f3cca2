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
        ]
    ] = ask_list("What is the proposed decision based on?")
    reasons_recorded: Fact[Bool] = ask("Are the reasons for it recorded?")
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
    conditions_worsening: Fact[Bool] = ask("Are the home conditions getting worse over time?")
    members_established: Fact[Bool] = ask(
        "Is it established who lives in, or often stays at, the home?"
    )
    unidentified_adult_seen: Fact[Bool] = ask(
        "Has an adult been seen there whom nobody has identified?"
    )
    moves_in_last_year: Fact[Count] = ask("How many times has the family moved in the last year?")
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
    injuries_discussed: Fact[Bool] = ask("Were the injuries since the last meeting discussed?")
    risk_discussed: Fact[Bool] = ask("Did it look at the risks, and whether the plan works?")


class Header(Model):
    """Which snapshot this is."""

    id: Identifier
    as_of: Date
    authority: Fact[Identifier] = ask("Which authority is deciding?")
