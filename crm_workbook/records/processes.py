"""Chapter 3, Processes: the work as it is and will be, and the forms and lists that follow from it."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from crm_workbook.records.declare import Record, day, integer, line, link, links, money, number, text, tick, yes_no


class Process(Record, prefix="P", table="process", chapter="processes", title="Processes", one="process",
              about="Work that is done again and again: who does what, in which order, by when. Begin with the one that earns "
                    "most.", columns=("name", "in_scope", "owner", "deadline", "steps_before", "steps_after")):
    name: str = line("Name", needed=True)
    in_scope: bool = tick("Part of this project", short="In")
    owner: str = link("Who is in charge", to="person", needed=True, short="In charge")
    departments: tuple[str, ...] = links("Departments that take part", to="department")
    deadline: str = line("Usual duration", "From the first step to the result: four hours, two days ...", needed=True)
    result: str = line("Result", "What is there at the end?")
    can_go: str = text("What can go", "Steps, copies or waiting that nobody would miss.", needed=True)
    steps_before: int | None = integer("Steps today", heading="Shorter or longer?", short="Today")
    steps_after: int | None = integer("Steps with the CRM", short="After")
    merged: bool | None = yes_no("Joined with another only because of the system?")


class Stage(Record, prefix="PS", table="stage", chapter="processes", title="Stages", one="stage",
            about="The stages of a process, in their order.", label=("name",),
            columns=("name", "process", "order", "who", "deadline")):
    process: str = link("Process", to="process", owner=True, needed=True)
    order: int | None = integer("Order", "1 is the first stage.", low=1, high=999)
    name: str = line("Stage", needed=True)
    who: str = line("Who does it")
    deadline: str = line("Within")
    goes: bool = tick("This stage can go")


class ProcessVersion(Record, prefix="PV", table="process_version", chapter="processes", title="Process changes",
                     one="process change", about="Each time the work changes, note it here, and when the CRM followed.",
                     label=("title",), columns=("title", "process", "on", "in_crm_on")):
    process: str = link("Process", to="process", owner=True, needed=True)
    title: str = line("What changed", needed=True)
    on: date | None = day("Valid from", needed=True)
    steps: int | None = integer("Steps now")
    in_crm_on: date | None = day("CRM adjusted on", needed=True)


class DataForm(Record, prefix="FO", table="data_form", chapter="processes", title="Forms", one="form",
               about="The forms of the future CRM that people will fill in.", columns=("name", "process", "mobile")):
    name: str = line("Name", needed=True)
    process: str = link("Process", to="process")
    mobile: bool = tick("Filled in on a phone")
    note: str = text("Notes")


class FormField(Record, prefix="F", table="form_field", chapter="processes", title="Fields", one="field",
                about="What each form asks for. Every field needs a purpose and somebody who reads it.",
                label=("name",), columns=("name", "form", "required", "purpose", "reader", "list")):
    form: str = link("Form", to="data_form", owner=True, needed=True)
    name: str = line("Field", needed=True)
    required: bool = tick("Must be filled in", short="Must")
    purpose: str = line("What for", "Which decision or step needs it?", needed=True)
    reader: str = line("Who reads it", needed=True)
    list: str = link("List to choose from", to="option_list")
    item: str = link("Data item", to="data_item")
    uses: int | None = integer("Read how often", "After two months of use.", unit="times a month")


class OptionList(Record, prefix="L", table="option_list", chapter="processes", title="Lists", one="list",
                 about="Lists to choose from. Seven options are enough at the start.",
                 columns=("name", "options", "other_share")):
    name: str = line("Name", needed=True)
    options: str = text("Options", "One on each line.", needed=True)
    other_share: float | None = number("How often 'other' is chosen", "In the last thirty days.", unit="%", low=0, high=100,
                                       short="Other")


class DataItem(Record, prefix="DA", table="data_item", chapter="processes", title="Data items", one="data item",
               about="Facts about clients that are kept today, and where. What is kept twice needs one master.",
               columns=("name", "places", "master")):
    name: str = line("Data item", "Telephone number, delivery address ...", needed=True)
    places: str = text("Where it is typed or kept", "One place on each line.", needed=True)
    master: str = line("Which of them is the master")


class OldTool(Record, prefix="OT", table="old_tool", chapter="processes", title="Old tools", one="old tool",
              about="Programs, tables and notebooks in which clients' data is kept today.",
              columns=("name", "departments", "same_data", "ends_on", "cost")):
    name: str = line("Name", needed=True)
    departments: tuple[str, ...] = links("Used by", to="department")
    same_data: bool | None = yes_no("Holds the same data as the CRM will", needed=True)
    ends_on: date | None = day("Used until", "The day after which nobody writes into it.")
    cost: Decimal | None = money("Cost a year")
    note: str = text("Notes")
