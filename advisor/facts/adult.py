"""What may be known about an adult in or around the child's life."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from advisor.facts.base import ask, ask_list
from advisor.facts.terms import Agency, HistoryKind, Relation
from advisor.values import Bool, Count, Date, DateOrNone, Fact, Identifier, Listing, Model

_CSC, _POLICE, _GP = "childrens_social_care", "police", "gp"


class Link(Model):
    """What an adult is to one child."""

    child: Identifier
    relation: Fact[Relation] = ask("What is {adult} to {child}?")
    parental_responsibility: Fact[Bool] = ask(
        "Does {adult} have parental responsibility for {child}?"
    )
    lives_with_child: Fact[Bool] = ask(
        "Does {adult} live with {child}, all or part of the time?",
        held_by=["housing", _POLICE, "health_visiting"],
    )
    contact: Fact[
        Literal[
            "daily",
            "overnight",
            "regular",
            "occasional",
            "supervised_only",
            "phone_or_letters",
            "none",
            "prohibited",
        ]
    ] = ask("What contact does {adult} have with {child}?")
    cares_alone: Fact[Bool] = ask("Does {adult} look after {child} alone?")
    suitability_checked: Fact[Bool] = ask(
        "Has anybody checked that {adult} is a safe person to look after {child}?", held_by=[_CSC]
    )
    protective_ability_assessed: Fact[Bool] = ask(
        "Has {adult}'s ability to protect {child} been assessed?", held_by=[_CSC]
    )
    bond: Fact[Literal["warm", "strained", "absent"]] = ask(
        "What is the relationship between {adult} and {child} like?", held_by=["health_visiting"]
    )
    speaks_of_child: Listing[
        Literal["warmly", "negatively", "as_unwanted", "blames_child", "threatens"]
    ] = ask_list("How does {adult} speak of {child}?")
    feelings_explored: Fact[Bool] = ask(
        "Has what {adult} feels about {child} been talked through: what, since when, and what "
        "should change?",
        held_by=["health_visiting", _CSC],
    )
    threat_explored: Fact[Bool] = ask("Has what {adult} said about {child} been followed up?")
    discussed_with_parent: Fact[Bool] = ask(
        "Has {adult}'s part in {child}'s life been talked through with the parent?",
        hint="If the parent will not say, write unknown: declined.",
        held_by=[_CSC],
    )


class HistoryItem(Model):
    """Something known, alleged or found about an adult's past or present."""

    id: Identifier | None = None
    kind: Fact[HistoryKind] = ask("What is it?", held_by=[_POLICE, _CSC])
    when: Fact[Date] = ask("When was it?")
    standing: Fact[
        Literal[
            "convicted",
            "cautioned",
            "charged",
            "bailed",
            "alleged",
            "no_charge",
            "retracted",
            "reported_by_self",
            "found_by_court",
            "recorded_by_service",
        ]
    ] = ask("Was it proved, charged, alleged or told by the adult?", held_by=[_POLICE])
    current: Fact[Bool] = ask("Is it going on now?")
    about_child: Fact[Bool] = ask("Was a child harmed, or present?")
    called_false: Fact[Bool] = ask(
        "Does a record call it false, or the person who reported it untruthful?"
    )
    considered_in_assessment: Fact[Bool] = ask(
        "Has its meaning for {child} been weighed?", held_by=[_CSC]
    )


class Check(Model):
    """One agency or authority asked about this adult."""

    id: Identifier | None = None
    agency: Fact[Agency] = ask("Which agency was asked about {adult}?")
    area: Fact[Literal["this_authority", "previous_authority", "other_authority", "national"]] = (
        ask("Which area's records were searched?")
    )
    state: Fact[
        Literal["not_asked", "requested", "answered", "nothing_held", "refused", "no_match"]
    ] = ask("What came of asking?")
    aliases_searched: Fact[Bool] = ask("Were other names and spellings searched too?")


