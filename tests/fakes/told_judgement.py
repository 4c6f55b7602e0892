"""Judgements of options in a few words, for tables of tests."""

from automl.studies.draft.judging.judge import Judged, Verdict


def told(judged: Judged) -> str:
    """Return a judgement in a few words."""
    if judged.verdict is not Verdict.TUNED:
        return f"{judged.verdict}: {judged.why}" if judged.verdict is Verdict.LEFT else "length"
    described = judged.described
    log = " log" if described.get("log") else ""
    if described["type"] == "Flag":
        return "flag"
    if "candidates" in described:
        return f"of {','.join(map(str, described['candidates']))}"
    return f"{described['min_value']}..{described['max_value']}{log}"
