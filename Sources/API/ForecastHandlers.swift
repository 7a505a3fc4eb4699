// The route of the forecast: who will be late by the promise, and what would still save it.

internal import Domain
internal import JSON
internal import UseCases

enum ForecastHandlers {
    static func promise(_ exchange: Exchange) async throws -> Answer {
        let (caller, today) = (exchange.caller, exchange.today)
        return try await exchange.lookLong { tx in
            let reading = try ForecastPromise.run(by: caller, in: tx)
            return (Answer.ok { $0.object { write(reading.value, on: today, to: &$0) } }, reading.disclosures)
        }
    }

    private static func write(_ outlook: PromiseOutlook, on today: CivilDate, to writer: inout JSONWriter) {
        let late = outlook.forecast.expectations.filter(\.isLate)
        writer.field("asOf", today)
        writer.object("model") { writer in
            writer.field("en", PromiseForecast.model.english)
            writer.field("nl", PromiseForecast.model.dutch)
        }
        writer.field("windowDays", PromiseForecast.windowDays)
        writer.field("waiting", outlook.forecast.expectations.count)
        writer.field("late", late.count)
        writer.array("items") { writer in
            for expectation in late.prefix(ForecastPromise.namedLimit) {
                writer.object { writer in
                    writer.field("referral", expectation.entry.referral)
                    writer.field("candidateNumber", CandidateNumber.text(expectation.entry.number))
                    writer.field("promiseDueOn", expectation.entry.promisedBy)
                    writer.field("expectedOn", ifPresent: expectation.expectedOn)
                }
            }
        }
        writer.array("saves") { writer in
            for rescue in outlook.forecast.rescues {
                writer.object { writer in
                    writer.field("form", rescue.form)
                    writer.field("municipality", rescue.municipality.code)
                    writer.field("places", rescue.places)
                    writer.field("firstNeededBy", rescue.firstNeededBy)
                }
            }
        }
        writer.array("supply") { writer in
            for line in outlook.supply {
                writer.object { writer in
                    writer.field("form", line.form)
                    writer.field("municipality", line.municipality.code)
                    writer.field("delivered", line.delivered)
                    writer.field("free", line.free)
                }
            }
        }
    }
}
