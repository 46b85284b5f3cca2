"""What may be known about a child, born or unborn."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from advisor.facts.base import ask, ask_list
from advisor.facts.terms import (
    AbuseCategory,
    Agency,
    Concern,
    InjuryKind,
    InjurySite,
    OrderKind,
    PlanKind,
)
from advisor.values import Bool, Count, Date, DateOrNone, Fact, Identifier, Listing, Model

_HV, _GP, _SCHOOL, _POLICE = "health_visiting", "gp", "school", "police"
_CSC, _HOSPITAL, _PAEDS = "childrens_social_care", "hospital", "paediatrics"


class Age(Model):
    """A child's age when no date of birth is held. Give whole years, months or weeks."""

    years: Count | None = Field(default=None, le=17)
    months: Count | None = Field(default=None, le=215)
    weeks: Count | None = Field(default=None, le=936)


class Movement(Model):
    """How the child moves, milestone by milestone. Never inferred from age."""

    rolls: Fact[Bool] = ask("Does {child} roll over yet?", held_by=[_HV])
    sits: Fact[Bool] = ask("Does {child} sit without support yet?", held_by=[_HV])
    crawls: Fact[Bool] = ask("Does {child} crawl or shuffle on the bottom yet?", held_by=[_HV, _GP])
    pulls_to_stand: Fact[Bool] = ask("Does {child} pull up to stand yet?", held_by=[_HV])
    cruises: Fact[Bool] = ask("Does {child} walk along the furniture yet?", held_by=[_HV])
    walks: Fact[Bool] = ask("Does {child} walk yet?", held_by=[_HV])


class Health(Model):
    """Disability and health, only as needs of the child."""

    disabled: Fact[Bool] = ask(
        "Is {child} disabled?",
        hint="As a need of the child; see Equality Act 2010, section 6.",
        held_by=[_GP, _SCHOOL, "disabled_childrens_team"],
        data=["cin:Disability", "annex_a:Does the Child have a Disability", "ssd:disability"],
    )
    disability_limits_movement: Fact[Bool] = ask(
        "Does a disability limit how {child} moves?", held_by=[_GP, _PAEDS, "therapies"]
    )
    disability_limits_communication: Fact[Bool] = ask(
        "Does a disability limit how {child} can tell somebody?", held_by=[_SCHOOL, "therapies"]
    )
    complex_health_needs: Fact[Bool] = ask(
        "Does {child} have complex health needs?", held_by=[_GP, _PAEDS]
    )
    born_early: Fact[Bool] = ask("Was {child} born before 37 weeks?", held_by=["midwifery"])
    assessed_as_disabled_child: Fact[Bool] = ask(
        "Has {child} been assessed in their own right as a disabled child?", held_by=[_CSC]
    )
    practitioner_in_contact: Fact[Bool] = ask(
        "Is a health professional actually in contact with {child} now?",
        hint="Seen, not only allocated or listed.",
        held_by=[_HV, _GP, "midwifery"],
    )
    records_followed_move: Fact[Bool] = ask(
        "Have {child}'s health records reached the service now responsible?", held_by=[_HV, _GP]
    )
    social_needs_considered: Fact[Bool] = ask(
        "Has what {child} needs at home and in daily life been considered, beside medical care?",
        held_by=[_CSC, _HV],
    )
    history_from: Fact[Literal["records", "parent_only", "both", "none"]] = ask(
        "Where does what is known of {child}'s health come from?", held_by=[_HV, _GP]
    )
    carers_records_opened: Fact[Bool] = ask(
        "Have the health records of those who look after {child} been opened?", held_by=[_HV, _GP]
    )
    examination: Fact[
        Literal["done", "arranged_today", "arranged_later", "asked_not_arranged", "not_asked_for"]
    ] = ask(
        "Has a doctor's examination of {child}'s condition been asked for, and how soon?",
        hint="Of how {child} looks and grows as a whole, beyond any one injury.",
        held_by=[_PAEDS, _GP],
    )
    appointments_missed: Fact[Count] = ask(
        "How many of {child}'s health appointments were missed in the last six months?",
        held_by=[_GP, _HV, _HOSPITAL],
    )


