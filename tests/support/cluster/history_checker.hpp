#pragma once

#include "support/cluster/history.hpp"

#include <string>
#include <vector>

namespace troupe::test {

/// Something that must not have been seen.
struct history_violation {
  std::string rule; ///< `lost`, `nowhere`, `unread`, `gap`, `back`, ...
  std::string what; ///< For people, with the key and the times.
};

/// What a history breaks, rule by rule; empty: nothing. Plain code: the same
/// history gives the same answer.
///
/// `lost`: a strong read has not seen a write that was acknowledged before it
/// was asked. `unread`: nobody has read a key strongly after its last
/// acknowledged write, so that the test has not looked whether it is lost.
/// `nowhere`: a value was read that no write has brought there, or one that was
/// refused, or not with that version, or before anybody wrote it.
[[nodiscard]] std::vector<history_violation> check_writes(const history& seen);

/// `twice`: two writes of a key were given one version, or one was seen with
/// two, as if it had been applied again. `back`: of two requests to a key, one
/// behind the other, the later one has the lower version, or both are writes
/// and it is no higher; reads that are not strong count for their client alone.
/// `gap`: versions are missing for which there was no write, not even one whose
/// end is unknown.
[[nodiscard]] std::vector<history_violation>
check_versions(const history& seen);

/// `repeated`: an effect was done twice. `undone`: it was acknowledged and
/// never done. `unasked`: it was done and nobody has asked, or all who did were
/// refused.
[[nodiscard]] std::vector<history_violation> check_effects(const history& seen);

/// `overspent`: at some instant more was spent than an account's limit.
[[nodiscard]] std::vector<history_violation>
check_spending(const history& seen);

/// `two_at_once`: two tenures of a singleton had an instant in common.
/// `old_token`: a later tenure had a token that is not higher.
[[nodiscard]] std::vector<history_violation>
check_singletons(const history& seen);

/// All of them.
[[nodiscard]] std::vector<history_violation> check_history(const history& seen);

/// A line each, for a test that fails; at most 20.
[[nodiscard]] std::string
to_text(const std::vector<history_violation>& violations);

} // namespace troupe::test
