// The executable: one command line in, one exit code out. Everything else is in Commands.

internal import Commands
internal import Foundation

exit(await Thuispunt.main(Array(CommandLine.arguments.dropFirst())).rawValue)