class Injury(Model):
    """A bruise, mark or other injury that somebody saw or reported."""

    id: Identifier | None = None
    kind: Fact[InjuryKind] = ask("What kind of injury or mark is it?", held_by=[_GP, _HV])
    sites: Listing[InjurySite] = ask_list("Where on the body is it?", held_by=[_GP, _HV])
    seen_on: Fact[Date] = ask("When was it first seen?")
    happened_on: Fact[Date] = ask("When did it happen?")
    seen_by: Listing[Agency] = ask_list("Which professionals have seen it themselves?")
    reported_by_parent: Fact[Bool] = ask("Did a parent or carer report it themselves?")
    known_birthmark: Fact[Bool] = ask(
        "Is it a birthmark or other mark already on {child}'s medical record?",
        held_by=["midwifery", _HV, _GP],
    )
    medical_cause_found: Fact[Bool] = ask(
        "Has a doctor found a medical cause for it?", held_by=[_PAEDS, _GP]
    )
    explanation: Fact[
        Literal[
            "none_offered",
            "accident_seen_by_another",
            "accident_unseen",
            "caused_by_other_child",
            "caused_by_animal",
            "caused_by_child_itself",
            "caused_by_adult",
            "medical",
        ]
    ] = ask("What explanation has been given for it?")
    explained_by: Listing[Identifier] = ask_list("Which adults gave the explanation?")
    explanation_fits_development: Fact[Bool] = ask(
        "Could {child} have done what the explanation says, at this stage of development?",
        held_by=[_PAEDS, _HV],
    )
    explanations_differ: Fact[Bool] = ask(
        "Have accounts of it changed, or do they differ between people?"
    )
    explanation_tested: Fact[Bool] = ask(
        "Has the explanation been tested, by accounts taken apart or at the place itself?",
        hint="A parent's word, or a doctor finding it possible, is not a test.",
        held_by=[_CSC, _POLICE],
    )
    in_care_of: Listing[Identifier] = ask_list("Who was looking after {child} when it happened?")
    child_account: Fact[Literal["says_adult", "says_accident", "says_nothing", "too_young"]] = ask(
        "What does {child} say happened?", held_by=[_SCHOOL, _CSC]
    )
    child_asked: Fact[Bool] = ask("Has {child} been asked, apart from the carers?")
    delay_in_seeking_help: Fact[Bool] = ask("Was there a delay in seeking help?")
    examined_by_gp: Fact[Bool] = ask("Has a GP examined it?", held_by=[_GP])
    senior_paediatric_opinion: Fact[Bool] = ask(
        "Has a senior paediatrician given an opinion on it?",
        hint="A GP's, nurse's or junior doctor's view is not this.",
        held_by=[_PAEDS, _HOSPITAL],
    )
    child_protection_medical: Fact[Literal["done", "arranged", "not_arranged"]] = ask(
        "Has a child protection medical been done or arranged?", held_by=[_PAEDS]
    )
    doctor_had_background: Fact[Bool] = ask(
        "Was the examining doctor told the family history, plan, orders and earlier injuries?",
        held_by=[_PAEDS, _CSC],
    )
    doctor_spoke_with_social_worker: Fact[Bool] = ask(
        "Did the doctor speak with the social worker before examining {child}?", held_by=[_PAEDS]
    )
    medical_conclusion: Fact[
        Literal["inflicted", "unusual_but_possible", "consistent_with_account", "undetermined"]
    ] = ask("What did the medical opinion conclude?", held_by=[_PAEDS])
    written_report_received: Fact[Bool] = ask(
        "Has the doctor's written report arrived?", held_by=[_PAEDS]
    )
    further_tests_advised: Fact[Bool] = ask(
        "Did the doctor advise tests, now or if there is another injury?", held_by=[_PAEDS]
    )
    further_tests_done: Fact[Bool] = ask("Have those tests been done?", held_by=[_PAEDS])
    discussed_with_police: Fact[Bool] = ask(
        "Was it discussed with the police before a conclusion was reached?", held_by=[_POLICE]
    )
    discussed_at_next_meeting: Fact[Bool] = ask(
        "Was it discussed at the next core group or review?", held_by=[_CSC]
    )


