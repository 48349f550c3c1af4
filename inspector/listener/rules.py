"""Rules for answers, as others use them: choose, try, check, begin with, keep as JSON. Light to import.

`rule` has the words, `rule_match` says which pushes fit, `rule_book` chooses and counts, `rule_trial` tries without
firing, `rule_check` finds what is wrong, `rule_presets` are some to begin with, `rule_json` reads and writes them.
"""

from inspector.listener.rule_book import RuleBook
from inspector.listener.rule_check import answer_faults, check, check_all
from inspector.listener.rule_json import rules_from_json, rules_to_json
from inspector.listener.rule_match import RuleSubject, subject_of
from inspector.listener.rule_presets import PRESETS
from inspector.listener.rule_trial import Trial, Verdict, explain

__all__ = [
    "PRESETS",
    "RuleBook",
    "RuleSubject",
    "Trial",
    "Verdict",
    "answer_faults",
    "check",
    "check_all",
    "explain",
    "rules_from_json",
    "rules_to_json",
    "subject_of",
]
