"""How a finding of the quality checks is shown."""

from pydantic import BaseModel, ConfigDict

from checks.rule import Finding, Gravity


class Rule(BaseModel):
    """What docs/quality-checks.md says of a rule."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    severity: Gravity
    title: str
    reason: str
    clause: str


class Check(BaseModel):
    """One finding in a hazard: what is found, where, and what to do."""

    rule: Rule
    message: str


def checks_of(findings: list[Finding]) -> list[Check]:
    return [Check(rule=Rule.model_validate(found.rule), message=found.message) for found in findings]