class Growth(Model):
    """Weight and feeding."""

    weight_change: Fact[
        Literal["steady", "falling", "static", "fluctuating", "sudden_gain", "sudden_loss"]
    ] = ask("How has {child}'s weight moved across the centiles?", held_by=[_HV, _GP])
    measured_regularly: Fact[Bool] = ask(
        "Are weight, length and head measured regularly?", held_by=[_HV]
    )
    same_scales_and_person: Fact[Bool] = ask(
        "Are the measurements taken by the same person on the same scales?", held_by=[_HV]
    )
    cause_considered: Fact[Literal["medical", "neglect_considered", "not_considered"]] = ask(
        "What has been considered as the cause?", held_by=[_PAEDS, _HV]
    )
    medical_cause: Fact[Literal["found", "ruled_out", "being_looked_for", "not_looked_for"]] = ask(
        "What did a doctor find when looking for an illness that explains how {child} grows?",
        held_by=[_PAEDS, _GP],
    )
    feeding_concern: Fact[Bool] = ask(
        "Is there concern about how or how often {child} is fed?", held_by=[_HV]
    )
    weighing_refused: Fact[Bool] = ask("Has a parent refused weighing?", held_by=[_HV])


class Seen(Model):
    """When {child} was last seen, and how."""

    last_seen_on: Fact[Date] = ask(
        "When did a professional last see {child}?",
        data=["annex_a:Date Child Was Last Seen", "ssd:cin_visits"],
    )
    seen_by: Fact[Agency] = ask("Who saw {child} then?")
    how: Fact[
        Literal["at_home", "elsewhere_in_person", "hospital", "video", "phone_only", "doorstep"]
    ] = ask("How was {child} seen?")
    alone: Fact[Bool] = ask("Was {child} seen apart from the carers?")
    since_concern: Fact[Bool] = ask("Has {child} been seen since this concern arose?")
    by_social_worker_since_concern: Fact[Bool] = ask(
        "Has a social worker seen {child} since this concern arose?", held_by=[_CSC]
    )
    bedroom_and_home_seen: Fact[Bool] = ask("Has {child}'s sleeping place been seen?")
    observation_refused: Fact[Bool] = ask(
        "Have parents refused an observation, such as bathing, feeding or weighing?"
    )
    extent: Fact[Literal["asleep", "dressed", "awake_and_handled", "undressed_by_clinician"]] = ask(
        "How much of {child} could be seen then?",
        hint="Asleep in a cot, dressed, awake and being handled, or undressed and examined.",
    )


class Voice(Model):
    """What the child says, shows and lives through."""

    can_talk_about_it: Fact[Literal["speaks", "limited", "too_young", "other_means"]] = ask(
        "Can {child} say what happens, in words or by other means?", held_by=[_SCHOOL, _HV]
    )
    views_sought: Fact[Bool] = ask("Have {child}'s own views been sought about this?")
    says: Listing[
        Literal[
            "hit_or_hurt",
            "frightened",
            "hungry",
            "left_alone",
            "saw_violence",
            "wants_to_stay_home",
            "does_not_want_to_go_home",
            "says_nothing_wrong",
        ]
    ] = ask_list("What has {child} said?", held_by=[_SCHOOL, _CSC])
    said_about: Listing[Identifier] = ask_list("Which adults did {child} say it about?")
    retracted: Fact[Bool] = ask("Has {child} taken back what they said?")
    daily_life_recorded: Fact[Bool] = ask(
        "Is an ordinary day in {child}'s life recorded?", held_by=[_CSC, _HV]
    )
    out_of_character: Fact[Bool] = ask(
        "Does somebody who knows {child} say that {child} is not as usual?",
        hint="Crying, quietness or fear that is not like this child.",
    )
    responds_to_carer: Fact[Literal["settled", "wary", "unresponsive", "distressed"]] = ask(
        "How does {child} respond to the carer?", held_by=[_HV]
    )


