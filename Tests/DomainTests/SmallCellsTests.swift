// Small numbers in tables with totals. What an outsider can work out is worked out here the long way: every table of counts
// that fits what is shown, tried one by one, and rows and columns solved by subtraction in big ones.

import Domain
import TestKit
import Testing

@Suite struct SmallCellsTests {
    private typealias Shown = [[Int?]]

    /// The table as it is shown, totals last; nil for what is hidden.
    private func shown(_ table: SmallCells) -> Shown {
        let (rows, columns) = (table.counts.count, table.counts.first?.count ?? 0)
        func number(_ cell: SmallCells.Cell) -> Int? { if case .count(let count) = cell { count } else { nil } }
        return (0...rows).map { row in
            (0...columns).map { column in
                switch (row < rows, column < columns) {
                case (true, true): number(table.cell(row: row, column: column))
                case (true, false): number(table.total(row: row))
                case (false, true): number(table.total(column: column))
                case (false, false): number(table.total)
                }
            }
        }
    }

    private func withTotals(_ counts: [[Int]]) -> [[Int]] {
        let rows = counts.map { $0 + [$0.reduce(0, +)] }
        return rows + [(0..<(rows.first?.count ?? 0)).map { column in rows.reduce(0) { $0 + $1[column] } }]
    }

    /// Every value that each hidden cell has in some table that fits, with inner counts of at most `most`.
    private func possible(_ shown: Shown, most: Int) -> [[Set<Int>]] {
        let (rows, columns) = (shown.count - 1, (shown.first?.count ?? 1) - 1)
        var found = shown.map { $0.map { _ in Set<Int>() } }
        var counts = [[Int]](repeating: [Int](repeating: 0, count: columns), count: rows)
        func place(_ number: Int) {
            guard number < rows * columns else {
                let whole = withTotals(counts)
                for (row, line) in shown.enumerated() {
                    for (column, value) in line.enumerated() where value != nil && value != whole[row][column] {
                        return
                    }
                }
                for row in 0...rows { for column in 0...columns { found[row][column].insert(whole[row][column]) } }
                return
            }
            let (row, column) = (number / columns, number % columns)
            if let known = shown[row][column] {
                counts[row][column] = known
                if fits(row, column) { place(number + 1) }
                return
            }
            for value in 0...most {
                counts[row][column] = value
                if fits(row, column) { place(number + 1) }
            }
        }
        func fits(_ row: Int, _ column: Int) -> Bool {
            guard column == columns - 1, let total = shown[row][columns] else { return true }
            return counts[row].reduce(0, +) == total
        }
        place(0)
        return found
    }

    @Test func smallOnesAreHiddenAndNoneIsShown() {
        let table = SmallCells([[12, 3, 20], [7, 9, 11], [0, 15, 8]])
        #expect(table.cell(row: 0, column: 1) == .hidden)
        #expect(table.cell(row: 2, column: 0) == .count(0), "nobody is no secret")
        #expect(table.total == .count(85) && table.total(row: 0) == .count(35))
        let whole = SmallCells([[12, 30], [7, 9]])
        #expect(shown(whole) == [[12, 30, 42], [7, 9, 16], [19, 39, 58]], "nothing to hide")
        let alone = SmallCells([[3]])
        #expect(shown(alone) == [[nil, nil], [nil, nil]])
        #expect(shown(SmallCells([[0]])) == [[0, 0], [0, 0]])
        #expect(shown(SmallCells([])) == [[0]])
    }

    /// Tables small enough to try every one that fits: a hidden count has at least six values it could be, wherever it
    /// stands, so that it can be neither worked out nor kept below five.
    @Test func nothingHiddenCanBeWorkedOut() {
        let dice = SeededBits(seed: 20_261_127)
        var hidden = 0
        for (rows, columns, most, highest, rounds) in [(1, 3, 6, 11, 25), (2, 2, 6, 11, 25), (2, 3, 4, 9, 2)] {
            for _ in 0..<rounds {
                let counts = (0..<rows).map { _ in (0..<columns).map { _ in Int(dice.next() % UInt64(most + 1)) } }
                let shown = shown(SmallCells(counts))
                let whole = withTotals(counts)
                let fitting = possible(shown, most: highest)
                for (row, line) in shown.enumerated() {
                    for (column, value) in line.enumerated() {
                        if let value {
                            #expect(value == whole[row][column] && !(1...4).contains(value), "\(counts)")
                        } else {
                            hidden += 1
                            #expect(fitting[row][column].count >= 6, "\(counts): \(row),\(column)")
                            #expect(fitting[row][column].contains(whole[row][column]), "\(counts)")
                        }
                    }
                }
            }
        }
        #expect(hidden > 100)
    }

    /// Tables of the size of a report: no small number shows, and no row or column has a single unknown to solve.
    @Test(arguments: [UInt64(1), 2, 3]) func nothingFollowsBySubtraction(seed: UInt64) {
        let dice = SeededBits(seed: seed)
        for _ in 0..<4 {
            let counts = (0..<10).map { _ in (0..<8).map { _ in dice.next() % 3 == 0 ? 0 : Int(dice.next() % 30) } }
            let shown = shown(SmallCells(counts))
            for line in shown + transposed(shown) {
                #expect(line.count { $0 == nil } != 1, "\(counts)")
                #expect(!line.contains { (1...4).contains($0 ?? 0) }, "\(counts)")
            }
            #expect(shown.joined().contains(nil))
        }
    }

    private func transposed(_ table: Shown) -> Shown {
        (0..<(table.first?.count ?? 0)).map { column in table.map { $0[column] } }
    }

    /// Most of a table stays: hiding everything would be safe and useless.
    @Test func mostOfATableStays() {
        let dice = SeededBits(seed: 5)
        let counts = (0..<10).map { _ in (0..<8).map { _ in Int(dice.next() % 60) + 5 } }
        var spoilt = counts
        spoilt[3][2] = 2
        let hidden = shown(SmallCells(spoilt)).joined().count { $0 == nil }
        #expect(hidden == 4, "one small cell takes three others with it: \(hidden)")
    }
}