class Needs(Model):
    """Needs of the adult that bear on the child, and whether the work takes them in."""

    learning_disability: Fact[Bool] = ask(
        "Does {adult} have a learning disability or difficulty?",
        held_by=["learning_disability_service", _GP, "school"],
    )
    learning_needs_met_in_work: Fact[Bool] = ask(
        "Is the work with {adult} adapted to how they understand and remember?"
    )
    mental_health_concern: Fact[Bool] = ask(
        "Is there concern about {adult}'s mental health now?", held_by=[_GP, "adult_mental_health"]
    )
    mental_health_effect_on_child_considered: Fact[Bool] = ask(
        "Has its effect on {child} been considered, not only the danger to {adult}?",
        held_by=["adult_mental_health", "perinatal_mental_health", _CSC],
    )
    mental_health_advice_shared: Fact[Bool] = ask(
        "Has specialist advice about {adult} reached the GP and children's social care?",
        held_by=["hospital", "adult_mental_health", _GP],
    )
    mental_health_service_involved: Fact[Bool] = ask(
        "Is a mental health service in contact with {adult}?", held_by=["adult_mental_health"]
    )
    substance_misuse_concern: Fact[Bool] = ask(
        "Is there concern about {adult}'s drug or alcohol use now?",
        held_by=["substance_misuse_service", _GP, _POLICE],
    )
    substance_effect_on_child_considered: Fact[Bool] = ask(
        "Has the effect of the drug or alcohol use on {child} been assessed?", held_by=[_CSC]
    )
    domestic_abuse_support_offered: Fact[Bool] = ask(
        "Has {adult} been offered advice or support about the abuse?",
        held_by=["domestic_abuse_service", _POLICE, _CSC],
    )
    lost_child: Fact[Bool] = ask("Has {adult} lost a child, by removal, adoption or death?")
    loss_support_offered: Fact[Bool] = ask("Has {adult} been offered support with that loss?")
    childhood_explored: Fact[Bool] = ask(
        "Has {adult}'s own childhood, and how it acts on parenting now, been explored?",
        held_by=[_CSC],
    )
    interpreter_needed: Fact[Bool] = ask("Does {adult} need an interpreter?")
    adjustments_needed: Fact[Bool] = ask(
        "Is it recorded that {adult} needs things put another way, or may not follow them?",
        hint="Another form, a slower pace, repetition, or doubt about what was understood.",
        held_by=["learning_disability_service", "health_visiting", _GP, "leaving_care"],
    )


class Engagement(Model):
    """How the adult works with services, and what that is taken to show."""

    level: Fact[Literal["open", "attends_only", "partial", "avoids", "refuses", "hostile"]] = ask(
        "How does {adult} engage with services?"
    )
    declined: Listing[
        Literal[
            "assessment",
            "plan",
            "home_visit",
            "early_help",
            "medical",
            "observation",
            "checks",
            "information",
            "mental_health_support",
            "early_years_support",
        ]
    ] = ask_list("What has {adult} declined?")
    visits_missed: Fact[Count] = ask(
        "How many planned visits were missed or refused in the last two months?"
    )
    disregards_advice: Fact[Bool] = ask("Does {adult} disregard or dispute advice about care?")
    account_contradicted: Fact[Bool] = ask(
        "Does other evidence contradict what {adult} says?",
        hint="Records, neighbours, other agencies.",
    )
    account_checked: Fact[Bool] = ask("Has what {adult} says been checked against another source?")
    reasons_for_contact_explored: Fact[Bool] = ask(
        "Has it been explored, alone and safely, why {adult} keeps in touch with an abusive adult?",
        held_by=["domestic_abuse_service", _CSC],
    )
    plays_down_danger_of: Fact[Identifier] = ask(
        "Is there an adult whose danger {adult} denies or plays down?"
    )
    told_plainly: Fact[Bool] = ask(
        "Has {adult} been told plainly what is planned, and what help exists?"
    )
    effort_needed: Fact[Literal["service_comes_to_them", "they_must_act"]] = ask(
        "Does the engagement that is relied on take any effort from {adult}?"
    )
    hostile_to_workers: Fact[Bool] = ask("Has {adult} threatened or frightened a worker?")