class Plan(Model):
    """A plan or agreement about the child."""

    id: Identifier | None = None
    kind: Fact[PlanKind] = ask("What kind of plan is it?", held_by=[_CSC])
    category: Fact[AbuseCategory] = ask(
        "Under which category is the child protection plan?",
        held_by=[_CSC],
        data=["cin:InitialCategoryOfAbuse", "ssd:cp_plans"],
    )
    authority: Fact[Identifier] = ask("Which authority holds the plan?", held_by=[_CSC])
    started_on: Fact[Date] = ask(
        "When did the plan start?", data=["cin:CPPstartDate", "cin:CINPlanStartDate"]
    )
    ended_on: Fact[DateOrNone] = ask(
        "When did the plan end?",
        hint="Write none if it is still open.",
        data=["cin:CPPendDate", "cin:CINPlanEndDate"],
    )
    ended_because: Fact[
        Literal[
            "needs_met",
            "moved_away",
            "stepped_down",
            "parent_declined",
            "order_made",
            "lost_contact",
        ]
    ] = ask("Why did the plan end?", held_by=[_CSC])
    specific_and_measurable: Fact[Bool] = ask(
        "Does the plan say what must change, and how anyone would see that it had?"
    )
    says_by_when: Fact[Bool] = ask(
        "Does the plan say by when change must be seen, in time for {child}?"
    )
    contingency: Fact[Bool] = ask("Does the plan say what happens if it does not work?")
    working: Fact[Bool] = ask("Does the record show that the plan is working?")
    actions_done: Fact[Bool] = ask("Have the plan's actions been carried out?")
    relied_on_for_safety: Fact[Bool] = ask(
        "Is this plan or agreement relied on to keep {child} safe?"
    )
    monitored_how: Fact[Literal["professionals_check", "parent_reports_only", "not_monitored"]] = (
        ask("How would anyone know that it is being kept to?")
    )
    visits_kept: Fact[Bool] = ask("Are the planned visits happening?")
    visits_reduced_proposed: Fact[Bool] = ask("Is it proposed to reduce the visits?")
    evidence_of_change: Fact[Literal["sustained_and_seen", "attendance_only", "none"]] = ask(
        "On what evidence is change in the parents' care based?"
    )
    shared_with_all_workers: Fact[Bool] = ask("Do all those working with {child} hold the plan?")


class Order(Model):
    """A court order, bail or licence condition that bears on the child."""

    id: Identifier | None = None
    kind: Fact[OrderKind] = ask("What kind of order or condition is it?", held_by=[_CSC, _POLICE])
    in_force: Fact[Bool] = ask("Is it in force?", held_by=["legal_services", _POLICE])
    against: Fact[Identifier] = ask("Against which adult is it?")
    ends_on: Fact[DateOrNone] = ask("When does it end?")
    names_child: Fact[Bool] = ask("Does it name {child}?")
    restrains: Listing[
        Literal[
            "contact_with_child",
            "contact_with_adult",
            "the_home",
            "an_area",
            "must_live_at_address",
        ]
    ] = ask_list("What does it actually forbid or require?", held_by=["legal_services", _POLICE])
    terms_checked: Fact[Bool] = ask(
        "Have its exact terms been checked with the court, police or legal services?",
        held_by=["legal_services", _POLICE],
    )
    breached: Fact[Bool] = ask("Has it been broken, or is that believed?", held_by=[_POLICE])
    relied_on_for_safety: Fact[Bool] = ask("Is it relied on to keep {child} safe?")
    understood_by_workers: Fact[Bool] = ask(
        "Do those working with {child} know what it does and does not do?"
    )


