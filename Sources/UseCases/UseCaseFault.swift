// Why something can't be done, in the domain's words. API/Problem alone turns these into status codes.

package import Domain

/// A refusal by a use case.
package enum UseCaseFault: Error, Sendable, Equatable {
    /// The role may never do this.
    case forbidden(String)
    /// It is not there, or not the caller's to know of: the two can't be told apart.
    case notFound
    /// The lifecycle has no such move from here; `allowed` are those the caller may make now.
    case moveNotAllowed(String, allowed: [ReferralMove])
    /// Something else stands in the way.
    case conflict(Conflict, String, existing: ExistingResource? = nil)
    /// The resource has changed since the caller last saw it.
    case preconditionFailed
    /// Where the caller had got to in the change feed is no place in it any more.
    case positionLost
    /// A member of the body that only the stored data can judge, such as an id of nothing.
    case invalid(pointer: String, code: String, text: String)
}

/// What stands in the way; the raw value is the slug of the problem type.
package enum Conflict: String, CaseIterable, Sendable {
    case duplicateExternalReference = "duplicate-external-reference"
    case duplicatePerson = "duplicate-person"
    case personInQueue = "person-in-queue"
    case consentMissing = "consent-missing"
    case reportMissing = "report-missing"
    case agreementMissing = "agreement-missing"
    case dwellingNotFree = "dwelling-not-free"
    case referralNotWaiting = "referral-not-waiting"
    case supportMissing = "support-missing"
    case supportStartsTooLate = "support-starts-too-late"
    case answerWithheld = "answer-withheld"
    case other = "conflict"
}

/// What is there already.
package enum ExistingResource: Sendable, Equatable {
    case referral(ReferralID)
    case dwelling(DwellingID)
    case match(MatchID)
    case supportRequest(SupportRequestID)
    case tenancy(TenancyID)
    case task(TaskID)
    case signal(SignalID)
    case handover(HandoverID)
    case emergency(EmergencyID)
    case consultation(ConsultationID)
    case matchRun(MatchRunID)
}

/// The versions a change may rest on, from `If-Match`.
package enum Precondition: Sendable, Equatable {
    /// `*`: whatever the version.
    case any
    case versions([Int])

    /// Refuses a stale version.
    ///
    /// - Throws: `UseCaseFault.preconditionFailed`.
    func check(_ version: Int) throws {
        switch self {
        case .any: return
        case .versions(let versions):
            guard versions.contains(version) else { throw UseCaseFault.preconditionFailed }
        }
    }
}
