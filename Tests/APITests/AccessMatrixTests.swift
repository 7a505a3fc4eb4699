// Every role × every route × every way of standing to what the route is about, from one table. A route without a row
// fails, and so does a row without a route. The same answers, as a page to read, are kept in Tests/access-matrix.md.

import Domain
import Foundation
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct AccessMatrixTests {
    /// A line per route, a cell per seat. A cell of eight says what is answered about what is one's own, assigned, offered,
    /// another's, restricted with oneself named, restricted to others, the same behind a broken glass, and nothing; a cell
    /// of one, for a route that names no resource, says it of the route. 2: done. 3: forbidden, 403. 4: not found, 404.
    /// Let in, and then refused for what was asked: b 400, c 409, p 412. A dash: for this role there is no such thing.
    static let table = """
        route | referrer supporter policymaker intaker coordinator allocator panel candidate auditor admin delegate
        POST /session | 2 2 2 2 2 2 2 2 2 2 2
        DELETE /session | 2 2 2 2 2 2 2 2 2 2 2
        GET /v1/me | 2 2 2 2 2 2 2 2 2 2 2
        GET /v1/changes | 2 2 2 2 2 2 2 2 2 2 2
        GET /v1/organisations | 3 3 3 2 2 3 3 3 3 2 3
        GET /v1/region | 3 3 3 2 2 3 3 3 3 2 3
        GET /v1/disclosures | 3 3 3 3 3 3 3 3 2 3 3
        POST /v1/referrals | 2 3 3 2 2 3 3 3 3 3 3
        GET /v1/referrals | 2 2 2 2 2 3 3 2 3 3 2
        POST /v1/referrals/_search | 2 3 3 2 2 3 3 3 3 3 3
        POST /v1/referrals/batch | 2 3 3 2 2 3 3 3 3 3 3
        GET /v1/referrals/{id} | 2--424-4 -24424-4 2--424-4 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        PATCH /v1/referrals/{id} | 2--424-4 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/transitions | 2--424-4 -24424-4 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/transitions | p--4p4-4 -33333-3 3--333-3 ---pp444 ---pp444 --33---3 --33---3 p--4-p-4 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/events | 2--424-4 -24424-4 2--424-4 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        GET /v1/referrals/{id}/clocks | 2--424-4 -24424-4 2--424-4 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/clocks/{clockId}/pauses | 3--333-3 -33333-3 3--333-3 ---22444 ---22444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/clocks/{clockId}/resumptions | 3--333-3 -33333-3 3--333-3 ---22444 ---22444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/trusted-people | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/trusted-people | 3--333-3 -33333-3 3--333-3 ---22444 ---22444 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/trusted-people/{tokenId}/revocations | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/explanations | 2--424-4 -24424-4 2--424-4 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        GET /v1/referrals/{id}/overview | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        GET /v1/referrals/{id}/dossier | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/correction-requests | 2--424-4 -24424-4 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/correction-requests | 3--333-3 -33333-3 3--333-3 ---22444 ---22444 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/correction-requests/{requestId}/decisions | 3--333-3 -33333-3 3--333-3 ---22444 ---22444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/correction-requests/{requestId}/statements | 3--333-3 -33333-3 3--333-3 ---22444 ---22444 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/erasure-requests | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/erasure-requests | 3--333-3 -33333-3 3--333-3 ---cc444 ---cc444 --33---3 --33---3 c--4-c-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/erasure-requests/{requestId}/decisions | 3--333-3 -33333-3 3--333-3 ---33333 ---22444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/links | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/links | 3--333-3 -33333-3 3--333-3 ---bb444 ---bb444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/restriction | 3--333-3 -33333-3 3--333-3 ---42424 ---42424 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/restriction | 3--333-3 -33333-3 3--333-3 ---c2444 ---c2444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/emergency-access | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/emergency-access | 3--333-3 -33333-3 3--333-3 ---cc2c4 ---cc2c4 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/emergency-access/{accessId}/reviews | 3--333-3 -33333-3 3--333-3 ---22444 ---22224 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/disclosures | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---2-2-4 ---3---3 2--4-2-4
        GET /v1/referrals/{id}/intake | 3--333-3 -24424-4 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/intake | 3--333-3 -33333-3 3--333-3 ---cc444 ---cc444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/intake/responses | 3--333-3 -33333-3 3--333-3 ---pp444 ---pp444 --33---3 --33---3 p--4-p-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/assignments | 3--333-3 -33333-3 3--333-3 ---22444 ---22444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/advice | 2--424-4 -24424-4 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/advice | b--4b4-4 -33333-3 3--333-3 ---bb444 ---bb444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/records | 3--333-3 -24424-4 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/records | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/measurements | 3--333-3 -24424-4 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/measurements | 3--333-3 -24424-4 3--333-3 ---22444 ---22444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/risks | 3--333-3 -24424-4 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/risks | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/network | 3--333-3 -24424-4 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/network | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/network/{personId}/withdrawals | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/exclusion-zones | 3--333-3 -24424-4 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/exclusion-zones | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/exclusion-zones/{zoneId}/ends | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/objections | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/objections | 3--333-3 -33333-3 3--333-3 ---cc444 ---cc444 --33---3 --33---3 c--4-c-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/objections/{objectionId}/decisions | 3--333-3 -33333-3 3--333-3 ---33333 ---22444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/wishes | 2--424-4 -24424-4 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/wishes | 2--424-4 -33333-3 3--333-3 ---22444 ---22444 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/consents | 2--424-4 -24424-4 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/consents | 2--424-4 -33333-3 3--333-3 ---22444 ---22444 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/consents/{consentId}/withdrawals | 2--424-4 -33333-3 3--333-3 ---22444 ---22444 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/support-requests | 2--424-4 -24424-4 3--333-3 ---22424 ---22424 --33---3 --33---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/referrals/{id}/support-requests | 3--333-3 -33333-3 3--333-3 ---cc444 ---cc444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/referrals/{id}/support-proposals | 3--333-3 -33333-3 3--333-3 ---22424 ---22424 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/referrals/{id}/themes | 3--333-3 -33333-3 3--333-3 ---22444 ---22444 --33---3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/consultations | 2 2 3 2 2 2 3 3 3 3 3
        POST /v1/consultations | 2 2 3 2 2 2 3 3 3 3 3
        GET /v1/consultations/{id} | 2--4---4 2--4---4 ---3---3 ---2---4 ---2---4 ---4---4 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3
        POST /v1/consultations/{id}/responses | 3--3---3 3--3---3 ---3---3 ---2---4 ---c---4 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3
        POST /v1/consultations/{id}/themes | 3--3---3 3--3---3 ---3---3 ---2---4 ---2---4 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3
        GET /v1/reports/missed-signals | 3 3 2 3 2 3 3 3 3 3 3
        GET /v1/reports/declines | 3 3 3 2 2 2 2 3 3 3 3
        GET /v1/dwellings | 3 3 3 2 2 2 2 3 3 3 3
        POST /v1/dwellings | 3 3 3 3 b 2 3 3 3 3 3
        GET /v1/dwellings/{id} | ---3---3 ---3---3 ---3---3 ---2---4 ---2---4 2--4---4 2--4---4 ---3---3 ---3---3 ---3---3 ---3---3
        GET /v1/dwellings/{id}/explanations | ---3---3 ---3---3 ---3---3 ---2---4 ---2---4 2--4---4 2--4---4 ---3---3 ---3---3 ---3---3 ---3---3
        PATCH /v1/dwellings/{id} | ---3---3 ---3---3 ---3---3 ---3---3 ---2---4 2--4---4 3--3---3 ---3---3 ---3---3 ---3---3 ---3---3
        GET /v1/agreements | 3 3 3 2 2 2 2 3 3 3 3
        PUT /v1/agreements | 3 3 3 3 c 3 3 3 3 3 3
        POST /v1/match-runs | 3 3 3 3 2 3 3 3 3 3 3
        GET /v1/match-runs | 3 3 3 3 2 3 3 3 3 3 3
        GET /v1/match-runs/{id} | ---3---3 ---3---3 ---3---3 ---3---3 ---2---4 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3
        GET /v1/match-runs/{id}/candidates | ---3---3 ---3---3 ---3---3 ---3---3 ---2---4 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3
        GET /v1/match-runs/{id}/dwellings | ---3---3 ---3---3 ---3---3 ---3---3 ---2---4 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3
        GET /v1/match-runs/{id}/replay | ---3---3 ---3---3 ---3---3 ---3---3 ---2---4 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3
        POST /v1/match-runs/{id}/offers | ---3---3 ---3---3 ---3---3 ---3---3 ---2---4 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3 ---3---3
        GET /v1/matches | 3 2 3 2 2 2 2 2 3 3 2
        POST /v1/matches | 3 3 3 3 c 3 3 3 3 3 3
        GET /v1/matches/{id} | ---3---3 -24424-4 ---3---3 ---22424 ---22424 2-2424-4 --24---4 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/matches/{id}/offers | ---3---3 -33333-3 ---3---3 ---33333 ---cc444 3-3333-3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/matches/{id}/responses | ---3---3 -p44p4-4 ---3---3 ---33333 ---pp444 p-p4p4-4 --p4---4 p--4-p-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/matches/{id}/reviews | ---3---3 -33333-3 ---3---3 ---33333 ---cc444 3-3333-3 --33---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/matches/{id}/viewings | ---3---3 -33333-3 ---3---3 ---33333 ---cc444 c-24c4-4 --c4---4 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/matches/{id}/introductions | ---3---3 -33333-3 ---3---3 ---cc444 ---cc444 3-3333-3 --33---3 c--4-c-4 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/support-requests | 3 2 3 2 2 3 3 3 3 3 3
        GET /v1/support-requests/{id} | 2--424-4 -22424-4 ---3---3 ---22424 ---22424 ---3---3 ---3---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/support-requests/{id}/conversions | 3--333-3 -pp4p4-4 ---3---3 ---33333 ---33333 ---3---3 ---3---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/support-requests/{id}/responses | 3--333-3 -pp4p4-4 ---3---3 ---33333 ---33333 ---3---3 ---3---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/tasks | 2 2 3 2 2 2 2 2 3 3 2
        GET /v1/tasks/{id} | 2--424-4 2--424-4 ---3---3 ---22424 ---22424 2--424-4 2--4---4 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/tasks/{id}/completions | p--4p4-4 p--4p4-4 ---3---3 ---pp4p4 ---pp4p4 p--4p4-4 p--4---4 p--4-p-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/tasks/{id}/assignments | p--4p4-4 p--4p4-4 ---3---3 ---pp4p4 ---pp4p4 p--4p4-4 p--4---4 p--4-p-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/tasks/{id}/answers | p--4p4-4 p--4p4-4 ---3---3 ---pp4p4 ---pp4p4 p--4p4-4 p--4---4 p--4-p-4 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/signals | 2 2 3 2 2 2 2 2 3 3 3
        GET /v1/signals | 2 2 3 2 2 2 2 2 3 3 2
        GET /v1/signals/{id} | ---4---4 -2-424-4 ---3---3 ---22424 ---22424 2--424-4 2--4---4 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/signals/{id}/responses | ---3---3 -p-4p4-4 ---3---3 ---pp4p4 ---pp4p4 3--333-3 3--3---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/handovers | 3 3 3 b b 3 3 3 3 3 3
        GET /v1/handovers | 2 3 3 2 2 3 3 2 3 3 2
        GET /v1/handovers/{id} | 2--424-4 ---3---3 ---3---3 ---22424 ---22424 ---3---3 ---3---3 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        GET /v1/handovers/{id}/package | 2--424-4 ---3---3 ---3---3 ---22444 ---22444 ---3---3 ---3---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        POST /v1/handovers/{id}/responses | p--4p4-4 ---3---3 ---3---3 ---pp444 ---pp444 ---3---3 ---3---3 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        GET /v1/forecasts/promise | 3 3 3 2 2 3 3 3 3 3 3
        GET /v1/tenancies | 3 2 3 2 2 2 2 2 3 3 2
        POST /v1/tenancies | 3 3 3 3 b b b 3 3 3 3
        GET /v1/tenancies/{id} | ---3---3 -2-424-4 ---3---3 ---22424 ---22424 2--424-4 2--4---4 2--4-2-4 ---3-3-3 ---3---3 2--4-2-4
        POST /v1/tenancies/{id}/ends | ---3---3 -3-333-3 ---3---3 ---33333 ---cc444 c--4c4-4 c--4---4 3--3-3-3 ---3-3-3 ---3---3 3--3-3-3
        """

    private static func rows() -> [(route: String, cells: [String])] {
        table.split(separator: "\n").dropFirst().map { line in
            let parts = line.split(separator: "|")
            let route = parts[0].trimmingCharacters(in: .whitespaces)
            return (route, parts[1].split(separator: " ").map(String.init))
        }
    }

    private static func name(_ route: Route) -> String { "\(route.method.rawValue) \(route.template)" }

    /// What was answered, as the table writes it.
    private static func code(_ reply: Reply) -> Character {
        switch reply.status {
        case 200, 201, 204: "2"
        case 400: "b"
        case 403: "3"
        case 404: "4"
        case 409: "c"
        case 412: "p"
        default: "?"
        }
    }

    @Test func everyRoleByEveryRouteByEveryRelation() async throws {
        let world = try await World()
        let rows = Self.rows()
        #expect(rows.map(\.route) == Routes.all.map(Self.name), "a route without a row, or a row without a route")
        var observed: [(route: String, cells: [String])] = []
        var nested = Nested(world)
        for (route, row) in zip(Routes.all, rows) {
            try #require(row.cells.count == Seat.all.count, "\(row.route)")
            var cells: [String] = []
            for seat in Seat.all { cells.append(try await cell(route, seat, in: world, &nested)) }
            for (seat, (found, expected)) in zip(Seat.all, zip(cells, row.cells)) {
                #expect(found == expected, "\(seat) \(row.route)")
            }
            observed.append((row.route, cells))
        }
        try expectPage(Self.page(observed))
    }

    private func cell(
        _ route: Route, _ seat: Seat, in world: World, _ nested: inout Nested
    ) async throws -> String {
        guard let kind = route.kind else {
            let speaker = world.speaker(seat, nil, .own)
            return String(Self.code(try await ask(route, route.template, as: speaker, .own, in: world)))
        }
        var cell = ""
        for relation in Relation.allCases {
            guard let id = world.id(kind, seat.role, relation) else {
                cell.append("-")
                continue
            }
            let target = try await nested.path(route, id)
            let speaker = world.speaker(seat, kind, relation)
            let reply = try await ask(route, target, as: speaker, relation, in: world)
            if reply.status < 300 { nested.use(route, id) }
            // Whoever breaks the glass sees what the next cells are not to see.
            if route.action == .breakGlass, relation == .restricted {
                try await world.bench.scratch.restrict(id, to: [])
            }
            cell.append(Self.code(reply))
        }
        return cell
    }

    /// A request that is well formed and would be carried out, or on a version long gone where doing it would change what
    /// the next cells are about.
    private func ask(
        _ route: Route, _ target: String, as speaker: Speaker, _ relation: Relation, in world: World
    ) async throws -> Reply {
        let client = world.bench.client
        guard route.body != .none else { return try await client.send(route.method, target, as: speaker) }
        let isPatch = route.body == .mergePatch
        let tag = isPatch ? "*" : "\"0\""
        return try await client.send(
            route.method, target, as: speaker, body(route, speaker, relation, world).bytes,
            type: route.body.mediaTypes[0], fields: [("If-Match", tag)])
    }

    private func body(_ route: Route, _ speaker: Speaker, _ relation: Relation, _ world: World) -> JSONTree {
        if let talk = Drafts.talk(route.template, token: world.bench.region.token(of: .intaker)) { return talk }
        return switch route.action {
        case .createReferral: Drafts.plainReferral
        case .searchReferrals: ["familyName": "Bakker"]
        case .moveReferral: ["move": "withdraw", "reason": "No."]
        case .writeReport: Drafts.report
        case .answerReport: ["agrees": true]
        case .writeWishes: ["wishes": [["form": "shared"]]]
        case .writeConsents: route.template.contains("{consentId}") ? [:] : ["purpose": "network"]
        case .askSupport: ["provider": .text(world.bench.region.id(of: .careProvider)), "hoursPerWeek": 2]
        case .createDwelling: Drafts.dwelling.removing("/externalReference")
        case .proposeMatch:
            ["referral": .text(world.first.referral), "dwelling": .text(world.first.dwelling), "reason": "Why not."]
        case .answerMatch: ["answer": "accept"]
        case .answerSupport: Drafts.supportAccepted
        case .createTenancy: ["match": .text(World.missing), "startsOn": "2026-12-01"]
        case .endTenancy: ["endedOn": "2026-12-01"]
        case .restrictReferral where relation == .named:
            ["reason": "No.", "people": .list(world.everybody.map { .text($0) })]
        case .restrictReferral: ["reason": "No.", "ended": true]
        case .breakGlass: ["reason": "Somebody is in danger."]
        case .askCorrection:
            route.template.hasSuffix("statements")
                ? ["statement": "No."] : ["fields": ["identity"], "text": "With two s."]
        case .decideCorrection: ["outcome": "refused", "note": "The clinic says so."]
        case .pauseClock:
            route.template.hasSuffix("pauses") ? ["ground": "force_majeure", "reason": "A flood."] : [:]
        case .decideErasure: ["outcome": "refused", "ground": "legal_obligation", "note": "The law says so."]
        case .giveSignal:
            speaker.role == .candidate ? ["kind": "crisis"] : Drafts.strangerSignal.removing("/person/birthDate")
        case .answerSignal: ["outcome": "not_reached"]
        case .askHandover: Drafts.handover.setting("/referral", .text(World.missing))
        case .answerHandover: ["answer": "decline", "reason": "no_capacity"]
        case .trust: ["name": "My sister"]
        case .linkReferrals: ["referral": .text(World.missing), "outcome": "same_person"]
        case .reviewEmergency: ["outcome": "justified", "note": "Yes."]
        case .runMatches: route.template.hasSuffix("offers") ? ["all": true] : [:]
        case .reviewDecline: ["outcome": "uphold", "reason": "It stands."]
        case .setViewing: ["at": "2026-12-10T10:00:00Z"]
        case .introduce: ["text": "I cook well."]
        case .writeAgreements: ["year": 2026, "agreements": []]
        case .changeTasks:
            switch route.segments.last {
            case "completions": ["note": "Yes."]
            case "answers": ["reason": "capacity", "until": "2026-12-01"]
            default: ["note": "Yes.", "token": .text(World.missing)]
            }
        default: [:]
        }
    }

    @Test func withoutATokenNothingIsAnswered() async throws {
        let world = try await World()
        for route in Routes.all {
            for id in [world.first.referral, World.missing] {
                let target = route.template.filled(id)
                let reply = try await world.bench.client.send(
                    route.method, target, as: nil, Array("{}".utf8), type: route.body.mediaTypes.first)
                #expect(reply.status == 401, "\(Self.name(route))")
            }
        }
    }

    /// A list holds just what its reader may read one by one.
    @Test func listsHoldWhatMayBeRead() async throws {
        let world = try await World()
        for kind in Kind.allCases {
            let list = try #require(Routes.all.first { $0.method == .get && $0.template == "/v1/\(kind.rawValue)" })
            let one = try #require(list.action)
            for role in one.roles.roles {
                let speaker = world.speaker(role)
                var mayRead: Set<String> = []
                for id in try world.all(kind) {
                    let reply = try await world.bench.client.get("\(list.template)/\(id)", as: speaker)
                    if reply.status == 200 { mayRead.insert(id) }
                }
                let listed = try await world.bench.client.get(list.template + "?limit=100", as: speaker).json["/items"]?
                    .elements
                #expect(Set((listed ?? []).compactMap { $0["/id"]?.text }) == mayRead, "\(role) \(kind)")
            }
        }
    }

    /// What a landlord names in a body is held to the same scope as what stands in a path.
    @Test func aTenancyIsOfAMatchInScope() async throws {
        let world = try await World()
        let (fulfilled, offered) = (world.first.match, world.fourth.match)
        let tries: [(Speaker, String, Int)] = [
            (.allocator, fulfilled, 409), (.allocator, offered, 409), (.allocator, world.second.match, 400),
            (.panel, world.third.match, 409), (.panel, fulfilled, 400), (.coordinator, world.second.match, 409),
        ]
        var unknown: Set<String> = []
        for (speaker, match, status) in tries + [(.allocator, World.missing, 400), (.panel, World.missing, 400)] {
            let reply = try await world.bench.client.post(
                "/v1/tenancies", as: speaker, ["match": .text(match), "startsOn": "2026-12-01"])
            #expect(reply.status == status, "\(speaker)")
            if status == 400 { unknown.insert("\(reply.json.removing("/instance"))") }
        }
        #expect(unknown.count == 1, "another's match looks like none")
    }

    // MARK: The page

    private static func page(_ rows: [(route: String, cells: [String])]) -> String {
        let counts = rows.flatMap(\.cells).joined().reduce(into: [Character: Int]()) { $0[$1, default: 0] += 1 }
        let asked = counts.reduce(0) { $0 + ($1.key == "-" ? 0 : $1.value) }
        let legend: [(Character, String)] = [
            ("2", "done"), ("3", "forbidden (403)"), ("4", "not found (404)"), ("b", "400"), ("c", "409"), ("p", "412"),
        ]
        let sums = legend.map { "\($0.1) \(counts[$0.0] ?? 0)" }.joined(separator: ", ")
        var lines = [
            "# Who may what", "",
            "Written by `AccessMatrixTests` with `THUISPUNT_RECORD=1`; the test fails when it is not what the service answers.",
            "",
            "A cell of eight says what is answered about something of one's own, assigned, offered, another's; about what would",
            "be one's own or in one's care and is restricted, when one is named, when one is not, and when one broke the glass;",
            "and about nothing. `2` done, `3` 403, `4` 404; let in and then refused for what was asked `b` 400, `c` 409, `p` 412;",
            "`-` for this role there is no such thing. Routes that name no resource have a cell of one. A delegate is somebody",
            "whom a candidate lets look along.", "",
            "\(rows.count) routes × \(Seat.all.count) who ask, \(asked) questions: \(sums).", "",
            "| route | " + Seat.all.map(\.description).joined(separator: " | ") + " |",
            "|---|" + Seat.all.map { _ in "---|" }.joined(),
        ]
        for row in rows {
            lines.append("| `\(row.route)` | " + row.cells.map { "`\($0)`" }.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func expectPage(_ page: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "access-matrix.md")
        if ProcessInfo.processInfo.environment["THUISPUNT_RECORD"] != nil {
            try page.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == page)
    }
}