class Move(Model):
    """A change of address, for good or for a while."""

    id: Identifier | None = None
    moved_on: Fact[Date] = ask("When did {child} move?")
    from_authority: Fact[Identifier] = ask("From which authority's area?")
    to_authority: Fact[Identifier] = ask("To which authority's area?")
    temporary: Fact[Bool] = ask("Is the move temporary?")
    temporary_checked: Fact[Literal["parent_only", "checked"]] = ask(
        "On whose word is the move taken to be temporary?"
    )
    plan_at_move: Fact[
        Literal["child_protection", "child_in_need", "section_47_open", "early_help", "none"]
    ] = ask("Which plan or enquiry was open when {child} moved?", held_by=[_CSC])
    receiving_authority_told_on: Fact[DateOrNone] = ask(
        "When was the receiving authority's social care told?", held_by=[_CSC]
    )
    handover_discussion: Fact[Bool] = ask(
        "Have the outgoing and receiving workers spoken, not only exchanged papers?"
    )
    records_received: Fact[Bool] = ask("Have the assessments, plan and chronology been received?")
    records_cross_checked: Fact[Bool] = ask(
        "Have the papers been checked against what other services hold?"
    )
    names_current_risk: Fact[Bool] = ask(
        "Do the papers sent say who or what is the danger to {child} now?"
    )
    responsible_authority_agreed: Fact[Bool] = ask(
        "Have both authorities agreed who is responsible, and from which day?"
    )
    assessed_since_move: Fact[Bool] = ask(
        "Has the receiving authority assessed {child} since the move?",
        hint="Seen and assessed in the new home, not decided on papers.",
        held_by=[_CSC],
    )
    family_contacted_since_move: Fact[Bool] = ask(
        "Has anybody in the receiving authority been in contact with the family?"
    )
    new_household_known: Fact[Bool] = ask("Is it known who lives at the new address?")
    new_address_known: Fact[Bool] = ask(
        "Is the new address known here, and to the health services?", held_by=[_HV, "housing"]
    )
    support_level: Fact[Literal["same", "lower", "higher", "none"]] = ask(
        "Is the level of help after the move the same as before?"
    )
    transfer_answer: Fact[
        Literal[
            "not_requested",
            "awaiting",
            "accepted",
            "declined_as_not_permanent",
            "declined_on_threshold",
            "declined",
        ]
    ] = ask(
        "What has the receiving authority answered to the request to take {child}'s case over?",
        held_by=[_CSC],
    )
    still_there: Fact[Bool] = ask(
        "Does {child} still live in the area of that move?",
        hint="No, if the family has since come back or moved on.",
        held_by=[_CSC, _HV],
    )


class Schooling(Model):
    """School, nursery or childminder."""

    status: Fact[
        Literal[
            "enrolled", "not_of_school_age", "not_enrolled", "removed", "home_educated", "excluded"
        ]
    ] = ask("Does {child} go to a school or nursery?", held_by=[_SCHOOL, "education_welfare"])
    attendance: Fact[Literal["good", "poor", "not_attending"]] = ask(
        "How is {child}'s attendance?", held_by=[_SCHOOL]
    )
    removed_on: Fact[DateOrNone] = ask("When was {child} taken off the roll?", held_by=[_SCHOOL])
    knows_of_plan: Fact[Bool] = ask("Does the school or nursery know of the plan?")


class Assessment(Model):
    """The social work assessment on which a decision would rest."""

    status: Fact[Literal["none", "open", "complete", "ended_incomplete"]] = ask(
        "Has an assessment of {child} been completed?",
        held_by=[_CSC],
        data=[
            "cin:Assessments",
            "annex_a:Assessments",
            "ssd:cin_assessments",
            "dfe_api:assessments",
        ],
    )
    overdue: Fact[Bool] = ask("Is the assessment past the day by which it was due?", held_by=[_CSC])
    of_this_child: Fact[Bool] = ask("Does the assessment consider {child} in their own right?")
    gaps_named: Fact[Bool] = ask("Does it say what could not be found out, and what that means?")
    history_included: Fact[Bool] = ask("Does it take in the family's whole history?")
    worker_recommended_more: Fact[Bool] = ask(
        "Did the worker who assessed {child} recommend more than is now proposed?"
    )
    independently_signed_off: Fact[Bool] = ask(
        "Has somebody other than the assessor scrutinised and signed it off?"
    )
    supervision_reflected: Fact[Bool] = ask(
        "Has the case been reflected on and challenged in supervision?"
    )
    worker_new: Fact[Bool] = ask(
        "Is the allocated worker newly qualified, or new to this kind of work?", held_by=[_CSC]
    )
    worker_unease: Fact[Literal["none", "raised_unanswered", "answered"]] = ask(
        "Has a worker told a manager of unease about {child}, and had an answer?", held_by=[_CSC]
    )
    conclusion_follows: Fact[Bool] = ask(
        "Does the proposed decision follow from what the assessment found?"
    )


