// Which SQLite errors are faults of the store and which are a request's own, and what either text may hold.

import CSQLite
import SQLite
import Storage
import Testing

@Suite struct StorageFaultTests {
    @Test(arguments: [
        SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_IOERR, SQLITE_IOERR | 4 << 8, SQLITE_READONLY, SQLITE_CORRUPT,
        SQLITE_NOTADB, SQLITE_CANTOPEN, SQLITE_NOMEM, SQLITE_PROTOCOL,
    ]) func faults(code: Int32) {
        let fault = StorageFault(SQLiteError(code: ResultCode(rawValue: code), message: "detail of the disk"))
        #expect(fault != nil)
        #expect(fault?.clientText.contains("detail") == false)
    }

    @Test(arguments: [SQLITE_CONSTRAINT, SQLITE_CONSTRAINT | 8 << 8, SQLITE_ERROR, SQLITE_MISMATCH, SQLITE_TOOBIG])
    func notFaults(code: Int32) {
        #expect(StorageFault(SQLiteError(code: ResultCode(rawValue: code), message: "")) == nil)
    }
}