class Adult(Model):
    """An adult in or around the child's life, however little is known of them."""

    id: Identifier
    links: Listing[Link] = ask_list("What is {adult} to each child?")
    identity: Fact[Literal["established", "partial", "alias_or_spelling_varies", "not_known"]] = (
        ask("Is it established who {adult} is?", held_by=[_POLICE, "housing"])
    )
    aged_under_21: Fact[Bool] = ask("Is {adult} under 21?")
    pregnant: Fact[Bool] = ask("Is {adult} pregnant?", held_by=["midwifery", _GP])
    whereabouts: Fact[Literal["in_household", "elsewhere", "in_custody", "bailed_elsewhere"]] = ask(
        "Where does {adult} live now?", held_by=[_POLICE, "housing", "probation"]
    )
    joined_household_on: Fact[DateOrNone] = ask("When did {adult} join the household?")
    partner_of: Fact[Identifier] = ask("Whose partner is {adult}?")
    history: Listing[HistoryItem] = ask_list(
        "What is known of {adult}'s history: violence, children, health, drugs?",
        held_by=[_POLICE, _CSC, "probation", _GP],
        data=["cin:FactorsIdentifiedAtAssessment (earlier episodes only)"],
    )
    checks: Listing[Check] = ask_list("Who has been asked about {adult}?", held_by=[_CSC])
    other_children_elsewhere: Fact[Bool] = ask(
        "Does {adult} have children who live elsewhere?", held_by=[_CSC, "cafcass"]
    )
    other_children_authority_asked: Fact[Bool] = ask(
        "Has the authority where those children live been asked?", held_by=[_CSC]
    )
    seen_by_worker: Fact[Bool] = ask("Has a worker met {adult}?")
    views_sought: Fact[Bool] = ask("Has {adult} been asked for their account?", held_by=[_CSC])
    release_expected_on: Fact[DateOrNone] = ask(
        "When may {adult} be released from custody?", held_by=["probation", "prison_service"]
    )
    seen_apart_from_partner: Fact[Bool] = ask(
        "Has {adult} been spoken with apart from the partner?"
    )
    disclosure_scheme: Fact[Literal["disclosed", "asked_for", "declined", "not_used"]] = ask(
        "Has the domestic violence disclosure scheme been used about {adult}?", held_by=[_POLICE]
    )
    abuse_kind_established: Fact[Bool] = ask(
        "Is it established what kind of abuse there is between {adult} and a partner?",
        hint="Control, fighting on both sides, or violence after parting; each relationship apart.",
        held_by=["domestic_abuse_service", _POLICE, _CSC],
    )
    other_partner_asked_about: Fact[Bool] = ask(
        "Has {adult} been asked who else is in their life now, beyond the last partner?"
    )
    told_whom_to_contact: Fact[Bool] = ask(
        "Does {adult} know whom to tell about a worry for {child}?"
    )
    warns_of: Listing[Identifier] = ask_list("About which adults has {adult} voiced fear?")
    asked_about_domestic_abuse: Fact[Bool] = ask(
        "Has {adult} been asked about domestic abuse, alone and safely?"
    )
    assessed_as_source_of_harm: Fact[Bool] = ask(
        "Has {adult} been assessed as somebody who might hurt {child}, not only as a protector?",
        held_by=[_CSC],
    )
    assessed: Fact[Literal["complete", "partial", "refused", "not_attempted"]] = ask(
        "Has {adult} been assessed as a carer, and as a possible source of harm?", held_by=[_CSC]
    )
    needs: Needs = Field(default_factory=Needs)
    engagement: Engagement = Field(default_factory=Engagement)
