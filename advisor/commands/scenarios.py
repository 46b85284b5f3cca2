"""The commands about scenarios: what there is, and the sheets of an exercise."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from advisor.commands.shared import DONE, counted, pack_of
from advisor.data import scenarios_folder
from advisor.page import Page


def list_scenarios(options: Namespace) -> int:
    """Print every story with its decision points, the other cases, and the exercises."""
    from advisor.chronology.story import FILE, read_story
    from advisor.exercise import exercises
    from advisor.language.english import day
    from advisor.scenario import scenarios

    folder: Path = options.scenarios or scenarios_folder()
    if not folder.is_dir():
        from advisor.problems import fault

        raise fault(str(folder), "there is no such folder of scenarios")
    points: dict[Path, list[tuple[str, str, str]]] = {}
    for each in scenarios(folder):
        when = str(each.snapshot.as_of)
        points.setdefault(each.path.parent, []).append((when, each.path.stem, each.head.title))
    stories = {path.parent: read_story(path) for path in sorted(folder.rglob(FILE))}
    page = Page()
    for place in sorted({*points, *stories}):
        where = place.relative_to(folder).as_posix()
        story = stories.get(place)
        page.heading(f"{where}: {story.head.title}" if story else f"{where}: single cases")
        for when, stem, title in sorted(points.get(place, ())):
            page.text(f"{day(when)}: {title}", indent=2, hang=2)
            page.text(f"{stem}.yaml", indent=4)
    found = exercises(folder)
    page.heading("Exercises")
    for exercise in found:
        head = exercise.head
        stages = counted(len(exercise.stages), "stage")
        page.text(f"{head.title} ({stages}, {head.minutes} minutes)", indent=2, hang=2)
        page.text(str(exercise.path), indent=4)
    page.gap()
    page.text(
        f"{counted(len(stories), 'story', 'stories')}, "
        f"{counted(sum(map(len, points.values())), 'case')}, "
        f"{counted(len(found), 'exercise')}. `advisor scenario sheet FILE --out DIR` writes the "
        "sheets of an exercise."
    )
    return DONE


def write_exercise_sheets(options: Namespace) -> int:
    """Write the participants' and the facilitator's sheet of an exercise."""
    from advisor.exercise import read_exercise
    from advisor.sheets import write_sheets

    exercise = read_exercise(Path(options.file))
    for path in write_sheets(exercise, pack_of(options), options.out, options.pdf):
        print(path)
    return DONE


def write_picture(options: Namespace) -> int:
    """Write a chronology as a picture and a table, as known to a holder by a day."""
    import datetime as dt

    from jinja2 import Environment, PackageLoader, StrictUndefined

    from advisor.chronology.story import read_story
    from advisor.commands.replay import chronology_of, holder_of
    from advisor.picture import draw, rows, stylesheet
    from advisor.problems import fault
    from advisor.replay import replay
    from advisor.scenario import scenarios

    try:
        until = dt.date.fromisoformat(options.until)
    except ValueError:
        raise fault("--until", "write the day as YYYY-MM-DD") from None
    path = chronology_of(options.scenario)
    story = read_story(path)
    doors = story.front_doors()
    if options.holder is None and len(doors) != 1:
        raise fault("--as", f"say whose knowledge: {', '.join(doors or story.head.holders)}")
    holder = doors[0] if options.holder is None else holder_of(story, options.holder)
    made = replay(story, holder, pack_of(options), list(scenarios(path.parent)))
    environment = Environment(
        loader=PackageLoader("advisor", "templates"), autoescape=True, undefined=StrictUndefined
    )
    page = environment.get_template("picture.html").render(
        title=f"As known to {made.holder_name} on {until.day} {until:%B %Y}",
        style=stylesheet(),
        picture=draw(story, made, until, others=options.others),
        rows=rows(story, made, until, others=options.others),
    )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page, encoding="utf-8", newline="\n")
    print(options.out)
    return DONE
