"""The main job of README.md, from a referral to a key, by the Python client that was generated from the description: every
body and every answer goes through its types. Run by clients.py with the client installed; reads what it needs as JSON from
standard input."""
import datetime
import json
import subprocess
import sys

import thuispunt_client as client


def api(tag, base, token):
    """The operations of a tag, as somebody."""
    configuration = client.Configuration(host=base, access_token=token)
    return getattr(client, tag + "Api")(client.ApiClient(configuration))


class Journey:
    def __init__(self, given):
        self.base, self.tokens, self.issue = given["base"], given["tokens"], given["issue"]
        self.day = datetime.date.today() + datetime.timedelta(days=14)
        self.referral = self.dwelling = self.match = None

    def ask(self, tag, role):
        return api(tag, self.base, self.tokens[role])

    def move(self, role, **move):
        """Reads what may be done now, then does it on that version."""
        referrals = self.ask("Referrals", role)
        seen = referrals.read_transitions_with_http_info(self.referral)
        assert move["move"] in [possible.move.value for possible in seen.data.moves], move
        return referrals.move_referral(seen.headers["ETag"], self.referral, client.Move.from_dict(move))

    def post(self):
        draft = client.ReferralSubmission.from_dict({
            "opening": {"missedSignals": "The rent was late for a year.", "neededTwoYearsAgo": "Somebody who calls back."},
            "route": "shelter_exit", "municipality": "GM0153",
            "person": {"givenName": "Robin", "infix": "van der", "familyName": "Meer", "birthDate": "1990-02-17",
                       "phone": "+31612345678"},
            "screening": {"legalResidence": True, "acuteDanger": False, "lasting24hSupervision": False,
                          "ownStrengthSuffices": False, "homelessTonight": False},
            "wishes": [{"form": "independent_ambulatory", "municipalities": ["GM0153"], "note": "Close to my sister."}],
            "supportNeeds": ["money", "day_structure"], "consents": ["intake", "matching", "share_with_landlord"],
            "externalReference": "CLIENT-1"})
        posted = self.ask("Referrals", "referrer").create_referral(draft, idempotency_key="client-1")
        again = self.ask("Referrals", "referrer").create_referral(draft, idempotency_key="client-1")
        assert posted.id == again.id and posted.status == client.ReferralState.SUBMITTED
        self.referral = posted.id
        for role, status in (("allocator", 403), ("supporter", 404)):
            try:
                self.ask("Referrals", role).read_referral(self.referral)
            except client.ApiException as refusal:
                assert refusal.status == status, refusal
                assert json.loads(refusal.body)["type"].startswith("/problems/")
            else:
                raise AssertionError("%s reads a referral" % role)

    def talk(self):
        self.move("intaker", move="start_intake")
        self.ask("Intake", "intaker").write_report(self.referral, client.ReportDraft.from_dict({
            "summary": "Robin wants a home of their own near family, with help for money and for the days.",
            "conditions": [{"condition": "income", "level": 3, "note": "Benefit since September."},
                           {"condition": "housing", "level": 1}],
            "skills": [{"skill": "housekeeping", "level": 4}, {"skill": "money", "level": 2}],
            "risks": ["lasting_debts"], "supportNeeds": ["money", "day_structure"],
            "advisedForm": "independent_ambulatory", "incomePerMonth": 180000, "personalPlanReceived": False,
            "clientSupportOffered": True}))
        point = self.ask("Parties", "intaker").read_self().organisation.id
        self.tokens["candidate"] = subprocess.run(
            self.issue + ["--organisation", str(point), "--role", "candidate", "--referral", str(self.referral),
                          "--label", "Robin"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        assert self.ask("Intake", "candidate").read_report(self.referral).summary
        self.ask("Intake", "candidate").answer_report(self.referral, client.ReportAnswer.from_dict({"agrees": True}))
        self.move("intaker", move="complete_report")
        self.move("intaker", move="admit", urgency="urgent", form="independent_ambulatory",
                  urgencyGround="The place in the shelter ends next month.")

    def find_a_home(self):
        self.dwelling = self.ask("Supply", "allocator").create_dwelling(client.DwellingOffer.from_dict({
            "form": "independent_ambulatory", "municipality": "GM0153", "neighbourhood": "Lasonder",
            "address": {"street": "Lindenstraat", "houseNumber": "12", "postcode": "7511 AB", "city": "Enschede"},
            "rooms": 2, "rent": 62500, "serviceCost": 4500, "householdMaximum": 2, "petsAllowed": False,
            "availableFrom": self.day.isoformat()})).id
        self.match = self.ask("Matches", "coordinator").propose_match(client.MatchDraft.from_dict({
            "referral": str(self.referral), "dwelling": str(self.dwelling),
            "reason": "First in the queue for this form and place."})).id
        polled = self.ask("Matches", "allocator").list_matches_with_http_info(status=[client.MatchState.OFFERED])
        assert self.match in [item.id for item in polled.data.items]
        for role in ("allocator", "candidate"):
            self.ask("Matches", role).answer_match(self.match, client.MatchAnswer.from_dict({"answer": "accept"}))
        assert self.ask("Matches", "allocator").read_match(self.match).candidate.family_name == "Meer"

    def move_in(self):
        provider = self.ask("Parties", "supporter").read_self().organisation.id
        request = self.ask("Support", "coordinator").ask_support(self.referral, client.SupportRequestDraft.from_dict({
            "provider": str(provider), "hoursPerWeek": 4, "needs": ["money", "day_structure"],
            "wantedFrom": self.day.isoformat()})).id
        self.ask("Support", "supporter").answer_support(request, client.SupportAnswer.from_dict({
            "answer": "accept", "startsOn": self.day.isoformat(),
            "contact": {"name": "Noor Smit", "phone": "+31610000000"}}))
        assert self.ask("Referrals", "supporter").read_referral(self.referral).person.given_name == "Robin"
        self.ask("Tenancies", "allocator").create_tenancy(client.TenancyDraft.from_dict({
            "match": str(self.match), "startsOn": self.day.isoformat()}))
        seen = self.ask("Referrals", "referrer").read_referral(self.referral)
        assert seen.status == client.ReferralState.HOUSED, seen.status
        assert self.ask("Referrals", "candidate").read_disclosures(self.referral).items


if __name__ == "__main__":
    journey = Journey(json.load(sys.stdin))
    for step in (journey.post, journey.talk, journey.find_a_home, journey.move_in):
        step()
    print("housed")
