#pragma once

namespace edgetide::app {

/// Memory holds tokens and keys, so a crash leaves no core dump, and other processes of the same
/// user cannot read it. Called first.
void forbid_core_dumps();

/// An exception that leaves the top of a thread, whosever thread it is, or a function that
/// promised none, ends the process: with a line in the log that says what it was, and exit code 1.
/// What starts it again finds every target as it was left. Called before any thread is started.
void end_on_uncaught_exceptions();

}  // namespace edgetide::app
