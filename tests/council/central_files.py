"""A small folder of central records to import. Nobody in it is real."""

from collections.abc import Callable
from pathlib import Path

FILES = {
    "localities.csv": """\
code,name
D1,Ashcombe Vale
""",
    "teams.csv": """\
team,name,district,employing_agency
T01,Vale Families Team,Ashcombe Vale,Ashcombe County Council
T02,Moor Families Team,Ashcombe Vale,Ashcombe County Council
""",
    "workers.csv": """\
staff_no,forenames,family_name,email,role,team,employing_agency,fte,phone
W1,Dana,Moss,w1@ashcombe.example.org,team_leader,T01,Ashcombe County Council,1.0,01632 960011
W2,Owen,Hale,w2@ashcombe.example.org,fsw,T01,Ashcombe County Council,0.6,01632 960012
W3,Zoë,O'Hara,w3@ashcombe.example.org,fip,T01,Ashcombe County Council,0.5,
""",
    "families.csv": """\
family_ref,label,status,intensity,district,team,lead_worker,address_line_1,town,postcode,\
confidential,tenure,opened_on,attached_on,closed_on
F-1,Reed family,supported,intensive,Ashcombe Vale,T01,W2,"Flat 1, 2 High Street",Holm,ZZ1 1AA,\
no,social_rent,2016-09-13,2017-04-01,
F-2,Oakes family,closed,standard,Ashcombe Vale,T01,W2,3 Low Road,Holm,ZZ1 1AB,\
yes,owned,2015-05-23,2016-03-31,2015-12-10
F-3,Lark family,declined,standard,Ashcombe Vale,T01,,4 Mill Lane,Holm,,no,private_rent,2016-01-02,,
""",
    "people.csv": """\
person_ref,family_ref,role,forenames,family_name,known_as,dob,expected_date,gender,first_language,nhs_number,\
upn,ni_number,lives_here,legal_status,phone,safe_to_call
P-1,F-1,parent,Mary-Jane,Reed,MJ,1980-02-29,,Female,English,9990000001,\
,QQ000001A,full,none,07700 900001,only_when
P-2,F-1,child,Łukasz,Reed,,2010-03-03,,Male,Polish,9990000002,A123456789012,,part,CP plan,,
P-3,F-2,unborn,Unborn,Oakes,,,2018-05-20,,,,,,full,none,,
""",
    "needs.csv": """\
family_ref,person_ref,headline,indicator,identified_on,source,severity
F-1,P-2,education,missing_10pc,2016-09-13,school,acute
F-1,,work_finance,financial_exclusion,2016-09-14,data_match,emerging
""",
    "notes.csv": """\
note_ref,family_ref,author,happened_at,kind,what_happened
N-1,F-1,W2,2017-06-08T09:15,visit,"Met at school.
The kitchen was clean."
N-2,F-1,W3,2017-01-08T16:00,correspondence,Rang the housing officer.
""",
}


def write(folder: Path, **changes: Callable[[str], str] | None) -> Path:
    """The files in a folder, each changed by a function given by its name; None leaves it out."""
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        change = changes.get(name.removesuffix(".csv"), str)
        if change is None:
            (folder / name).unlink(missing_ok=True)
        else:
            (folder / name).write_text(change(text), encoding="utf-8", newline="")
    return folder


def swap(old: str, new: str) -> Callable[[str], str]:
    """A change for `write`: one piece of text for another."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change