class Unborn(Model):
    """Before birth."""

    booked_late: Fact[Bool] = ask(
        "Was the pregnancy booked late or concealed?", held_by=["midwifery"]
    )
    pre_birth_assessment: Fact[Literal["none", "open", "complete"]] = ask(
        "Has a pre-birth assessment been done?", held_by=[_CSC]
    )
    assessment_in_depth: Fact[Bool] = ask(
        "Did it take several visits, with both parents and the past, and more than one agency?",
        held_by=[_CSC, "midwifery", "health_visiting"],
    )
    assessment_held_by_midwife: Fact[Bool] = ask(
        "Do the midwife and health visitor hold the pre-birth assessment?", held_by=["midwifery"]
    )
    conference_held: Fact[Bool] = ask("Has a pre-birth conference been held?", held_by=[_CSC])
    plan_for_birth_shared: Fact[Bool] = ask(
        "Do the parents and the maternity service know the plan for the birth?",
        held_by=["midwifery"],
    )
    cafcass_told: Fact[Bool] = ask(
        "Where care proceedings are likely, has Cafcass been told?", held_by=["cafcass"]
    )


class Child(Model):
    """A child of the household or family, born or unborn."""

    id: Identifier
    born: Fact[Date] = ask(
        "When was {child} born?",
        data=[
            "cin:PersonBirthDate",
            "annex_a:Date of Birth",
            "ssd:pers_dob",
            "dfe_api:date_of_birth",
        ],
    )
    due: Fact[Date] = ask(
        "When is {child} due?",
        held_by=["midwifery"],
        data=["cin:ExpectedPersonBirthDate", "ssd:pers_expected_dob"],
    )
    age: Age | None = None
    lives_in_household: Fact[Bool] = ask("Does {child} live in the household?")
    movement: Movement = Field(default_factory=Movement)
    health: Health = Field(default_factory=Health)
    injuries: Listing[Injury] = ask_list(
        "Has {child} any bruise, mark or other injury, now or before?", held_by=[_GP, _HV, _SCHOOL]
    )
    growth: Growth = Field(default_factory=Growth)
    seen: Seen = Field(default_factory=Seen)
    voice: Voice = Field(default_factory=Voice)
    plans: Listing[Plan] = ask_list(
        "Which plans has {child} had?",
        hint="Every kind, also ended ones and those of other authorities.",
        held_by=[_CSC],
        data=[
            "cin:ChildProtectionPlans",
            "cin:CINPlanDates",
            "ssd:cp_plans",
            "dfe_api:child_protection_plans",
        ],
    )
    orders: Listing[Order] = ask_list(
        "Which orders, bail or licence conditions bear on {child}?",
        held_by=["legal_services", _POLICE],
        data=["annex_a:EPO / Police Powers", "ssd:legal_status"],
    )
    moves: Listing[Move] = ask_list(
        "Has {child} moved, also for a while, in the last year?", held_by=[_CSC, _HV, "housing"]
    )
    schooling: Schooling = Field(default_factory=Schooling)
    assessment: Assessment = Field(default_factory=Assessment)
    unborn: Unborn = Field(default_factory=Unborn)
    told_concerns: Listing[Concern] = ask_list("Which concerns about {child} are open now?")
    private_law_case: Fact[Literal["open", "concluded", "none"]] = ask(
        "Is there a private law case about {child}?", held_by=["cafcass", "court"]
    )
    considered_in_own_right: Fact[Bool] = ask(
        "Has {child} been considered, not only the child who was referred?", held_by=[_CSC]
    )
    danger_in_conflict_considered: Fact[Bool] = ask(
        "Has it been weighed how {child} could be hurt in the adults' violence itself?",
        held_by=[_CSC],
    )
    ethnicity_recorded: Fact[Bool] = ask("Is {child}'s own ethnicity recorded?", held_by=[_CSC])
    culture_explored: Fact[Bool] = ask(
        "Have the family's own culture and beliefs been explored with them?", held_by=[_CSC]
    )
    interim_safety: Fact[Literal["in_place", "none", "not_needed"]] = ask(
        "What keeps {child} safe tonight, while this is being decided?"
    )
    singled_out: Fact[Bool] = ask("Is {child} treated worse than the other children?")
    injuries_read_together: Fact[Bool] = ask(
        "Have all of {child}'s injuries been looked at together by one paediatrician?",
        hint="Those judged accidental included, and again since the latest one.",
        held_by=[_PAEDS, _CSC],
    )
