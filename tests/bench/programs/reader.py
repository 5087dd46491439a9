"""A session that prints when another one's change arrives. Usage: reader.py WORKBOOK; ends when its input is closed."""
import sys
import time

from crm_workbook.records.requirements import Requirement
from crm_workbook.store.session import Advanced, Event, Opened, Session


def post(event: Event) -> None:
    if isinstance(event, Opened):
        print("open", flush=True)
    elif isinstance(event, Advanced):
        print(time.monotonic(), event.book.rows(Requirement)[0].note, sep="\t", flush=True)


session = Session(sys.argv[1], who="Reader", post=post)
session.start()
sys.stdin.read()
session.close()
